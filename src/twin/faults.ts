/**
 * What goes wrong on purpose: on the n-th call of an operation, before or after it was done, and on the way of a
 * webhook. This is the door that tests use; what is arranged here is kept in `fault-plan.ts`.
 */
export interface CallMatch {
  /** `PATCH /repos/{owner}/{repo}/git/refs/{ref}`, `graphql:<operation name>`, or an expression over them. */
  readonly operation?: string | RegExp
  /** Which matching call from now on, 1 for the next (default). */
  readonly nth?: number
  /** For how many calls from there on (default 1). */
  readonly times?: number
}

export interface DeliveryMatch {
  readonly event?: string
  readonly action?: string
  /** For how many deliveries from now on (default: all). */
  readonly times?: number
}

export interface Answered {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

export type CallAct =
  | { readonly kind: 'fail_before'; readonly answer: Answered }
  | { readonly kind: 'fail_after'; readonly answer: Answered; readonly seconds: number }
  | { readonly kind: 'hang_before' | 'hang_after' | 'hold'; readonly gate: Gate }
  | { readonly kind: 'show_late'; readonly seconds: number }

export interface Held {
  /** Lets a held or hung call go on. */
  release(): void
  /** Resolves when a call has come and waits; at once where the act is not one that waits. */
  readonly reached: Promise<void>
}

export interface Gate extends Held {
  readonly opened: Promise<void>
  reach(): void
}

export interface Faults {
  /** Arranges for the matching calls; the handle takes it back, or releases who is held. */
  next(match: CallMatch, act: CallAct): Held & { cancel(): void }
  failBefore(status: number, body?: unknown, headers?: Readonly<Record<string, string>>): CallAct
  /** Does what was asked and then answers with an error; lists may leave it out for some seconds, as with `showLate`. */
  failAfter(status: number, body?: unknown, lateSeconds?: number): CallAct
  hangBefore(): CallAct
  hangAfter(): CallAct
  /** Does what was asked and keeps the answer until released. */
  hold(): CallAct
  limit(kind: 'primary' | 'secondary', retryAfterSeconds: number): CallAct
  /** A 422 for no reason, as GitHub's ref endpoints give now and then; nothing is done. */
  spurious422(): CallAct
  /** Does what was asked, but lists leave it out for some seconds. */
  showLate(seconds: number): CallAct
  /** Refs are read as they were so many seconds ago; 0 ends it. */
  staleRefs(seconds: number): void
  readonly staleSeconds: number
  drop(match?: DeliveryMatch): void
  repeat(match: DeliveryMatch, copies: number): void
  delay(match: DeliveryMatch, ms: number): void
  /** Every delivery takes a time of its own of up to a minute. */
  reorder(): void
  /**
   * Shows the matching calls to a function: before they are done, when they are done, and when they were answered. One
   * that answers `killed` says that the caller is no more: the call is dropped there. Answers with the way to end it.
   */
  on(when: When, operation: string | RegExp, see: Observer): () => void
  /** Ends all faults and observers, and lets go who is held. */
  clear(): void
}

export type When = 'before' | 'done' | 'answered'
export type Observer = (operation: string) => void | 'killed' | Promise<void | 'killed'>
