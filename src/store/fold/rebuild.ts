/**
 * Folds the log from scratch and lays the result beside the live read models, column by column; on request the rebuilt rows
 * replace them. It trusts the log alone, and changes nothing of it.
 */

import { isDeepStrictEqual } from 'node:util'
import { and, asc, eq, getTableColumns, getTableName, gt, inArray } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { projectedWrites } from '../append/append-writes.ts'
import { storable } from '../append/storable.ts'
import type { Database } from '../connect/client.ts'
import type { Handle } from '../connect/handle.ts'
import { writeTogether } from '../connect/write-together.ts'
import { build, event, followUp, lane, pullRequest, queueEntry, repository } from '../schema.ts'
import { toEvent } from './event-rows.ts'
import { type ModelRows, rowKey } from './model-rows.ts'
import { openProjection } from './projection.ts'

export interface Difference {
  readonly table: string
  /** The row's key within its repository. */
  readonly key: string
  /** Null where the whole row is there on one side only. */
  readonly column: string | null
  readonly live: unknown
  readonly rebuilt: unknown
}

export interface Rebuilt {
  readonly repository: string
  readonly events: number
  /** How the live rows differed from the rebuilt ones; empty when they were equal. */
  readonly differences: readonly Difference[]
  readonly replaced: boolean
}

export interface RebuildOptions {
  /** Only this repository; otherwise every one. */
  readonly repository?: string
  /** Whether rebuilt rows take the place of live ones that differ. */
  readonly replace?: boolean
}

type Row = Readonly<Record<string, unknown>>

const MODELS = [
  { table: repository, within: repository.name, key: [] },
  { table: lane, within: lane.repository, key: ['target'] },
  { table: pullRequest, within: pullRequest.repository, key: ['number'] },
  { table: queueEntry, within: queueEntry.repository, key: ['target', 'pull', 'sha'] },
  { table: build, within: build.repository, key: ['target', 'build'] },
  { table: followUp, within: followUp.repository, key: ['target', 'pull'] },
] as const

const PAGE = 1000

/** Rebuilds each repository in a transaction of its own; with `replace` nobody appends to it meanwhile. */
export async function rebuild(database: Database, options: RebuildOptions = {}): Promise<Rebuilt[]> {
  const names = options.repository === undefined ? await repositories(database) : [options.repository]
  const results: Rebuilt[] = []
  for (const name of names)
    results.push(
      await (options.replace === true
        ? database.transaction((tx) => rebuildOne(tx, name, true))
        : database.transaction((tx) => rebuildOne(tx, name, false), {
            isolationLevel: 'repeatable read',
            accessMode: 'read only',
          })),
    )
  return results
}

async function repositories(database: Database): Promise<string[]> {
  const found = await database.query(async (db) => [
    ...(await db.selectDistinct({ name: event.repository }).from(event)),
    ...(await db.select({ name: repository.name }).from(repository)),
  ])
  return [...new Set(found.map(({ name }) => name))].sort()
}

async function rebuildOne(tx: Handle, name: string, replace: boolean): Promise<Rebuilt> {
  if (replace)
    await tx.select({ name: repository.name }).from(repository).where(eq(repository.name, name)).for('update')
  const { rows, events } = await fold(tx, name)
  const differences: Difference[] = []
  for (const [index, { table, within, key }] of MODELS.entries()) {
    const live: Row[] = await tx.select().from(table).where(eq(within, name))
    const keyOf = (row: Row) => rowKey(...key.map((column) => String(row[column])))
    differences.push(...compare(table, byKey(live, keyOf), byKey(rowsOf(rows, index), keyOf)))
  }
  const replaced = replace && differences.length > 0
  if (replaced) {
    for (const { table, within } of MODELS) await tx.delete(table).where(eq(within, name))
    await writeTogether(tx, projectedWrites(rows, new Map(), null))
  }
  return { repository: name, events, differences, replaced }
}

/** Folds the log of the last of these names again, in the place of whatever rows there are under any of them. */
export async function replaceModels(tx: Handle, names: readonly [string, string]): Promise<void> {
  const { rows } = await fold(tx, names[1])
  for (const { table, within } of MODELS) await tx.delete(table).where(inArray(within, [...names]))
  await writeTogether(tx, projectedWrites(rows, new Map(), null))
}

/** The read models as the log alone makes them. */
async function fold(tx: Handle, name: string): Promise<{ rows: ModelRows; events: number }> {
  // Nothing is known but what the projection has folded itself.
  const projection = openProjection(name, null, [], {
    lane: async () => null,
    pull: async () => null,
    bases: async () => [],
    from: async () => [],
    tip: async () => null,
  })
  let after = 0
  for (let events = 0; ; ) {
    const page = await tx
      .select()
      .from(event)
      .where(and(eq(event.repository, name), gt(event.position, after)))
      .orderBy(asc(event.position))
      .limit(PAGE)
    for (const row of page) await projection.apply(toEvent(row))
    events += page.length
    after = page.at(-1)?.position ?? after
    if (page.length < PAGE) return { rows: projection.changed, events }
  }
}

/** In the order of `MODELS`. */
function rowsOf(rows: ModelRows, index: number): readonly Row[] {
  const repositories = rows.repository === null ? [] : [rows.repository]
  const tables = [repositories, rows.lanes, rows.pulls, rows.entries, rows.builds, rows.followUps]
  return [...(tables[index]?.values() ?? [])]
}

const byKey = (rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row> =>
  new Map(rows.map((row) => [keyOf(row), row]))

function compare(table: PgTable, live: ReadonlyMap<string, Row>, rebuilt: ReadonlyMap<string, Row>): Difference[] {
  const name = getTableName(table)
  const columns = Object.keys(getTableColumns(table))
  return [...new Set([...live.keys(), ...rebuilt.keys()])].sort().flatMap((key): Difference[] => {
    const [left, right] = [live.get(key), rebuilt.get(key)]
    if (!left || !right) return [{ table: name, key, column: null, live: left ?? null, rebuilt: right ?? null }]
    return columns
      .filter((column) => !isDeepStrictEqual(left[column], storable(right[column])))
      .map((column) => ({ table: name, key, column, live: left[column], rebuilt: right[column] }))
  })
}
