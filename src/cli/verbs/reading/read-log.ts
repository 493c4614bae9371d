/** The log from one position on, page by page, so that a long one is never held whole. */
import type { LoggedEvent } from '../../../core/events.ts'
import type { EventFilter, Models } from '../../../store/read-models.ts'

const PAGE = 1000

/** Every event that the filter lets through, oldest first. */
export async function* readLog(models: Models, filter: Omit<EventFilter, 'limit'> = {}): AsyncGenerator<LoggedEvent> {
  let after = filter.after ?? 0
  for (;;) {
    const page = await models.eventsOf({ ...filter, after, limit: PAGE })
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = last.position
  }
}
