/** The connection: migrations by many at once, a database that goes away, and hints from one process to another. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../src/store/connect/client.ts'
import { DatabaseUnavailable } from '../../../src/store/connect/unavailable.ts'
import type { Wake } from '../../../src/store/wakes.ts'
import {
  cloneTemplate,
  openInMemory,
  openTestStore,
  type TestStore,
  testDatabases,
} from '../../support/database/database.ts'
import { inDatabase } from '../../support/database/in-database.ts'
import { openRelay } from '../../support/database/relay.ts'
import { approved, REPOSITORY, seen } from '../../support/facts.ts'
import { append, installed, take } from '../lane-facts.ts'

describe.runIf(testDatabases().includes('postgres'))('a PostgreSQL', () => {
  it('is migrated once by four processes that start at once', async () => {
    const clone = await cloneTemplate({ empty: true })
    try {
      const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url: clone.url })))
      const [first] = opened
      await first?.query((db) => db.execute(sql`select mainkeeper_now(), count(*) from event group by 1`))
      for (const database of opened) await database.close()
      const [row] = await inDatabase(
        clone.url,
        (client) => client`select count(*)::int as n from drizzle.__drizzle_migrations`,
      )
      expect(row?.['n']).toBe(2)
    } finally {
      await clone.drop()
    }
  })

  it('that is not there is told from a wrong statement', async () => {
    await expect(openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nothing' })).rejects.toThrow(DatabaseUnavailable)
  })

  describe('that goes away', () => {
    let at: TestStore
    beforeAll(async () => {
      at = await openTestStore({ kind: 'postgres' })
    })
    beforeEach(() => at.truncate())
    afterAll(() => at.close())

    const cutOff = () =>
      inDatabase(
        at.url ?? '',
        (client) =>
          client`select pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`,
      )

    it('between two statements of a transaction leaves nothing half-written, and is used again when it is back', async () => {
      await append(at.store, installed())
      const broken = at.store.database.transaction(async (tx) => {
        await tx.execute(sql`update repository set position = 99`)
        await cutOff()
        await tx.execute(sql`update lane set position = 99`)
      })
      await expect(broken).rejects.toThrow(DatabaseUnavailable)
      expect(await append(at.store, [seen(12)])).toMatchObject({ position: 3 })
      expect(await at.store.rebuild()).toMatchObject([{ differences: [] }])
    })

    it('in the middle of a statement is told to each that waits, and their places are taken by the next', async () => {
      const sleeping = Array.from({ length: 12 }, () =>
        at.store.database.query((db) => db.execute(sql`select pg_sleep(60)`)),
      )
      const told = Promise.allSettled(sleeping)
      for (const some of [10, 2]) {
        await inDatabase(at.url ?? '', async (client) => {
          const asleep = () => client`select 1 from pg_stat_activity
            where datname = current_database() and query like 'select pg_sleep%' and state = 'active'`
          while ((await asleep()).length < some);
        })
        await cutOff()
      }
      const reasons = (await told).map((one) => one.status === 'rejected' && one.reason instanceof DatabaseUnavailable)
      expect(reasons).toEqual(sleeping.map(() => true))
      expect(await at.store.log.position()).toBe(0)
    })

    it('by a reset of every connection is told to whoever asks in that very moment', async () => {
      const relay = await openRelay(at.url ?? '')
      const database = await openDatabase({ url: relay.url })
      const ask = () => database.query((db) => db.execute(sql`select 1`))
      await Promise.all(Array.from({ length: 10 }, ask))
      const sleeping = Array.from({ length: 5 }, () => database.query((db) => db.execute(sql`select pg_sleep(60)`)))
      // Whoever is told asks again at once, on a connection that is reset as well and has not said so yet.
      const told = Promise.allSettled(sleeping.map((one) => one.catch(ask)))
      await inDatabase(at.url ?? '', async (client) => {
        const asleep = () => client`select 1 from pg_stat_activity
          where datname = current_database() and query like 'select pg_sleep%' and state = 'active'`
        while ((await asleep()).length < sleeping.length);
      })
      relay.cut()
      const reasons = (await told).map((one) => one.status === 'rejected' && one.reason instanceof DatabaseUnavailable)
      expect(reasons).toEqual(sleeping.map(() => true))
      relay.mend()
      await ask()
      await database.close()
      await relay.close()
    })

    it('is listened to again once it answers', async () => {
      const heard: string[] = []
      const arrivals: (() => void)[] = []
      const end = await at.store.wakes.listen(({ repository }) => {
        heard.push(repository)
        for (const arrived of arrivals.splice(0)) arrived()
      })
      await cutOff()
      for (let n = 0; heard.length === 0; n++) {
        await at.store.log.position().catch(() => {})
        await append(at.store, installed(), { repository: `acme/again-${n}` }).catch(() => {})
        await new Promise((resolve) => setImmediate(resolve))
      }
      await end()
      expect(heard[0]).toContain('acme/again-')
    })
  })
})

describe.each(testDatabases())('an open %s', (kind) => {
  let clone: Awaited<ReturnType<typeof cloneTemplate>> | null = null
  let database: Database
  beforeAll(async () => {
    clone = kind === 'postgres' ? await cloneTemplate() : null
    database = await (clone ? openDatabase({ url: clone.url }) : openInMemory())
  })
  afterAll(() => clone?.drop())

  it("has the system's clock until a test replaces it", async () => {
    const seconds = await database.query((db) =>
      db.execute(sql`select abs(extract(epoch from mainkeeper_now() - clock_timestamp())) < 1 as near`),
    )
    expect(JSON.stringify(seconds)).toContain('"near":true')
  })

  it('leaves a wrong statement what it is', async () => {
    const wrong = database.query((db) => db.execute(sql`select * from nowhere`))
    await expect(wrong).rejects.not.toBeInstanceOf(DatabaseUnavailable)
  })

  it('says that it is gone once it is closed', async () => {
    await database.close()
    await expect(database.query((db) => db.execute(sql`select 1`))).rejects.toThrow(DatabaseUnavailable)
  })
})

describe.each(testDatabases())('a wake-up on %s', (kind) => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind })
  })
  beforeEach(() => at.truncate())
  afterAll(() => at.close())

  /** Collects hints until one for the given repository came. */
  async function hintsUntil(last: string, work: () => Promise<void>): Promise<string[]> {
    const heard: string[] = []
    let arrived: () => void
    const whole = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const end = await at.store.wakes.listen(({ repository, lane }: Wake) => {
      if (repository === last) arrived()
      else heard.push(lane)
    })
    await work()
    await append(at.store, installed(), { repository: last })
    await whole
    await end()
    return heard
  }

  it('is sent for each lane that an event touches, once until the lane is taken', async () => {
    const heard = await hintsUntil('acme/last-1', async () => {
      await append(at.store, installed())
      await append(at.store, [seen(12)])
      await append(at.store, [approved(12)])
    })
    expect(heard.sort()).toEqual(['*', 'main'])
  })

  it('is sent to the holder of a lane for every fact, and not for what it writes itself', async () => {
    await append(at.store, [...installed(), seen(12)])
    const fence = await take(at.store)
    const heard = await hintsUntil('acme/last-2', async () => {
      await append(at.store, [approved(12)])
      await append(at.store, [approved(12, 'eve', { review_id: 2 })])
      await append(at.store, [approved(12, 'max', { review_id: 3 })], { fence })
    })
    expect(heard).toEqual(['main', 'main'])
  })

  it('is not sent when the transaction fails', async () => {
    await append(at.store, installed())
    await take(at.store)
    const heard = await hintsUntil('acme/last-3', async () => {
      const failing = at.store.database.transaction(async (tx) => {
        await tx.execute(sql`select pg_notify('mainkeeper_wake', ${JSON.stringify([REPOSITORY, 'main'])})`)
        throw new Error('on purpose')
      })
      await expect(failing).rejects.toThrow('on purpose')
    })
    expect(heard).toEqual([])
  })
})
