/** Databases that tests pass on to one another: none may find anything of the one before. */
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { Database } from '../../../src/store/connect/client.ts'
import { DatabaseUnavailable } from '../../../src/store/connect/unavailable.ts'
import { openTestStore, testDatabases } from '../../support/database/database.ts'
import { poolOf } from '../../support/database/memory-pool.ts'
import { approved, REPOSITORY, seen } from '../../support/facts.ts'
import { append, installed } from '../lane-facts.ts'

describe.each(testDatabases())('a database that another test had (%s)', (kind) => {
  it('is as if it were new', async () => {
    const before = await openTestStore({ kind })
    before.setTime(Date.UTC(2031, 0, 1))
    await append(before.store, [...installed(), seen(12)])
    const heard: string[] = []
    await before.store.wakes.listen(({ lane }) => void heard.push(lane))
    await before.close()
    const after = await openTestStore({ kind })
    expect(after.url).toBe(before.url)
    expect(await append(after.store, installed())).toMatchObject({ position: 2 })
    await append(after.store, [seen(12), approved(12)])
    const [logged] = await after.store.models.eventsOf({ limit: 10 })
    expect(new Date(logged?.recorded_at ?? 0).toISOString()).toContain('2026-01-05')
    expect((await after.store.models.lanes(REPOSITORY)).length).toBeGreaterThan(0)
    expect(heard).toEqual([])
    await expect(before.store.log.position()).rejects.toThrow(DatabaseUnavailable)
    await after.close()
  })
})

describe('a database that was closed', () => {
  /** Databases that say what was done with them. */
  function pool({ empty = async () => {} }: { empty?: (database: Database) => Promise<void> } = {}) {
    const opened: { closed: boolean }[] = []
    const borrow = poolOf({
      open: async () => {
        const state = { closed: false }
        opened.push(state)
        return {
          kind: 'pglite',
          query: (work) => work(undefined as never),
          transaction: (work) => work(undefined as never),
          listen: async () => async () => {},
          close: async () => void (state.closed = true),
        }
      },
      empty,
    })
    return { opened, borrow }
  }

  it('is passed on', async () => {
    const { opened, borrow } = pool()
    const database = await borrow()
    await database.query(async () => sql`select 1`)
    await database.close()
    await database.close()
    await Promise.all([borrow(), borrow()])
    expect(opened).toEqual([{ closed: false }, { closed: false }])
  })

  it('is not passed on by one who is still at work in it', async () => {
    const { opened, borrow } = pool()
    const database = await borrow()
    const forEver = database.transaction(() => new Promise<void>(() => {}))
    await database.close()
    await borrow()
    expect(opened).toEqual([{ closed: true }, { closed: false }])
    void forEver
  })

  it('is not passed on when it can not be emptied', async () => {
    const { opened, borrow } = pool({ empty: () => Promise.reject(new Error('on purpose')) })
    await (await borrow()).close()
    await borrow()
    expect(opened).toEqual([{ closed: true }, { closed: false }])
  })
})
