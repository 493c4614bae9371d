/** What an append asks of the log, and what the log answers. Types alone. */
import type { LoggedEvent, NewEvent } from '../../core/events.ts'
import type { Fence } from '../../core/fence.ts'

export interface Append {
  readonly repository: string
  readonly events: readonly NewEvent[]
  /**
   * The log's position before the read's request was sent: an observation whose thing has a newer fact is stale, and with it
   * the `lane_observed` that would vouch for it.
   */
  readonly readAt?: number
  readonly fence?: Fence
  /** The lane's version that a decision was judged at. */
  readonly atPosition?: number
  readonly basedOn?: number
  /** The delivery that these events are all of: it counts as translated when, and only when, they are appended. */
  readonly delivery?: string
}

export type Appended =
  | { readonly outcome: 'appended'; readonly event: LoggedEvent }
  | { readonly outcome: 'duplicate'; readonly key: string }
  | { readonly outcome: 'rejected'; readonly diagnostics: readonly string[] }
  | { readonly outcome: 'stale'; readonly newer: number }

export type AppendResult =
  | {
      readonly ok: true
      /** One for each event, in their order. */
      readonly outcomes: readonly Appended[]
      /** The lanes that were touched. */
      readonly lanes: readonly string[]
      /** The repository's last log position; 0 before its first event. */
      readonly position: number
    }
  | { readonly ok: false; readonly why: 'fenced' | 'lane_moved' }
