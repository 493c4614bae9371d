/** A try as a lane keeps it, from the request until its end was told. What becomes of it is in `rules/builds/tries.ts`. */
import type { PayloadOf } from '../events.ts'

/** Something that is built and never lands. */
export interface Try extends PayloadOf<'try_requested'> {
  readonly position: number
  /** The build that is made of it; null while it waits for a free slot. */
  readonly build: string | null
  /** What is still to be said of how it ended; null while it goes on. */
  readonly ended: string | null
}

interface Tries {
  readonly tries: Readonly<Record<string, Try>>
}

/** The try of a pull request that goes on. */
export const tryOf = ({ tries }: Tries, pull: number): Try | undefined =>
  Object.values(tries).find((one) => one.pull === pull && one.ended === null)

/** Those of which no build is made yet, oldest first. */
export const waitingTries = ({ tries }: Tries): Try[] =>
  Object.values(tries)
    .filter(({ build, ended }) => build === null && ended === null)
    .sort((a, b) => a.position - b.position)
