/**
 * Databases for tests: PGlite in memory always, PostgreSQL where there is one, both from a template, both with a clock that
 * the test sets. A store opened here is a real one; only its time is not.
 */
import { cpSync, openAsBlob } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../../../src/store/connect/client.ts'
import { type Store, storeOn } from '../../../src/store/store.ts'
import { inDatabase } from './in-database.ts'
import { poolOf } from './memory-pool.ts'

export type DatabaseKind = Database['kind']

/** The databases that this run can test on, for `describe.each`. */
export const testDatabases = (): DatabaseKind[] => (inject('postgresTemplate') ? ['pglite', 'postgres'] : ['pglite'])

/** Whatever tells the time in milliseconds: the twin's clock, or a test's own. */
export interface TestClock {
  readonly now: () => number
}

export interface TestStoreOptions {
  readonly kind?: DatabaseKind
  /** The store's time, the database's as well as the monotonic one. Without it the test sets the time by `setTime`. */
  readonly clock?: TestClock
  /** An open and migrated database to be on, instead of one of its own. */
  readonly database?: Database
}

export interface TestStore {
  readonly store: Store
  readonly kind: DatabaseKind
  /** PostgreSQL: where the database is, for a second client of it. */
  readonly url: string | null
  /** Sets the database's clock and the monotonic one; starts at 2026-01-05T12:00Z. Not to be used beside `clock`. */
  readonly setTime: (milliseconds: number) => void
  /** A second process's store over the same database: PostgreSQL only. */
  readonly another: () => Promise<Store>
  /** Empties every table, between tests. */
  readonly truncate: () => Promise<void>
  /** Closes what was opened, after which its database is gone. */
  readonly close: () => Promise<void>
}

const START = Date.UTC(2026, 0, 5, 12)

/** Opens a store on an empty database that nobody else has. */
export async function openTestStore({
  kind = 'pglite',
  clock,
  database: given,
}: TestStoreOptions = {}): Promise<TestStore> {
  let set = START
  const now = clock ? () => clock.now() : () => set
  const last = { told: null }
  const clone = kind === 'postgres' ? await borrowClone() : null
  const open = async () => {
    const database = given ?? (await (clone ? openDatabase({ url: clone.url }) : borrowInMemory()))
    return { database, store: storeOn(keepingTime(database, now, last), { monotonic: now }) }
  }
  const { database, store } = await open()
  if (given || clone) await replaceClock(database)
  const others: Store[] = []
  return {
    store,
    kind,
    url: clone?.url ?? null,
    setTime: (milliseconds) => {
      set = milliseconds
    },
    another: async () => {
      if (!clone) throw new Error('PGlite has one process only')
      const other = (await open()).store
      others.push(other)
      return other
    },
    truncate: () => empty(database),
    close: async () => {
      for (const one of [store, ...others]) await one.close()
      await clone?.giveBack()
    },
  }
}

/** A migrated PGlite that is gone with the process. */
export async function openInMemory(): Promise<Database> {
  return openDatabase({ memory: true, template: await openAsBlob(inject('pgliteTemplate')) })
}

/** One that may have served another test; it is as if it had not. */
const borrowInMemory = poolOf({
  open: async () => {
    const database = await openInMemory()
    await replaceClock(database)
    return database
  },
  empty: async (database) => {
    // It commits what a broken connection left open, and fails where that can't be.
    await database.transaction((tx) => tx.execute(sql.raw(EMPTY)))
    // Deleted rows are read over until then, but a hundred tests' are read over sooner than they are removed.
    if (++returns % 16 === 0) await database.query((db) => db.execute(sql.raw(`vacuum ${TABLES.join(', ')}`)))
  },
})
let returns = 0

/** An embedded database in a folder as it is after its first start, which takes seconds. */
export function seedFolder(folder: string): void {
  cpSync(inject('pgliteFolder'), join(folder, 'database'), { recursive: true })
}

let clones = 0

/** A database of the test file's own on the PostgreSQL of this run. */
export async function cloneTemplate({ empty = false } = {}): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = inject('postgresTemplate')
  if (!server) throw new Error('there is no PostgreSQL to test on')
  const name = `${server.template}_${process.pid}_${clones++}`
  const template = empty ? 'template0' : server.template
  await inDatabase(server.url, async (client) => {
    await client.unsafe(`create database ${name} template ${template}`)
    // A test's data need not survive a power cut.
    await client.unsafe(`alter database ${name} set synchronous_commit = off`)
  })
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const drop = async () => {
    await inDatabase(server.url, (client) => client.unsafe(`drop database if exists ${name} with (force)`))
  }
  return { url: url.href, drop }
}

const returned: { url: string; drop: () => Promise<void> }[] = []

/** One that may have served another test; it is as if it had not. To make one is to make some three hundred files. */
async function borrowClone(): Promise<{ url: string; giveBack: () => Promise<void> }> {
  const clone = returned.pop() ?? (await cloneTemplate())
  const giveBack = async () => {
    try {
      await inDatabase(clone.url, async (client) => {
        // What still runs there belongs to a client that is gone.
        await client.unsafe(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`)
        await client.unsafe(EMPTY)
      })
      returned.push(clone)
    } catch {
      await clone.drop()
    }
  }
  return { url: clone.url, giveBack }
}

const nowIs = (expression: string): string =>
  `create or replace function mainkeeper_now() returns timestamptz language sql volatile as $$ ${expression} $$`

/** How a test's clock gets into the database: a setting where there is one session, a table where each client has its own. */
const CLOCK = {
  pglite: {
    replace: [nowIs(`select current_setting('test.now')::timestamptz`)],
    tell: (now: string) => `set test.now = '${now}'`,
  },
  postgres: {
    replace: [
      'create table if not exists test_clock (now timestamptz not null)',
      'delete from test_clock',
      'insert into test_clock select clock_timestamp()',
      nowIs('select now from test_clock'),
    ],
    tell: (now: string) => `update test_clock set now = '${now}'`,
  },
} as const

async function replaceClock(database: Database): Promise<void> {
  for (const statement of CLOCK[database.kind].replace) await database.query((db) => db.execute(sql.raw(statement)))
}

const TABLES = [
  'event',
  'rejected_event',
  'repository',
  'pull_request',
  'lane',
  'queue_entry',
  'build',
  'follow_up',
  'delivery',
  'checkpoint',
  'lease',
  'installation_limit',
]

async function empty(database: Database): Promise<void> {
  await database.query((db) => db.execute(sql.raw(EMPTY)))
}

/** For tables as small as a test's, deleting takes a tenth of what truncating takes. */
const EMPTY = `do $$ begin
  ${TABLES.map((table) => `delete from ${table};`).join(' ')}
  perform setval(pg_get_serial_sequence('event', 'position'), 1, false);
  perform setval(pg_get_serial_sequence('rejected_event', 'id'), 1, false);
end $$`

/** The database with its clock set, before every use of it, to what the test's clock says. */
function keepingTime(database: Database, now: () => number, last: { told: number | null }): Database {
  const tell = async (): Promise<void> => {
    const time = now()
    if (last.told === time) return
    last.told = time
    const statement = CLOCK[database.kind].tell(new Date(time).toISOString())
    await database.query((db) => db.execute(sql.raw(statement)))
  }
  return {
    ...database,
    query: async (work) => {
      await tell()
      return database.query(work)
    },
    transaction: async (work, config) => {
      await tell()
      return database.transaction(work, config)
    },
  }
}
