/**
 * One sweep's way of reading: the log's position is taken before a request is sent, and what was read is appended as of that
 * position, so that a fact which arrived meanwhile wins. It knows nothing of what is looked at.
 */
import type { NewEvent } from '../../core/events.ts'
import type { Instant } from '../../core/ids.ts'
import type { Answer, Failure, RepositoryPort } from '../../github/port.ts'
import type { Store } from '../../store/store.ts'

export type SweepPort = Pick<
  RepositoryPort,
  | 'observePulls'
  | 'observeChecks'
  | 'observeOpenPulls'
  | 'survey'
  | 'readProtection'
  | 'readRepository'
  | 'listCommentsSince'
  | 'readIssueEvents'
  | 'readFile'
>

export interface SweepOptions {
  readonly port: SweepPort
  /** The login under which we write, `mainkeeper[bot]`. */
  readonly bot: string
  readonly store: Pick<Store, 'log' | 'models' | 'views' | 'checkpoints'>
  readonly repository: string
  readonly now: () => Instant
  /** The process began then: what it can't have heard of since is looked at once more. */
  readonly startedAt: Instant
}

export interface SweepReport {
  /** Whether it came to its end; a read that failed by the way does not hinder that. */
  readonly complete: boolean
  /** Events that were new. */
  readonly appended: number
  readonly failures: readonly { readonly what: string; readonly failure: Failure }[]
}

/** What every event of a sweep names as its source. */
export const SWEEP = 'sweep'

/** Ends a sweep early: GitHub limits us or can't be reached. */
export class LookEnded extends Error {
  override readonly name = 'LookEnded'
}

export interface Look extends SweepOptions {
  /** Reads, and appends what `facts` makes of the answer; null when the read failed, which is in the report. */
  read<T>(
    what: string,
    ask: () => Promise<Answer<T>>,
    facts: (value: T) => readonly NewEvent[] | Promise<readonly NewEvent[]>,
  ): Promise<T | null>
  report(): Omit<SweepReport, 'complete'>
}

export function createLook(options: SweepOptions): Look {
  const { store, repository } = options
  const failures: { what: string; failure: Failure }[] = []
  let appended = 0

  async function append(events: readonly NewEvent[], readAt: number): Promise<void> {
    if (events.length === 0) return
    const result = await store.log.append({ repository, events, readAt })
    if (result.ok) appended += result.outcomes.filter(({ outcome }) => outcome === 'appended').length
  }

  return {
    ...options,
    async read(what, ask, facts) {
      const readAt = await store.log.position()
      const answer = await ask()
      if (answer.ok) {
        await append(await facts(answer.value), readAt)
        return answer.value
      }
      failures.push({ what, failure: answer })
      if (answer.failure === 'limited' || answer.failure === 'unavailable') throw new LookEnded(what)
      return null
    },
    report: () => ({ appended, failures }),
  }
}
