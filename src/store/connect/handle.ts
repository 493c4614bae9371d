/** What a statement runs on, whichever driver carries it. */
import type { SQL } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** The database itself, or a transaction of it. */
export type Handle = PgDatabase<PgQueryResultHKT>

/** The rows of a raw statement: PGlite wraps them, postgres.js is them. */
export async function rows<T extends Record<string, unknown>>(db: Handle, statement: SQL): Promise<T[]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the two drivers' answers have no type in common
  const result = (await db.execute(statement)) as T[] | { rows: T[] }
  return Array.isArray(result) ? result : result.rows
}
