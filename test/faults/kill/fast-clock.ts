/** The twin's clock in a replay: fast, and movable, in step with the app's process and its database. It knows neither. */

import type { Clock } from '../../../src/twin/clock.ts'
import { type FastTime, fastNow } from '../../support/process/fast-time.ts'

export interface FastClock extends Clock {
  readonly time: () => FastTime
  /** Moves time on by so many milliseconds; whoever is due by then is woken. */
  move(ms: number): void
}

export function createFastClock(rate: number): FastClock {
  let time: FastTime = { began: Date.now(), rate, moved: 0 }
  const sleeping = new Set<{ readonly due: number; readonly wake: () => void }>()
  const now = (): number => fastNow(time, Date.now())
  return {
    now,
    time: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const timer = setTimeout(wake, Math.max(0, ms) / rate)
        const sleeper = { due: now() + ms, wake }
        sleeping.add(sleeper)
        signal?.addEventListener('abort', wake)
        function wake() {
          clearTimeout(timer)
          sleeping.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
      }),
    move: (ms) => {
      time = { ...time, moved: time.moved + ms }
      for (const sleeper of sleeping) if (sleeper.due <= now()) sleeper.wake()
    },
  }
}
