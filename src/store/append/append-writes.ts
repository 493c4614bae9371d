/** What an append writes beside its events: the folded rows, the leases of new lanes, what was refused, the delivery's mark. */
import { and, eq, isNull } from 'drizzle-orm'
import type { Handle } from '../connect/handle.ts'
import { NOW } from '../connect/now.ts'
import type { LaneRow, ModelRows, RepositoryRow } from '../fold/model-rows.ts'
import { writeRows } from '../fold/model-writes.ts'
import { delivery, lease, rejectedEvent } from '../schema.ts'
import type { Append, Appended } from './append.ts'
import { storable } from './storable.ts'

/** Writes what the projection changed; `before` are the lanes, and the repository, as they were. */
export async function writeProjected(
  tx: Handle,
  changed: ModelRows,
  before: ReadonlyMap<string, LaneRow>,
  repository: RepositoryRow | null,
): Promise<void> {
  const lanes = [...changed.lanes.values()]
  await writeRows(tx, changed, {
    lanes: lanes.filter((row) => before.get(row.target)?.doc === row.doc),
    repository: repository !== null && repository.doc === changed.repository?.doc,
  })
  const made = lanes.filter((row) => !before.has(row.target))
  if (made.length > 0)
    await tx
      .insert(lease)
      .values(made.map(({ repository, target }) => ({ repository, lane: target })))
      .onConflictDoNothing()
}

/** Keeps what was refused with all that is wrong with it, so that it can be seen and counted. */
export async function keepRejected(
  tx: Handle,
  { repository, events }: Append,
  outcomes: readonly Appended[],
  now: Date,
): Promise<void> {
  const refused = outcomes.flatMap((outcome, index) => {
    const event = events[index]
    if (outcome.outcome !== 'rejected' || !event) return []
    const { source, type, payload } = storable(event)
    return [{ repository, source, type, payload, diagnostics: storable(outcome.diagnostics), recorded_at: now }]
  })
  if (refused.length > 0) await tx.insert(rejectedEvent).values(refused)
}

/** From now on a repeat of the delivery is a duplicate; false when it was already. */
export async function markTranslated(db: Handle, id: string): Promise<boolean> {
  const marked = await db
    .update(delivery)
    .set({ translated_at: NOW })
    .where(and(eq(delivery.id, id), isNull(delivery.translated_at)))
    .returning({ id: delivery.id })
  return marked.length > 0
}
