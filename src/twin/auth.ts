/**
 * Who a request comes from: the App by a signed JWT, or one of its installations by a token that it was given. It
 * knows nothing of what either may do, save a token's own rights.
 */
import { createHash, generateKeyPairSync, verify } from 'node:crypto'
import { Problem } from './problem.ts'
import type { Installation, Repo, Rights } from './state.ts'
import type { World } from './world.ts'

export interface Token {
  readonly value: string
  readonly installation: Installation
  readonly rights: Rights
  /** Undefined: all of the installation's. */
  readonly repositories: ReadonlySet<Repo> | undefined
  readonly expiresAt: number
  readonly expiresAtOnTheWall: number
  revoked: boolean
}

export type Caller = { readonly kind: 'app' } | { readonly kind: 'installation'; readonly token: Token }

const SKEW_MS = 60_000

/** One key pair for all twins of a process, and a short one: it guards nothing, and a long one takes a part of a second to find. */
let keys: { publicKey: string; privateKey: string } | undefined

export function appKeys(): { publicKey: string; privateKey: string } {
  keys ??= generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return keys
}

/** The tokens that were given out, and the check of those and of JWTs. */
export class Doorkeeper {
  readonly #world: World
  readonly #tokens = new Map<string, Token>()

  constructor(world: World) {
    this.#world = world
  }

  /** A new token of an installation, for an hour. */
  giveToken(installation: Installation, rights: Rights, repositories: ReadonlySet<Repo> | undefined): Token {
    const chance = `${this.#world.seed} ${this.#tokens.size} ${installation.id}`
    const token: Token = {
      value: `ghs_${createHash('sha256').update(chance).digest('base64url').replace(/[-_]/g, 'x').slice(0, 36)}`,
      installation,
      rights,
      repositories,
      expiresAt: this.#world.now() + 3_600_000,
      expiresAtOnTheWall: Date.now() + 3_600_000,
      revoked: false,
    }
    this.#tokens.set(token.value, token)
    return token
  }

  /** Makes every token given so far worthless. */
  revokeTokens(): void {
    for (const token of this.#tokens.values()) token.revoked = true
  }

  /** The caller of a request; 401 for a token or JWT that is not good, undefined for none at all. */
  callerOf(authorization: string | undefined): Caller | undefined {
    const [scheme = '', value = ''] = (authorization ?? '').split(' ')
    if (scheme === '' && value === '') return undefined
    if (/^basic$/i.test(scheme)) return this.callerOf(`token ${Buffer.from(value, 'base64').toString().split(':')[1]}`)
    if (!/^(bearer|token)$/i.test(scheme)) throw badCredentials()
    if (value.split('.').length === 3) {
      this.#checkJwt(value)
      return { kind: 'app' }
    }
    const token = this.#tokens.get(value)
    // Whoever keeps wall time is right as well: an App under test may cache its token by its own clock.
    const expired = token && token.expiresAt <= this.#world.now() && token.expiresAtOnTheWall <= Date.now()
    if (!token || token.revoked || expired) throw badCredentials()
    if (token.installation.suspended) throw new Problem(403, 'This installation has been suspended')
    return { kind: 'installation', token }
  }

  #checkJwt(jwt: string): void {
    const [head = '', claims = '', signature = ''] = jwt.split('.')
    const { iss, iat, exp } = readClaims(claims)
    if (readClaims(head).alg !== 'RS256') throw new Problem(401, 'A JSON web token could not be decoded')
    if (
      !verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), appKeys().publicKey, Buffer.from(signature, 'base64url'))
    )
      throw new Problem(401, 'A JSON web token could not be decoded')
    if (String(iss) !== String(this.#world.app.id)) throw new Problem(401, 'Integration not found')
    const issued = Number(iat) * 1000
    const expires = Number(exp) * 1000
    if (expires - issued > 660_000 + SKEW_MS)
      throw new Problem(401, "'Expiration time' claim ('exp') is too far in the future")
    const isGood = (now: number) => issued <= now + SKEW_MS && expires >= now - SKEW_MS
    if (!isGood(this.#world.now()) && !isGood(Date.now()))
      throw new Problem(
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      )
  }
}

const badCredentials = (): Problem => new Problem(401, 'Bad credentials')

function readClaims(part: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    throw new Problem(401, 'A JSON web token could not be decoded')
  }
}
