/** The database's clock, the only one that counts for leases and for what was recorded when. Tests replace its function. */
import { sql } from 'drizzle-orm'
import { type Handle, rows } from './handle.ts'

/** The moment for a column, cut to the millisecond so that what is stored equals what was read. */
export const NOW = sql<Date>`date_trunc('milliseconds', mainkeeper_now())`

/** The same moment for a result, in milliseconds since 1970, a number as it is. */
export const NOW_MS = sql<number>`floor(extract(epoch from mainkeeper_now()) * 1000)::float8`

/** The moment by itself; where a statement runs anyway, ask it for `NOW_MS`. */
export async function databaseNow(db: Handle): Promise<Date> {
  const [row] = await rows<{ now: number }>(db, sql`select ${NOW_MS} as now`)
  if (!row) throw new Error('mainkeeper_now() gave no row')
  return new Date(row.now)
}
