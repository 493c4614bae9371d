/** What every kind of event in the catalogue says of itself. It refuses to know any one of them. */
import type { z } from 'zod'

export type Kind = 'occurrence' | 'observation' | 'decision' | 'outcome'
export type Level = 'debug' | 'info' | 'notice' | 'warning'
/** What a notification thread about one subject does when the event arrives. */
export type Lifecycle = 'opens' | 'updates' | 'resolves'

export interface Definition<S extends z.ZodType> {
  readonly kind: Kind
  readonly payload: S
  /** `domain.software-development.` + this. */
  readonly taxonomy: string
  readonly level: Level
  readonly lifecycle?: Lifecycle
  /** One sentence for `docs/events.md`. */
  readonly meaning: string
  /** Occurrences: what happened, by the id that GitHub or our CLI gave it. Observations: the thing whose state it is. */
  readonly identity?: (payload: z.infer<S>) => string
  /** Observations: the payload's fields that are left out when two states of the thing are compared. */
  readonly outside?: readonly (keyof z.infer<S> & string)[]
  /** Observations: GitHub's own order of two states; lower than the recorded one means stale. Absent: the log's order. */
  readonly order?: (payload: z.infer<S>) => readonly (number | string)[]
}

/** Gives an entry of the catalogue its types. */
export const define = <S extends z.ZodType>(definition: Definition<S>): Definition<S> => definition
