/**
 * What an error of Octokit, of the network or of a GraphQL body means, as the port's `Failure`. GitHub's status alone does
 * not tell: 403, 409 and 422 each have several meanings, told apart by their message. It knows no operation.
 */
import { z } from 'zod'
import type { Failure } from './port.ts'

/** A read may be repeated; a write that was sent and not answered may have been done. */
export type Act = 'read' | 'write'

type Headers = Readonly<Record<string, string | number | undefined>>

export interface GraphqlError {
  readonly type?: string | undefined
  readonly message: string
  readonly path?: readonly (string | number)[] | undefined
  readonly extensions?: { readonly code?: string | undefined } | undefined
}

/** A GraphQL answer that refuses: HTTP says 200, the body says `errors`. */
export class GraphqlRefusal extends Error {
  readonly errors: readonly GraphqlError[]
  readonly headers: Headers

  constructor(errors: readonly GraphqlError[], headers: Headers) {
    super(errors.map((error) => error.message).join('; '))
    this.name = 'GraphqlRefusal'
    this.errors = errors
    this.headers = headers
  }
}

interface HttpError extends Error {
  readonly status: number
  readonly response?: { readonly status: number; readonly headers: Headers; readonly data: unknown }
}

const word = z.string().optional().catch(undefined)
const reason = z.union([z.string(), z.object({ message: word, resource: word, field: word, code: word })])
const refusalBody = z.object({
  message: z.string().optional(),
  errors: z
    .union([reason, z.array(reason)])
    .optional()
    .catch(undefined),
})

const MESSAGE_LIMIT = 2000
/** GitHub asks for a minute where a secondary limit comes without `retry-after`. */
const SECONDARY_PAUSE = 60_000

const PROTECTION =
  /protected (branch|ref)|required status check|rule violations|changes must be made through|not authorized to push|approving review|verified signature|linear history|merge queue|must not contain merge commits|branch is locked/i
const WORKFLOWS = /without [`'"]?workflows?[`'"]? (permission|scope)/i
const INTEGRATION =
  /resource not accessible|must have admin rights|installation has been suspended|insufficient (scopes|permission)/i
const MOVED =
  /not a fast.?forward|already exists|but expected|expected .{0,60} but|head branch was modified|base branch was modified|stale|reference (does not exist|cannot be updated|update failed)/i
const SLOW_DOWN = /rate limit|abuse detection|submitted too quickly/i
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** The failure that an error of a call stands for; what is no answer of GitHub or of the network is thrown again. */
export function toFailure(error: unknown, act: Act, now: number): Failure {
  if (error instanceof GraphqlRefusal) return fromGraphql(error, act, now)
  if (!isHttpError(error)) throw error
  if (!error.response) return fromNetwork(error, act)
  return fromStatus(error.response.status, error.response.headers, textOf(error.response.data), act, now)
}

/** Nobody can tell whether a write that got no answer was done; a read simply was not answered. */
export const unanswered = (act: Act, message: string): Failure =>
  act === 'read' ? { failure: 'unavailable', message: cut(message) } : { failure: 'unclear', message: cut(message) }

function fromStatus(status: number, headers: Headers, text: string, act: Act, now: number): Failure {
  const message = cut(text)
  if (status >= 500) return unanswered(act, `${status}: ${message}`)
  const limited = limitOf(status, headers, message, now)
  if (limited) return limited
  if (WORKFLOWS.test(message) || INTEGRATION.test(message)) return { failure: 'forbidden', message }
  if (PROTECTION.test(message)) return { failure: 'refused', message }
  switch (status) {
    case 401:
      return { failure: 'forbidden', message: `GitHub does not accept our credentials: ${message}` }
    case 403:
      return { failure: 'forbidden', message }
    // The merge of a pull request alone says so, for whatever reason it may not be merged now.
    case 405:
      return MOVED.test(message) ? { failure: 'moved', message } : { failure: 'refused', message }
    case 404:
      return { failure: 'gone', message: `${message} (404: it is not there, or we may not see it)` }
    case 409:
      if (/merge conflict/i.test(message)) return { failure: 'conflict', message, files: [] }
      return MOVED.test(message) ? { failure: 'moved', message } : { failure: 'refused', message }
    case 410:
      return /disabled/i.test(message) ? { failure: 'refused', message } : { failure: 'gone', message }
    case 408:
    case 425:
      return unanswered(act, `${status}: ${message}`)
    case 422:
      if (/(reference|object) does not exist/i.test(message)) return { failure: 'gone', message }
      return MOVED.test(message) ? { failure: 'moved', message } : { failure: 'refused', message }
    default:
      return { failure: 'refused', message: `${status}: ${message}` }
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: 403 and 429 alike, headers first. */
function limitOf(status: number, headers: Headers, message: string, now: number): Failure | null {
  const exhausted = String(headers['x-ratelimit-remaining'] ?? '') === '0'
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN)
  const slowDown = SLOW_DOWN.test(message)
  const told = status === 403 && (slowDown || exhausted || Number.isFinite(retryAfter))
  if (status !== 429 && !told && !(status === 422 && slowDown)) return null
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN)
  if (Number.isFinite(retryAfter)) return { failure: 'limited', message, until: now + retryAfter * 1000 }
  if (exhausted && Number.isFinite(reset))
    return { failure: 'limited', message, until: Math.max(reset * 1000, now + 1000) }
  return { failure: 'limited', message, until: now + SECONDARY_PAUSE }
}

/** Whether an error is about how much was asked, and not about what. */
export const isLimit = ({ type = '', message }: GraphqlError): boolean =>
  type === 'RATE_LIMITED' || type === 'RATE_LIMIT' || SLOW_DOWN.test(message)

function fromGraphql(refusal: GraphqlRefusal, act: Act, now: number): Failure {
  const message = cut(refusal.message)
  const types = new Set(refusal.errors.map((error) => error.type ?? ''))
  const has = (...names: string[]): boolean => names.some((name) => types.has(name))
  if (refusal.errors.some(isLimit)) {
    const limited = limitOf(429, refusal.headers, message, now)
    if (limited) return limited
  }
  if (has('FORBIDDEN', 'INSUFFICIENT_SCOPES') || WORKFLOWS.test(message) || INTEGRATION.test(message))
    return { failure: 'forbidden', message }
  if (PROTECTION.test(message)) return { failure: 'refused', message }
  if (has('STALE_DATA') || MOVED.test(message)) return { failure: 'moved', message }
  if (has('NOT_FOUND') || /could not resolve to/i.test(message)) return { failure: 'gone', message }
  if (has('SERVICE_UNAVAILABLE', 'INTERNAL', 'TIMEOUT', 'LOADING') || /something went wrong|timed? ?out/i.test(message))
    return unanswered(act, message)
  // Words that name no reason are no judgement: GitHub, or what stands before it, is at a loss.
  const judged = refusal.errors.every((error) => error.type !== undefined || error.extensions?.code !== undefined)
  return judged ? { failure: 'refused', message } : unanswered(act, message)
}

function fromNetwork(error: HttpError, act: Act): Failure {
  const codes = causesOf(error)
  const neverSent = codes.some((code) => NEVER_SENT.has(code))
  const reason = isAbort(error) ? 'no answer in time' : (codes[0] ?? error.message)
  return unanswered(neverSent ? 'read' : act, `GitHub could not be heard: ${reason}`)
}

/** The error codes of an error and its causes: fetch wraps the socket's error twice. */
function causesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  return [...code, ...causesOf(error.cause)]
}

const isAbort = (error: Error): boolean =>
  error.name === 'AbortError' || (error.cause instanceof Error && /^(Abort|Timeout)Error$/.test(error.cause.name))

const isHttpError = (error: unknown): error is HttpError =>
  error instanceof Error && 'status' in error && typeof error.status === 'number'

/** GitHub's message and, where it lists them, the reasons behind it. */
function textOf(data: unknown): string {
  const body = refusalBody.safeParse(data)
  if (!body.success) return 'an answer that is not JSON'
  const { message = '', errors = [] } = body.data
  const reasons = (Array.isArray(errors) ? errors : [errors]).map((error) =>
    typeof error === 'string'
      ? error
      : (error.message ?? [error.resource, error.field, error.code].filter(Boolean).join(' ')),
  )
  return [message.trim(), ...reasons].filter((part) => part !== '').join(': ')
}

const cut = (message: string): string => message.slice(0, MESSAGE_LIMIT)
