/** What writes what an append has beside its events: the folded rows, the leases of new lanes, what was refused, the delivery's mark. */
import { and, eq, isNull, type Placeholder, type SQL } from 'drizzle-orm'
import type { Handle } from '../connect/handle.ts'
import { NOW } from '../connect/now.ts'
import type { LaneRow, ModelRows, RepositoryRow } from '../fold/model-rows.ts'
import { rowWrites } from '../fold/model-writes.ts'
import { delivery, lease, rejectedEvent } from '../schema.ts'
import { chunks, type Writes } from '../write-together.ts'
import type { Append, Appended } from './append.ts'
import { storable } from './storable.ts'

/** What writes what the projection changed; `before` are the lanes, and the repository, as they were. */
export function projectedWrites(
  tx: Handle,
  changed: ModelRows,
  before: ReadonlyMap<string, LaneRow>,
  repository: RepositoryRow | null,
): Writes {
  const lanes = [...changed.lanes.values()]
  const rows = rowWrites(tx, changed, {
    lanes: lanes.filter((row) => before.get(row.target)?.doc === row.doc),
    repository: repository !== null && repository.doc === changed.repository?.doc,
  })
  const made = lanes.filter((row) => !before.has(row.target))
  const leases = chunks(made).map((rows) =>
    tx
      .insert(lease)
      .values(rows.map(({ repository, target }) => ({ repository, lane: target })))
      .onConflictDoNothing()
      .getSQL(),
  )
  return [...rows, leases]
}

/** What keeps what was refused with all that is wrong with it, so that it can be seen and counted. */
export function rejectedWrites(
  tx: Handle,
  { repository, events }: Append,
  outcomes: readonly Appended[],
  now: Date,
): SQL[] {
  const refused = outcomes.flatMap((outcome, index) => {
    const event = events[index]
    if (outcome.outcome !== 'rejected' || !event) return []
    const { source, type, payload } = storable(event)
    return [{ repository, source, type, payload, diagnostics: storable(outcome.diagnostics), recorded_at: now }]
  })
  return chunks(refused).map((rows) => tx.insert(rejectedEvent).values(rows).getSQL())
}

/** From now on a repeat of the delivery is a duplicate; it answers with the delivery where it was not one already. */
export const translatedMark = (db: Handle, id: string | Placeholder) =>
  db
    .update(delivery)
    .set({ translated_at: NOW })
    .where(and(eq(delivery.id, id), isNull(delivery.translated_at)))
    .returning({ id: delivery.id })
