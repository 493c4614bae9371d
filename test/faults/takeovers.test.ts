/** How chaos measures a takeover: from the end of a lease, and for how much of that somebody had a turn free. */
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { TURNS } from '../../src/mainkeeper.ts'
import { installed } from '../store/lane-facts.ts'
import { openTestStore, type TestStore } from '../support/database/database.ts'
import { watchTakeovers } from './chaos/takeovers.ts'

const hasPostgres = inject('postgresTemplate') !== null
const T = Date.UTC(2026, 0, 5, 12)
let at: TestStore
let client: postgres.Sql
beforeAll(async () => {
  if (!hasPostgres) return
  at = await openTestStore({ kind: 'postgres' })
  client = postgres(at.url ?? '', { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await client?.end({ timeout: 5 })
  await at?.close()
})

/** The clock of the database is told with the next statement of the store. */
async function timeIs(seconds: number): Promise<void> {
  at.setTime(T + seconds * 1000)
  await at.store.log.position()
}

const take = async (repository: string, owner: string) => {
  const taken = await at.store.leases.acquire(repository, 'main', owner)
  if (taken.result !== 'acquired') throw new Error(`${repository} is busy`)
  return taken.fence
}

test.runIf(hasPostgres)(
  'chaos: a lane waits from the end of its lease, and what time all turns are taken is told apart',
  async () => {
    await timeIs(0)
    for (let n = 0; n <= TURNS; n++) await at.store.log.append({ repository: `acme/${n}`, events: installed() })
    const takeovers = watchTakeovers(client, () => ['survivor'])
    await take('acme/0', 'gone')
    await takeovers.lost('gone')
    await timeIs(110)
    const [first] = await Promise.all(Array.from({ length: TURNS }, (_, n) => take(`acme/${n + 1}`, 'survivor')))
    for (const seconds of [120, 125, 130]) {
      await timeIs(seconds)
      await takeovers.look()
    }
    if (first) await at.store.leases.release(first, { wakeAt: null })
    await takeovers.look()
    await timeIs(137)
    await take('acme/0', 'survivor')
    await takeovers.look()
    expect(takeovers.measured()).toMatchObject({ taken: 1, longest: 137, late: 17, free: 7, waiting: [] })
  },
)
