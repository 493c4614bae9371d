/**
 * Makes the process that calls it live by a fast clock: `Date`, the monotonic clock and the timers, for whatever is loaded
 * afterwards. It knows nothing of who lives in the process.
 */
import { type FastTime, fastNow } from './fast-time.ts'

/** The clock, the timers and the monotonic clock; what sleeps when time is moved on wakes when it is due by then. */
export function liveFast(given: FastTime): void {
  let time = given
  const realNow = Date.now.bind(Date)
  const realPerformance = performance.now.bind(performance)
  const now = (): number => fastNow(time, realNow())
  globalThis.Date = new Proxy(Date, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  })
  const start = realPerformance()
  performance.now = () => start + (realPerformance() - start) * time.rate + time.moved
  const sleeping = hastenTimers(() => time.rate, now)
  process.on('message', (moved: number) => {
    time = { ...time, moved }
    for (const [timer, { due, wake }] of sleeping)
      if (due <= now()) {
        clearTimeout(timer)
        sleeping.delete(timer)
        wake()
      }
  })
  process.channel?.unref()
}

interface Sleeping {
  readonly due: number
  readonly wake: () => void
}

function hastenTimers(rate: () => number, now: () => number): Map<NodeJS.Timeout, Sleeping> {
  const realSet = globalThis.setTimeout
  const realClear = globalThis.clearTimeout
  const sleeping = new Map<NodeJS.Timeout, Sleeping>()
  const set = (act: (...given: unknown[]) => void, ms = 0, ...given: unknown[]): NodeJS.Timeout => {
    const wake = (): void => act(...given)
    const timer = realSet(() => {
      sleeping.delete(timer)
      wake()
    }, ms / rate())
    sleeping.set(timer, { due: now() + ms, wake })
    return timer
  }
  globalThis.setTimeout = Object.assign(set, realSet)
  globalThis.clearTimeout = ((timer: NodeJS.Timeout | undefined) => {
    if (timer) sleeping.delete(timer)
    realClear(timer)
  }) as typeof clearTimeout
  return sleeping
}
