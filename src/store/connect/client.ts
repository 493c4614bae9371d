/**
 * The connection: a PostgreSQL somewhere, or PGlite in a folder or in memory, both through postgres.js and behind one small
 * interface. It knows how the two differ, so that no other file has to; it knows no table.
 */
import { EventEmitter } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { PgTransactionConfig } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { embeddedClient } from './embedded.ts'
import { takeFolder } from './folder-lock.ts'
import type { Handle } from './handle.ts'
import { migrateEmbedded, migratePostgres } from './migrations.ts'
import { openListener } from './postgres-listener.ts'
import { CLIENT_OPTIONS, openPool, PLANS } from './postgres-pool.ts'
import { reaching } from './unavailable.ts'

export interface Database {
  readonly kind: 'pglite' | 'postgres'
  /** Runs statements outside of a transaction; never inside the work of `transaction`, where PGlite would wait for itself. */
  readonly query: <T>(work: (db: Handle) => Promise<T>) => Promise<T>
  readonly transaction: <T>(work: (tx: Handle) => Promise<T>, config?: PgTransactionConfig) => Promise<T>
  /** Hears what `notify` sends, from any process; a hint that may be lost. The answer ends the listening. */
  readonly listen: (channel: string, heard: (payload: string) => void) => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}

export type Where =
  | { readonly url: string }
  | { readonly folder: string }
  /** Gone with the process; `template` is an archive that `dumpDataDir` made of a migrated database. */
  | { readonly memory: true; readonly template?: Blob }

const POOL_SIZE = 10

/** Opens the database and brings its tables up to date; throws `FolderInUse` or `DatabaseUnavailable`. */
export async function openDatabase(where: Where): Promise<Database> {
  if ('url' in where) return openPostgres(where.url)
  if ('memory' in where)
    return openPglite(where.template ? { loadDataDir: where.template } : {}, where.template === undefined)
  await mkdir(where.folder, { recursive: true })
  const release = await takeFolder(where.folder)
  try {
    const database = await openPglite({ dataDir: join(where.folder, 'database') }, true)
    const close = async () => {
      try {
        await database.close()
      } finally {
        await release()
      }
    }
    return { ...database, close }
  } catch (error) {
    await release()
    throw error
  }
}

async function openPostgres(url: string): Promise<Database> {
  await reaching(() => migratePostgres(url))
  const listener = openListener(url)
  const pool = openPool((options) => postgres(url, { ...CLIENT_OPTIONS, ...options }), POOL_SIZE, listener.mend)
  return {
    kind: 'postgres',
    query: pool.query,
    transaction: pool.transaction,
    listen: listener.listen,
    close: async () => {
      await Promise.all([pool.close(), listener.close()])
    },
  }
}

async function openPglite(options: { dataDir?: string; loadDataDir?: Blob }, migrated: boolean): Promise<Database> {
  // Whoever has a PostgreSQL has no use for another one.
  const { PGlite } = await import('@electric-sql/pglite')
  const server = await PGlite.create(options)
  if (migrated) await migrateEmbedded(server)
  // It has one session, and reads none of the settings that a client sends when it connects.
  await server.exec(`set plan_cache_mode = ${PLANS.plan_cache_mode}`)
  const notifications = new EventEmitter()
  const notify = (channel: string, payload: string) => void notifications.emit(channel, payload)
  const pool = openPool(
    (own) => embeddedClient(server, own, notify),
    1,
    () => {},
  )
  return {
    kind: 'pglite',
    query: pool.query,
    transaction: pool.transaction,
    listen: async (channel, heard) => {
      await pool.query((db) => db.execute(sql.raw(`listen ${channel}`)))
      notifications.on(channel, heard)
      return async () => void notifications.off(channel, heard)
    },
    close: async () => {
      await pool.close()
      await server.close()
    },
  }
}
