/** Writes changed read-model rows, each whole, by its key. It knows the tables and not how a row came about. */
import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Handle } from '../connect/handle.ts'
import { build, followUp, lane, pullRequest, queueEntry, repository } from '../schema.ts'
import type { LaneRow, ModelRows } from './model-rows.ts'

/** Statements hold at most 65,535 parameters. */
const CHUNK = 1000

export function chunks<T>(items: readonly T[], size = CHUNK): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

/** Rows whose document is as it was, so that a large one is not written again for a small event. */
export interface PositionOnly {
  readonly lanes: readonly LaneRow[]
  readonly repository: boolean
}

/** Writes the rows, each whole but for those of which only the position changed. */
export async function writeRows(tx: Handle, rows: ModelRows, positionOnly: PositionOnly): Promise<void> {
  for (const { repository: name, target, position } of positionOnly.lanes)
    await tx
      .update(lane)
      .set({ position })
      .where(and(eq(lane.repository, name), eq(lane.target, target)))
  const whole = [...rows.lanes.values()].filter((row) => !positionOnly.lanes.includes(row))
  const row = rows.repository
  if (row && positionOnly.repository)
    await tx.update(repository).set({ position: row.position }).where(eq(repository.name, row.name))
  else if (row) await upsert(tx, repository, [row], [repository.name])
  await upsert(tx, lane, whole, [lane.repository, lane.target])
  await upsert(tx, pullRequest, [...rows.pulls.values()], [pullRequest.repository, pullRequest.number])
  await upsert(
    tx,
    queueEntry,
    [...rows.entries.values()],
    [queueEntry.repository, queueEntry.target, queueEntry.pull, queueEntry.sha],
  )
  await upsert(tx, build, [...rows.builds.values()], [build.repository, build.target, build.build])
  await upsert(tx, followUp, [...rows.followUps.values()], [followUp.repository, followUp.target, followUp.pull])
}

async function upsert<T extends PgTable>(
  tx: Handle,
  table: T,
  rows: readonly T['$inferInsert'][],
  key: readonly T['_']['columns'][string][],
): Promise<void> {
  const columns = Object.entries(getTableColumns(table))
  const set = Object.fromEntries(columns.map(([field, column]) => [field, sql.raw(`excluded."${column.name}"`)]))
  for (const chunk of chunks(rows))
    await tx
      .insert(table)
      .values([...chunk])
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every column, by the table's own names
      .onConflictDoUpdate({ target: [...key], set: set as never })
}
