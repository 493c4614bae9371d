/** What a statement runs on, whichever database it is. */
import type { SQL } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** The database itself, or a transaction of it. */
export type Handle = PgDatabase<PgQueryResultHKT>

/** The rows of a raw statement. */
export async function rows<T extends Record<string, unknown>>(db: Handle, statement: SQL): Promise<T[]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- drizzle leaves the type of an answer to its driver
  return (await db.execute(statement)) as T[]
}
