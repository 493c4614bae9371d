/**
 * The one way a call leaves for GitHub: limit, pace, token, fence, deadline, in this order, and whatever comes back is a
 * value. A write looks at the fence last, right before it is sent; nothing waits in between (landing.md, The fence).
 */
import type { Fence } from '../core/fence.ts'
import { failed, ok } from './answer.ts'
import type { Credentials } from './credentials.ts'
import { type Act, toFailure, unanswered } from './failure.ts'
import type { LimitStore } from './limit-store.ts'
import type { Pacer, WriteKind } from './pace.ts'
import type { Answer, Failure } from './port.ts'

/** What each request carries; spread it into the parameters of an Octokit method. */
export interface How {
  readonly headers: { readonly authorization: string; readonly 'x-github-api-version': string }
  readonly request: { readonly signal: AbortSignal; readonly redirect: 'follow' | 'manual' }
}

export interface Reply<T> {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | undefined>>
  readonly data: T
}

export type Send<T> = (how: How) => Promise<Reply<T>>

/** The calls of one installation. */
export interface Caller {
  read<T>(send: Send<T>): Promise<Answer<Reply<T>>>
  write<T>(fence: Fence, kind: WriteKind, send: Send<T>): Promise<Answer<Reply<T>>>
}

export interface CallerParts {
  readonly credentials: Pick<Credentials, 'token'>
  readonly pacer: Pacer
  readonly limits: LimitStore
  readonly now: () => number
}

export const API_VERSION = '2022-11-28'
const DEADLINE = 20_000
/** With less of the lease left than this no write is sent. */
const LEASE_FLOOR = 40_000
/** So long before the lease ends the last write is over. */
const LEASE_SPARE = 20_000

export function createCaller(installation: number, { credentials, pacer, limits, now }: CallerParts): Caller {
  const limited = async (): Promise<Failure | null> => {
    const until = await limits.get(installation)
    if (until === null || until <= now()) return null
    return { failure: 'limited', message: 'GitHub asked us to wait; the installation is not called before that', until }
  }

  const perform = async <T>(act: Act, send: Send<T>, deadline: () => number | Failure): Promise<Answer<Reply<T>>> => {
    const pause = await limited()
    if (pause) return failed(pause)
    let refused: string | undefined
    for (;;) {
      const token = await credentials.token(installation, refused)
      if (!token.ok) return noteLimit(token)
      const milliseconds = deadline()
      if (typeof milliseconds !== 'number') return failed(milliseconds)
      const outcome = await attempt(act, send, token.value, milliseconds)
      // 401 says that nothing was done. A token may have been revoked, or be younger than GitHub's replicas know.
      if (outcome !== 'refused token') return noteLimit(outcome)
      if (refused !== undefined)
        return failed({ failure: 'unavailable', message: 'GitHub does not accept a fresh installation token' })
      refused = token.value
    }
  }

  const attempt = async <T>(
    act: Act,
    send: Send<T>,
    token: string,
    milliseconds: number,
  ): Promise<Answer<Reply<T>> | 'refused token'> => {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), milliseconds)
    try {
      const reply = await send({
        headers: { authorization: `token ${token}`, 'x-github-api-version': API_VERSION },
        request: { signal: abort.signal, redirect: act === 'read' ? 'follow' : 'manual' },
      })
      return judged(act, reply)
    } catch (error) {
      if (error instanceof Error && 'status' in error && error.status === 401) return 'refused token'
      return failed(toFailure(error, act, now()))
    } finally {
      clearTimeout(timer)
    }
  }

  const noteLimit = async <T>(answer: Answer<T>): Promise<Answer<T>> => {
    if (!answer.ok && answer.failure === 'limited') await limits.set(installation, answer.until)
    return answer
  }

  return {
    read: (send) => perform('read', send, () => DEADLINE),
    write: (fence, kind, send) =>
      pacer(installation, kind, () =>
        perform('write', send, () => {
          const left = fence.left()
          if (left < LEASE_FLOOR) return { failure: 'unavailable', message: 'the lease is about to end: not sent' }
          return Math.min(DEADLINE, left - LEASE_SPARE)
        }),
      ),
  }
}

/** Octokit takes for success what no client of ours can use: a redirect that was not followed, a body that is not JSON. */
function judged<T>(act: Act, reply: Reply<T>): Answer<Reply<T>> {
  if (reply.status >= 300)
    return failed({
      failure: 'gone',
      message: `${reply.status}: the repository has moved; it was renamed or transferred`,
    })
  const json = typeof reply.data === 'object' && reply.data !== null && !(reply.data instanceof ArrayBuffer)
  if (!json && reply.status !== 204) return failed(unanswered(act, `${reply.status} with an answer that is not JSON`))
  return ok(reply)
}

/** Resolves after so many milliseconds of the machine's own time. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
