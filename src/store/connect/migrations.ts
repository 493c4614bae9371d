/**
 * Brings a database's tables up to date with `drizzle/`. It knows that several processes may start at once, and nothing of
 * what the tables are for.
 */

import { fileURLToPath } from 'node:url'
import type { PgliteDatabase } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as migratePg } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

const migrationsFolder = fileURLToPath(new URL('../../../drizzle', import.meta.url))

/** "mainkeep" in ASCII: any number will do, as long as every process takes the same. */
const LOCK = '7881696745844204912'

/** Migrates under an advisory lock on a session of its own: drizzle's `migrate` run by two processes at once fails in one. */
export async function migratePostgres(url: string, folder = migrationsFolder): Promise<void> {
  const session = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: 'mainkeeper migrate' } })
  try {
    await session.unsafe(`select pg_advisory_lock(${LOCK})`)
    await migratePg(drizzle(session), { migrationsFolder: folder })
  } finally {
    // Ending the session gives the lock back.
    await session.end({ timeout: 5 })
  }
}

export async function migrateEmbedded(db: PgliteDatabase): Promise<void> {
  await migratePglite(db, { migrationsFolder })
}
