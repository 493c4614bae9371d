/**
 * Counts what is at work, and lets it sleep in a way that can be cut short. It exists so that a stop can wait for the step
 * under way, and so that virtual time moves only when nobody works.
 */
export interface Sleeper {
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Activity {
  /** Runs work that counts as busy until it ends or parks. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Sleeps without counting as busy; `wake` of the same name ends it early, and then the answer is true. */
  park(name: string, ms: number): Promise<boolean>
  /** Ends the sleep of that name; a wake while nobody sleeps there is kept for the next park. */
  wake(name: string): void
  busy(): boolean
}

export function trackActivity(clock: Sleeper): Activity {
  let active = 0
  const sleeping = new Map<string, AbortController>()
  const pending = new Set<string>()
  return {
    async run(work) {
      active++
      try {
        return await work()
      } finally {
        active--
      }
    },
    async park(name, ms) {
      if (pending.delete(name)) return true
      const controller = new AbortController()
      sleeping.set(name, controller)
      active--
      await clock.sleep(ms, controller.signal)
      // A wake has counted us as busy already, so that nothing may think all is quiet in between.
      if (!controller.signal.aborted) active++
      if (sleeping.get(name) === controller) sleeping.delete(name)
      return controller.signal.aborted
    },
    wake(name) {
      const controller = sleeping.get(name)
      if (!controller) {
        pending.add(name)
        return
      }
      if (controller.signal.aborted) return
      active++
      controller.abort()
    },
    busy: () => active > 0,
  }
}
