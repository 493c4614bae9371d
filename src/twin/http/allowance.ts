/**
 * The primary rate limit of each installation: how much of the hour's allowance is used, on the clock of the twin. It
 * counts; the server refuses.
 */
import type { Clock } from '../clock.ts'

const HOUR = 3_600_000

export interface Allowed {
  readonly limit: number
  readonly used: number
  readonly remaining: number
  /** Seconds since the epoch. */
  readonly reset: number
}

/** The allowances of one resource, `core` or `graphql`, by caller. */
export class Allowance {
  readonly #clock: Clock
  readonly #limit: number
  readonly #used = new Map<string, { from: number; used: number }>()

  constructor(clock: Clock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  /** Uses some of it (0: only reads), and tells what is left. */
  use(caller: string, amount: number): Allowed {
    const now = this.#clock.now()
    const known = this.#used.get(caller)
    const window = known && now < known.from + HOUR ? known : { from: now, used: 0 }
    window.used += amount
    this.#used.set(caller, window)
    return {
      limit: this.#limit,
      used: window.used,
      remaining: Math.max(0, this.#limit - window.used),
      reset: Math.ceil((window.from + HOUR) / 1000),
    }
  }
}
