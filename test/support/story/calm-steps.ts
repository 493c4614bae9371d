/** Virtual time that moves only while nobody is at work: each step wakes one sleeper, and waits until all are calm again. */
import type { CiHandle } from '../../../src/twin/ci/ci.ts'
import type { VirtualClock } from '../../../src/twin/clock.ts'
import type { Twin } from '../../../src/twin/twin.ts'

export interface CalmSteps {
  /** Waits until nobody is at work, time standing still. */
  readonly quiet: () => Promise<void>
  /** To the next sleeper's moment, and that one is woken. False when there is none before `end`. */
  readonly step: (end: number) => Promise<boolean>
  /** Does everything that is due within the minutes, and moves time to their end. */
  readonly pass: (minutes: number) => Promise<void>
}

/** `busy`: whoever else works, besides GitHub and CI. */
export function calmSteps(clock: VirtualClock, twin: Twin, ci: CiHandle, busy: () => boolean): CalmSteps {
  const atWork = (): boolean => twin.busy() || ci.busy() || busy()
  async function quiet(): Promise<void> {
    for (let calm = 0; calm < 3; calm = atWork() ? 0 : calm + 1) {
      if (twin.busy()) await twin.idle()
      if (ci.busy()) await ci.idle()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  async function step(end: number): Promise<boolean> {
    const due = clock.nextDue()
    if (due === undefined || due > end) return false
    clock.wakeNext()
    await quiet()
    return true
  }
  async function pass(minutes: number): Promise<void> {
    const end = clock.now() + minutes * 60_000
    await quiet()
    while (await step(end)) {}
    clock.moveTo(end)
  }
  return { quiet, step, pass }
}
