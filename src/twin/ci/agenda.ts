/**
 * What is to happen at which instant of the clock, and in which order when several things are due together. It knows
 * nothing of check runs; it only tells whether something that is due is still being done.
 */
import { setMaxListeners } from 'node:events'
import type { Clock } from '../clock.ts'

interface Entry {
  readonly rank: number
  readonly act: () => Promise<void>
}

/** A list of acts by instant: acts due at the same instant are done one after another, the lowest rank first. */
export class Agenda {
  readonly #clock: Clock
  readonly #due = new Map<number, Entry[]>()
  readonly #stopped = new AbortController()
  readonly #doing = new Set<Promise<void>>()

  constructor(clock: Clock) {
    this.#clock = clock
    // One listener for each instant on the list: however many there are, it is no leak.
    setMaxListeners(0, this.#stopped.signal)
  }

  /** Puts an act on the list, which must not reject; an instant that has passed already means now. */
  at(instant: number, rank: number, act: () => Promise<void>): void {
    const due = Math.max(instant, this.#clock.now())
    const entries = this.#due.get(due)
    if (entries) {
      entries.push({ rank, act })
      return
    }
    this.#due.set(due, [{ rank, act }])
    void this.#clock.sleep(due - this.#clock.now(), this.#stopped.signal).then(() => this.track(this.#perform(due)))
  }

  /** Counts a piece of work as being done until it settles. The work must not reject. */
  track(work: Promise<void>): void {
    this.#doing.add(work)
    void work.finally(() => this.#doing.delete(work))
  }

  /** True while something due is being done; what is due later does not count. */
  busy(): boolean {
    return this.#doing.size > 0
  }

  /** Resolves when nothing that is due is left undone. */
  async idle(): Promise<void> {
    while (this.#doing.size > 0) await Promise.all(this.#doing)
  }

  /** Drops all that is not due yet and waits for what is being done. */
  async stop(): Promise<void> {
    this.#due.clear()
    this.#stopped.abort()
    await this.idle()
  }

  async #perform(due: number): Promise<void> {
    const entries = this.#due.get(due) ?? []
    this.#due.delete(due)
    for (const entry of entries.sort((a, b) => a.rank - b.rank)) {
      if (this.#stopped.signal.aborted) return
      await entry.act()
    }
  }
}
