/** The order of the queue: one comparator, its tie-breaks numbered. It knows nothing of builds or readiness. */
import type { Entry, Lane } from './lane.ts'

export function before(a: Entry, b: Entry): number {
  // 1. Whoever goes in front of what is being built.
  if (a.interrupt !== b.interrupt) return a.interrupt ? -1 : 1
  // 2. The higher priority.
  if (a.priority !== b.priority) return b.priority - a.priority
  // 3. The earlier place: the log position at which this declaration was first queued.
  if (a.place !== b.place) return a.place - b.place
  // 4. The lower number; places are unique but for a log that was merged by hand.
  return a.pull - b.pull
}

/** Everything that waits or is being tested, in order. */
export const inOrder = (lane: Lane): Entry[] => Object.values(lane.entries).sort(before)
