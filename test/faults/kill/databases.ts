/**
 * An empty, migrated database for each replay, on the fast clock: a clone of a template on PostgreSQL, a copy of a folder
 * for the embedded one. It knows nothing of what is stored there.
 */
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../../../src/store/connect/client.ts'
import { migratePostgres } from '../../../src/store/connect/migrations.ts'
import type { DatabaseKind } from '../../support/database/database.ts'
import { inDatabase } from '../../support/database/in-database.ts'
import { findPostgres } from '../../support/database/postgres-server.ts'
import type { FastTime } from '../../support/process/fast-time.ts'

export interface ReplayDatabase {
  /** What the app's environment says of it. */
  readonly variables: Readonly<Record<string, string>>
  /** Moves the database's own clock to where it should be now. */
  readonly tell: (time: FastTime) => Promise<void>
  /** Whether a lease is held; null where nobody but the app can look. */
  readonly held: () => Promise<boolean | null>
  readonly drop: () => Promise<void>
}

export interface Databases {
  readonly open: (kind: DatabaseKind, folder: string, time: FastTime) => Promise<ReplayDatabase>
  readonly close: () => Promise<void>
}

/** The embedded database needs none of this: it takes its time from the process that it lives in. */
const FAST_CLOCK = `
  create table test_clock (began float8 not null, rate float8 not null, moved float8 not null);
  create or replace function mainkeeper_now() returns timestamptz language sql volatile as
    'select to_timestamp((began + (extract(epoch from clock_timestamp()) * 1000 - began) * rate + moved) / 1000) from test_clock'`

/** Makes the templates in the folder when they are first needed; throws where there is no PostgreSQL. */
export function openDatabases(folder: string): Databases {
  let postgres: ReturnType<typeof makeTemplate> | undefined
  let embedded: Promise<string> | undefined
  let clones = 0
  return {
    open: async (kind, own, time) => {
      if (kind === 'pglite') return copyFolder(await (embedded ??= makeFolder(folder)), own)
      const { url, template } = await (postgres ??= makeTemplate())
      return cloneDatabase(url, template, `${template}_${clones++}`, time)
    },
    close: async () => {
      const made = await postgres
      if (!made) return
      await inDatabase(made.url, (client) => client.unsafe(`drop database if exists ${made.template} with (force)`))
      await made.stop()
    },
  }
}

async function makeTemplate(): Promise<{ url: string; template: string; stop: () => Promise<void> }> {
  const server = await findPostgres()
  if (typeof server === 'string') throw new Error(`these replays need a PostgreSQL: ${server}`)
  // Named so that a later test run removes what a killed one left behind.
  const template = `mainkeeper_test_${process.pid}_kill`
  await inDatabase(server.url, (client) => client.unsafe(`create database ${template}`))
  const inside = addressOf(server.url, template)
  await migratePostgres(inside)
  await inDatabase(inside, (client) => client.unsafe(FAST_CLOCK))
  return { url: server.url, template, stop: server.stop }
}

function addressOf(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function cloneDatabase(server: string, template: string, name: string, time: FastTime): Promise<ReplayDatabase> {
  const url = addressOf(server, name)
  const run = (statement: string) => inDatabase(url, (client) => client.unsafe(statement))
  await inDatabase(server, async (client) => {
    await client.unsafe(`create database ${name} template ${template}`)
    // The app's process is killed, never the server: what it committed is kept all the same.
    await client.unsafe(`alter database ${name} set synchronous_commit = off`)
  })
  await run(`insert into test_clock values (${time.began}, ${time.rate}, ${time.moved})`)
  return {
    variables: { DATABASE_URL: url },
    tell: async ({ moved }) => void (await run(`update test_clock set moved = ${moved}`)),
    held: async () => (await run('select from lease where owner is not null')).length > 0,
    drop: async () =>
      void (await inDatabase(server, (client) => client.unsafe(`drop database if exists ${name} with (force)`))),
  }
}

async function makeFolder(folder: string): Promise<string> {
  const template = join(folder, 'embedded')
  const database = await openDatabase({ folder: template })
  await database.close()
  return join(template, 'database')
}

async function copyFolder(template: string, own: string): Promise<ReplayDatabase> {
  const folder = join(own, 'store')
  await mkdir(folder, { recursive: true })
  await cp(template, join(folder, 'database'), { recursive: true })
  return {
    variables: { MAINKEEPER_FOLDER: folder },
    tell: async () => {},
    held: async () => null,
    // It goes with the replay's folder.
    drop: async () => {},
  }
}
