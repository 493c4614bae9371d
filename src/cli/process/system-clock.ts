/** Time as a running process has it: the machine's clock, and sleep that a signal can cut short. It knows nothing of what sleeps. */
import type { Sleeper } from '../../lane/activity.ts'

/** Timers take no more than a signed 32-bit count of milliseconds. */
const LONGEST = 2_147_483_647

export const systemClock: Sleeper & { now(): number } = {
  now: () => Date.now(),
  /** Resolves `ms` later, or at once when the signal aborts; never rejects. */
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const timer = setTimeout(done, Math.min(Math.max(0, ms), LONGEST))
      function done() {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      signal?.addEventListener('abort', done)
    }),
}
