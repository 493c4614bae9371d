/** Appends of one process to one repository: one after the other, and what that leaves to everybody else. */
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTurns } from '../../src/store/append/in-turn.ts'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import { REPOSITORY, seen } from '../support/facts.ts'
import { append, installed } from './lane-facts.ts'

/** More than there are connections. */
const MANY = Array.from({ length: 24 }, (_, index) => index + 1)

describe.runIf(testDatabases().includes('postgres'))('a repository whose row another process holds', () => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind: 'postgres' })
  })
  beforeEach(() => at.truncate())
  afterAll(() => at.close())

  it('keeps its own appends waiting, and neither those of others nor the search for lanes', async () => {
    await append(at.store, installed())
    const other = postgres(at.url ?? '', { max: 1, onnotice: () => {} })
    try {
      await other.unsafe('begin')
      await other.unsafe(`select from repository where name = '${REPOSITORY}' for update`)
      let appended = 0
      const waiting = MANY.map((pull) => append(at.store, [seen(pull)]).then(() => appended++))
      await append(at.store, installed(), { repository: 'acme/other' })
      expect(await at.store.leases.claimNext('worker-1')).toMatchObject({ result: 'acquired' })
      expect(appended).toBe(0)
      await other.unsafe('rollback')
      await Promise.all(waiting)
      expect(appended).toBe(MANY.length)
    } finally {
      await other.end({ timeout: 5 })
    }
  })
})

describe('turns', () => {
  it('come in the order in which they were asked for, and after one that fails as well', async () => {
    const inTurn = openTurns()
    const done: string[] = []
    let release = (): void => {}
    const first = inTurn('acme/one', async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      done.push('first')
      throw new Error('the database is away')
    })
    const second = inTurn('acme/one', async () => done.push('second'))
    await inTurn('acme/two', async () => done.push('another'))
    release()
    await expect(first).rejects.toThrow('the database is away')
    await second
    expect(done).toEqual(['another', 'first', 'second'])
  })
})
