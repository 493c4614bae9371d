/**
 * Brings a database's tables up to date with `drizzle/`. It knows that several processes may start at once, and nothing of
 * what the tables are for.
 */

import { fileURLToPath } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { embeddedClient } from './embedded.ts'

const migrationsFolder = fileURLToPath(new URL('../../../drizzle', import.meta.url))

/** "mainkeep" in ASCII: any number will do, as long as every process takes the same. */
const LOCK = '7881696745844204912'

/** Migrates under an advisory lock on a session of its own: drizzle's `migrate` run by two processes at once fails in one. */
export async function migratePostgres(url: string, folder = migrationsFolder): Promise<void> {
  const session = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: 'mainkeeper migrate' } })
  try {
    await session.unsafe(`select pg_advisory_lock(${LOCK})`)
    await migrate(drizzle(session), { migrationsFolder: folder })
  } finally {
    // Ending the session gives the lock back.
    await session.end({ timeout: 5 })
  }
}

/** One process alone has the folder open, so there is nobody to lock out. */
export async function migrateEmbedded(server: PGlite): Promise<void> {
  const session = embeddedClient(server, {})
  try {
    await migrate(drizzle(session), { migrationsFolder })
  } finally {
    await session.end({ timeout: 5 })
  }
}
