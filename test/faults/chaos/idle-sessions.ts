/**
 * PostgreSQL ends a session that idles in a transaction, and counts by the machine's clock. On a faster one a paused process
 * would keep its locks so many times longer: whoever runs on such a clock has to see to it in time. It knows no clock.
 */
import { sql } from 'drizzle-orm'
import type postgres from 'postgres'
import { openDatabase } from '../../../src/store/connect/client.ts'
import { rows } from '../../../src/store/connect/handle.ts'

/** For how many milliseconds a session of the app may idle in a transaction. */
export async function idleTimeoutOf(url: string): Promise<number> {
  const database = await openDatabase({ url })
  try {
    const name = 'idle_in_transaction_session_timeout'
    const [row] = await database.query((db) =>
      rows<{ ms: number }>(db, sql`select setting::int as ms from pg_settings where name = ${name}`),
    )
    if (!row?.ms) throw new Error('a session of the app may idle in a transaction for ever')
    return row.ms
  } finally {
    await database.close()
  }
}

/** Ends the sessions of this database that have idled in a transaction for so many milliseconds of the machine's time. */
export async function endIdleSessions(client: postgres.Sql, ms: number): Promise<void> {
  await client`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'
      and state_change <= clock_timestamp() - ${ms}::float8 * interval '1 millisecond'`
}
