/**
 * Carries out several writes of a transaction as one statement: each statement is a round trip, and one that waits for the
 * database is one that keeps a repository's row. Rows are given as JSON, so a statement's text says which tables are written
 * and not how many rows: the database knows it from before. It knows no table.
 */
import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Handle } from './handle.ts'

/** Carries out the writes, of which no two write the same row: nothing is said about which would come first. */
export async function writeTogether(tx: Handle, writes: readonly SQL[]): Promise<void> {
  if (writes.length === 0) return
  const named = writes.map((write, index) => sql`${sql.raw(`write_${index}`)} as (${write})`)
  await tx.execute(sql`with ${sql.join(named, sql`, `)} select`)
}

/** What writes the rows, however many; nothing where there are none. */
export type WriteOf<T extends PgTable> = (rows: readonly T['$inferInsert'][]) => SQL[]

type Column<T extends PgTable> = keyof T['$inferInsert'] & string

/** Adds rows, of which the other columns get their defaults. */
export const inserts = <T extends PgTable>(table: T, columns: readonly Column<T>[] = columnsOf(table)): WriteOf<T> =>
  writeOf(table, columns, '')

/** Adds rows that are not there yet, by their key. */
export const insertsMissing = <T extends PgTable>(table: T, columns: readonly Column<T>[]): WriteOf<T> =>
  writeOf(table, columns, ' on conflict do nothing')

/** Writes rows over those of the same key, each whole. */
export function upserts<T extends PgTable>(table: T, key: readonly Column<T>[]): WriteOf<T> {
  const columns = columnsOf(table)
  const set = columns.map((column) => `"${column}" = excluded."${column}"`)
  return writeOf(table, columns, ` on conflict (${list(key)}) do update set ${set.join(', ')}`)
}

function writeOf<T extends PgTable>(table: T, columns: readonly string[], conflict: string): WriteOf<T> {
  const [into, names] = [`"${getTableName(table)}"`, list(columns)]
  const before = sql.raw(`insert into ${into} (${names}) select ${names} from jsonb_populate_recordset(null::${into}, `)
  const after = sql.raw(`::jsonb)${conflict}`)
  return (rows) => (rows.length === 0 ? [] : [sql`${before}${JSON.stringify(rows)}${after}`])
}

/** A table's fields have the names of their columns. */
function columnsOf<T extends PgTable>(table: T): Column<T>[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names of all columns are those of what is inserted
  return Object.keys(getTableColumns(table)) as Column<T>[]
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
