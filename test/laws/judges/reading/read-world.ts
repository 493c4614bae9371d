/** What the judges of the laws read of the log. It judges nothing. */
import type { EventType, LoggedEvent } from '../../../../src/core/events.ts'
import type { Lane } from '../../../../src/core/queue/lane.ts'
import type { Target } from '../../play/history.ts'
import { REPOSITORY, type World } from '../../play/world.ts'

export async function logOf({ store }: World): Promise<readonly LoggedEvent[]> {
  return store.models.eventsOf({ repository: REPOSITORY, after: 0, limit: 100_000 })
}

export async function eventsOf<T extends EventType>(world: World, type: T): Promise<readonly LoggedEvent<T>[]> {
  return (await logOf(world)).filter((event): event is LoggedEvent<T> & LoggedEvent => event.type === type)
}

/** The lanes of the targets; one of which nothing was ever heard has none. */
export async function lanesOf({ store, targets }: World): Promise<(Lane & { readonly target: Target })[]> {
  const lanes = await store.models.lanes(REPOSITORY)
  return targets.flatMap((target) => {
    const found = lanes.find((lane) => lane.target === target)
    return found ? [{ ...found.doc, target }] : []
  })
}
