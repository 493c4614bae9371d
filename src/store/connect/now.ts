/** The database's clock, the only one that counts for leases and for what was recorded when. Tests replace its function. */
import { sql } from 'drizzle-orm'
import { type Handle, rows } from './handle.ts'

/** The moment by the database's clock, cut to the millisecond so that what is stored equals what was read. */
export async function databaseNow(db: Handle): Promise<Date> {
  const [row] = await rows<{ now: number }>(
    db,
    sql`select floor(extract(epoch from mainkeeper_now()) * 1000)::float8 as now`,
  )
  if (!row) throw new Error('mainkeeper_now() gave no row')
  return new Date(row.now)
}
