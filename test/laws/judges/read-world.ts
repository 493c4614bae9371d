/** What the judges of the laws read of the log. It judges nothing. */
import type { EventType, LoggedEvent } from '../../../src/core/events.ts'
import type { Lane } from '../../../src/core/queue/lane.ts'
import { REPOSITORY, type World } from '../play/world.ts'

export async function logOf({ store }: World): Promise<readonly LoggedEvent[]> {
  return store.models.eventsOf({ repository: REPOSITORY, after: 0, limit: 100_000 })
}

export async function eventsOf<T extends EventType>(world: World, type: T): Promise<readonly LoggedEvent<T>[]> {
  return (await logOf(world)).filter((event): event is LoggedEvent<T> & LoggedEvent => event.type === type)
}

/** The lane of the target; null when the log knows of none. */
export async function laneOf({ store }: World): Promise<Lane | null> {
  const lanes = await store.models.lanes(REPOSITORY)
  return lanes.find(({ target }) => target === 'main')?.doc ?? null
}
