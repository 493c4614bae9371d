/** What writes what an append has: its events, the folded rows, the leases of new lanes, what was refused, the delivery's mark. */
import { and, eq, isNull, type Placeholder, type SQL } from 'drizzle-orm'
import type { Handle } from '../connect/handle.ts'
import { NOW } from '../connect/now.ts'
import { inserts, insertsMissing } from '../connect/write-together.ts'
import type { LaneRow, ModelRows, RepositoryRow } from '../fold/model-rows.ts'
import { rowWrites } from '../fold/model-writes.ts'
import { delivery, event, lease, rejectedEvent } from '../schema.ts'
import type { Append, Appended } from './append.ts'
import { storable } from './storable.ts'

/** What writes what the projection changed; `before` are the lanes, and the repository, as they were. */
export function projectedWrites(
  changed: ModelRows,
  before: ReadonlyMap<string, LaneRow>,
  repository: RepositoryRow | null,
): SQL[] {
  const lanes = [...changed.lanes.values()]
  const rows = rowWrites(changed, {
    lanes: lanes.filter((row) => before.get(row.target)?.doc === row.doc),
    repository: repository !== null && repository.doc === changed.repository?.doc,
  })
  const made = lanes.filter((row) => !before.has(row.target))
  return [...rows, ...addLeases(made.map(({ repository, target }) => ({ repository, lane: target })))]
}

/** What adds events to the log. */
export const eventWrites = inserts(event)

/** What keeps what was refused with all that is wrong with it, so that it can be seen and counted. */
export function rejectedWrites({ repository, events }: Append, outcomes: readonly Appended[], now: Date): SQL[] {
  const refused = outcomes.flatMap((outcome, index) => {
    const event = events[index]
    if (outcome.outcome !== 'rejected' || !event) return []
    const { source, type, payload } = storable(event)
    return [{ repository, source, type, payload, diagnostics: storable(outcome.diagnostics), recorded_at: now }]
  })
  return addRejected(refused)
}

const addLeases = insertsMissing(lease, ['repository', 'lane'])
const addRejected = inserts(rejectedEvent, ['repository', 'source', 'type', 'payload', 'diagnostics', 'recorded_at'])

/** From now on a repeat of the delivery is a duplicate; it answers with the delivery where it was not one already. */
export const translatedMark = (db: Handle, id: string | Placeholder) =>
  db
    .update(delivery)
    .set({ translated_at: NOW })
    .where(and(eq(delivery.id, id), isNull(delivery.translated_at)))
    .returning({ id: delivery.id })
