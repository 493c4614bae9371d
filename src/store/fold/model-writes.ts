/** What writes changed read-model rows, each whole, by its key. It knows the tables and not how a row came about. */
import { and, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Handle } from '../connect/handle.ts'
import { build, followUp, lane, pullRequest, queueEntry, repository } from '../schema.ts'
import { chunks, type Writes } from '../write-together.ts'
import type { LaneRow, ModelRows, RepositoryRow } from './model-rows.ts'

/** Rows whose document is as it was, so that a large one is not written again for a small event. */
export interface PositionOnly {
  readonly lanes: readonly LaneRow[]
  readonly repository: boolean
}

/** What writes the rows, each whole but for those of which only the position changed; for `writeTogether`. */
export function rowWrites(tx: Handle, rows: ModelRows, positionOnly: PositionOnly): Writes {
  const moved = positionOnly.lanes.map(({ repository: name, target, position }) =>
    tx
      .update(lane)
      .set({ position })
      .where(and(eq(lane.repository, name), eq(lane.target, target)))
      .getSQL(),
  )
  const whole = [...rows.lanes.values()].filter((row) => !positionOnly.lanes.includes(row))
  return [
    ...moved.map((write) => [write]),
    repositoryWrite(tx, rows.repository, positionOnly.repository),
    upserts(tx, lane, whole, [lane.repository, lane.target]),
    upserts(tx, pullRequest, [...rows.pulls.values()], [pullRequest.repository, pullRequest.number]),
    upserts(
      tx,
      queueEntry,
      [...rows.entries.values()],
      [queueEntry.repository, queueEntry.target, queueEntry.pull, queueEntry.sha],
    ),
    upserts(tx, build, [...rows.builds.values()], [build.repository, build.target, build.build]),
    upserts(tx, followUp, [...rows.followUps.values()], [followUp.repository, followUp.target, followUp.pull]),
  ]
}

function repositoryWrite(tx: Handle, row: RepositoryRow | null, positionOnly: boolean): SQL[] {
  if (row === null) return []
  if (!positionOnly) return upserts(tx, repository, [row], [repository.name])
  const { name, position } = row
  return [tx.update(repository).set({ position }).where(eq(repository.name, name)).getSQL()]
}

function upserts<T extends PgTable>(
  tx: Handle,
  table: T,
  rows: readonly T['$inferInsert'][],
  key: readonly T['_']['columns'][string][],
): SQL[] {
  const columns = Object.entries(getTableColumns(table))
  const set = Object.fromEntries(columns.map(([field, column]) => [field, sql.raw(`excluded."${column.name}"`)]))
  return chunks(rows).map((chunk) =>
    tx
      .insert(table)
      .values([...chunk])
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every column, by the table's own names
      .onConflictDoUpdate({ target: [...key], set: set as never })
      .getSQL(),
  )
}
