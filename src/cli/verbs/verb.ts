/**
 * What a verb is: a question that can be sent to another process, a query that gives answers as plain data, and words for
 * them. A query knows no terminal and the words know no store, so that either may run in another process than the other.
 */
import type { z } from 'zod'
import type { Instant } from '../../core/ids.ts'
import type { Store } from '../../store/store.ts'
import type { ExitCode } from '../exit-codes.ts'

/** What a query works with, in the process that has the store open. */
export interface Desk {
  readonly store: Store
  readonly now: () => Instant
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  readonly sleep: (ms: number) => Promise<void>
  /** Says how far long work has come. */
  readonly progress: (words: string) => void
  /** Whether other processes can write to the log while the query runs. */
  readonly shared: boolean
}

export interface Verb<Q = unknown, R = unknown> {
  readonly name: string
  readonly question: z.ZodType<Q>
  /** One answer, or one after the other as they come; throws a `Refusal`. */
  readonly query: (desk: Desk, question: Q) => AsyncIterable<R>
  readonly render: (answer: R) => string
  /** What `--json` prints of it, each on a line of its own. */
  readonly items: (answer: R) => readonly unknown[]
  /** What the process ends with after this answer. */
  readonly exit: (answer: R) => ExitCode
}
