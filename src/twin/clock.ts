/**
 * Time as the twin and the tests see it: a system clock for the demo, a virtual one for everything that must be
 * repeatable. It knows nothing of what sleeps on it.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves `ms` later, or at once when the signal aborts (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const timer = setTimeout(done, Math.min(ms, 2_147_483_647))
      function done() {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      signal?.addEventListener('abort', done)
    }),
}

interface Sleeper {
  readonly due: number
  readonly sequence: number
  readonly wake: () => void
}

/** A clock that moves only when told. Sleepers due at the same instant wake in the order in which they lay down. */
export class VirtualClock implements Clock {
  #now: number
  #sequence = 0
  #sleepers: Sleeper[] = []

  constructor(start = Date.UTC(2026, 0, 5, 9)) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const sleeper: Sleeper = { due: this.#now + Math.max(0, ms), sequence: this.#sequence++, wake }
      const sleepers = () => this.#sleepers
      function wake() {
        const index = sleepers().indexOf(sleeper)
        if (index >= 0) sleepers().splice(index, 1)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      signal?.addEventListener('abort', wake)
      this.#sleepers.push(sleeper)
    })
  }

  /** The instant at which the next sleeper is due; undefined when nobody sleeps. */
  nextDue(): number | undefined {
    return this.#next()?.due
  }

  /** Moves to the next sleeper's instant and wakes that one sleeper only. False when nobody sleeps. */
  wakeNext(): boolean {
    const next = this.#next()
    if (!next) return false
    this.#now = Math.max(this.#now, next.due)
    next.wake()
    return true
  }

  /** Moves without waking anybody who is due later than `instant`. */
  moveTo(instant: number): void {
    this.#now = Math.max(this.#now, instant)
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined
    for (const sleeper of this.#sleepers)
      if (!next || sleeper.due < next.due || (sleeper.due === next.due && sleeper.sequence < next.sequence))
        next = sleeper
    return next
  }
}
