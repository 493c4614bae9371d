/**
 * Proof of who we are: installation tokens, one per installation, kept until shortly before they end. The App's own JWT,
 * and a machine clock that differs from GitHub's, are left to @octokit/auth-app. It refuses to know what a token is for.
 */
import type { Octokit } from '@octokit/rest'
import { z } from 'zod'
import type { YesNoUnknown } from '../core/events/shapes.ts'
import { failed, ok } from './answer.ts'
import { toFailure, unanswered } from './failure.ts'
import type { Answer } from './port.ts'

export interface Credentials {
  /** A token that is good for some minutes more. `refused`: one that GitHub did not take, never to be given again. */
  token(installation: number, refused?: string): Promise<Answer<string>>
  /** Whether our token may write what this permission names. */
  mayWrite(installation: number, permission: string): Promise<YesNoUnknown>
}

const SPARE = 5 * 60_000
const TIMEOUT = 20_000
/** Octokit takes a proxy's page for an answer. */
const tokenGiven = z.object({
  token: z.string(),
  expires_at: z.iso.datetime({ offset: true }),
  permissions: z.record(z.string(), z.string()).optional(),
})
/** So long a right that a token lacks is believed to be lacking still. */
const RIGHTS_BELIEVED = 60_000

interface Held {
  readonly token: string
  readonly until: number
  /** What the token may do; undefined where GitHub did not say. */
  readonly rights: Readonly<Record<string, string | undefined>> | undefined
  readonly since: number
}

/** `app` signs with the App's JWT. A token that could not be had is never `unclear`: nothing else was sent. */
export function createCredentials(app: Octokit, now: () => number): Credentials {
  const held = new Map<number, Held>()
  const asked = new Map<number, Promise<Answer<string>>>()

  const ask = async (installation: number): Promise<Answer<string>> => {
    try {
      const answer = await app.rest.apps.createInstallationAccessToken({
        installation_id: installation,
        request: { signal: AbortSignal.timeout(TIMEOUT) },
      })
      const given = tokenGiven.safeParse(answer.data)
      if (!given.success) return failed(unanswered('read', `${answer.status} with an answer that holds no token`))
      const { token, expires_at, permissions } = given.data
      const until = Date.parse(expires_at) - SPARE
      held.set(installation, { token, until, rights: permissions, since: now() })
      return ok(token)
    } catch (error) {
      return failed(toFailure(error, 'read', now()))
    } finally {
      asked.delete(installation)
    }
  }

  const token: Credentials['token'] = async (installation, refused) => {
    const known = held.get(installation)
    if (known && known.token !== refused && known.until > now()) return ok(known.token)
    const running = asked.get(installation) ?? ask(installation)
    asked.set(installation, running)
    return running
  }

  return {
    token,
    mayWrite: async (installation, permission) => {
      const known = held.get(installation)
      // What was granted meanwhile comes with a new token only.
      const old = known && known.rights?.[permission] !== 'write' && now() - known.since >= RIGHTS_BELIEVED
      const answer = await token(installation, old ? known.token : undefined)
      const rights = held.get(installation)?.rights
      if (!answer.ok || !rights) return 'unknown'
      return rights[permission] === 'write' ? 'yes' : 'no'
    },
  }
}
