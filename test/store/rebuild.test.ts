/** The rebuild: what is folded from the log alone equals the live read models, and finds and mends what does not. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import {
  approved,
  BUILT,
  blocked,
  check,
  commit,
  concluded,
  declared,
  event,
  examined,
  followUpFailed,
  followUpOpened,
  held,
  integrated,
  landing,
  NOON,
  permission,
  planned,
  protection,
  published,
  pushed,
  queued,
  REPOSITORY,
  retracted,
  seen,
  TIP,
  targetMoved,
} from '../support/facts.ts'
import { append, by, configured, observedRepository, take } from './lane-facts.ts'

const later = (n: number): string => new Date(Date.parse(NOON) + n * 1000).toISOString()

/** A history of two lanes: one lands, one is blocked and resumed, one is superseded, one moves to a lane that begins late. */
const facts: NewEvent[][] = [
  [pushed(0, { branch: 'release/1', sha: commit('d1') }), seen(9, { base: 'release/1', remote: null })],
  [targetMoved(), observedRepository(), seen(12), seen(13), protection()],
  [configured({ targets: ['main', 'release/*'] })],
  [approved(12), approved(13, 'eve', { review_id: 7 }), permission('rob'), permission('Eve'), pushed(12), pushed(13)],
  [examined(12), check(), check({ sha: headless(13), run: 3 })],
  [seen(14, { base: 'main', labels: ['wip'] }), retracted(13, 'eve', { review_id: 7 })],
]

function headless(pull: number): string {
  return commit(`b${pull}`)
}

const decisions: NewEvent[][] = [
  [declared(12), declared(13), queued(12), queued(13), queued(14)],
  [planned('b1', [12]), published('b1', [12]), check({ sha: BUILT, branch: 'mainkeeper/queue/main/b1', run: 9 })],
  [concluded('b1'), landing('b1')],
  [
    event('landing_concluded', {
      build: 'b1',
      result: 'landed',
      target: BUILT,
      tree: commit('f1'),
      message: null,
      concluded_at: NOON,
    }),
    integrated(12, { build: 'b1' }),
  ],
  [planned('b2', [13]), event('build_withdrawn', { build: 'b2' }), blocked(13), followUpOpened(13)],
  [event('follow_up_updated', { pull: 13, issue: 57, marker: 'm', content: '1' }), followUpFailed(14)],
  [event('candidate_superseded', { pull: 14, sha: headless(14), new_sha: commit('c9') })],
  [
    event('effect_failed', {
      effect: 'show-comment',
      subject: '13',
      failure: 'unavailable',
      message: '502',
      attempt: 1,
      retry_at: later(5),
    }),
    event('lane_observed', {
      scope: 'pulls',
      pulls: [13, 14],
      users: ['rob'],
      build: null,
      tip: TIP,
      observed_at: NOON,
    }),
    event('candidate_settled', { pull: 12 }),
  ],
]

const lateFacts: NewEvent[][] = [
  [
    seen(12, { state: 'merged', updated_at: later(1) }),
    seen(13, { base: 'release/1', updated_at: later(2) }),
    seen(14, { sha: commit('c9'), updated_at: later(3) }),
  ],
  [held(), configured({ targets: ['main'] }, { blob: commit('ae') }), targetMoved({ before: TIP, after: BUILT })],
]

describe.each(testDatabases())('the rebuild on %s', (kind) => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind })
  })
  beforeEach(async () => {
    await at.truncate()
    for (const events of facts) await append(at.store, events)
    const fence = await take(at.store)
    for (const events of decisions)
      await append(
        at.store,
        events.map((written) => by('main', written)),
        { fence },
      )
    for (const events of lateFacts) await append(at.store, events)
  })
  afterAll(() => at.close())

  it('equals the live read models of a mixed log, column by column', async () => {
    const { store } = at
    const kinds = [
      await store.models.lanes(),
      await store.models.queue(REPOSITORY, 'main'),
      await store.models.builds(REPOSITORY, 'main'),
      await store.models.followUps(REPOSITORY, 'main'),
    ]
    expect(kinds.map((rows) => rows.length)).toEqual([3, 3, 2, 2])
    const [rebuilt] = await store.rebuild()
    expect(rebuilt).toEqual({
      repository: REPOSITORY,
      events: await store.log.position(),
      differences: [],
      replaced: false,
    })
  })

  it('equals them for the same log appended one event at a time', async () => {
    const before = await at.store.models.lanes()
    const events = await at.store.models.eventsOf({ after: 0, limit: 1000 })
    await at.truncate()
    for (const { type, payload, occurred_at, source, lane } of events) {
      const ours = source === 'lane' && lane !== null ? { lane } : {}
      await append(at.store, [{ type, payload, occurred_at, source, ...ours } as never])
    }
    expect(await at.store.models.lanes()).toEqual(before)
    expect(await at.store.rebuild()).toMatchObject([{ differences: [] }])
  })

  it('tells each column that differs, and each row that is missing or too much', async () => {
    await at.store.database.query(async (db) => {
      await db.execute(sql`update queue_entry set status = 'queued' where pull = 12`)
      await db.execute(sql`delete from pull_request where number = 14`)
      await db.execute(sql`insert into follow_up values (${REPOSITORY}, 'main', 99, 1, 'open', 1, '{}'::jsonb)`)
      await db.execute(sql`update lane set doc = jsonb_set(doc, '{tip}', '"moved"') where target = 'main'`)
    })
    const [rebuilt] = await at.store.rebuild({ repository: REPOSITORY })
    expect(rebuilt?.differences.map(({ table, key, column }) => [table, key, column])).toEqual([
      ['lane', 'main', 'doc'],
      ['pull_request', '14', null],
      ['queue_entry', `main 12 ${commit('b12')}`, 'status'],
      ['follow_up', 'main 99', null],
    ])
    expect(rebuilt?.differences[2]).toMatchObject({ live: 'queued', rebuilt: 'integrated' })
  })

  it('replaces what differs when it is asked to, and leaves leases and log alone', async () => {
    const before = await at.store.models.eventsOf({ after: 0, limit: 1000 })
    await at.store.database.query(async (db) => {
      for (const table of ['lane', 'queue_entry', 'build', 'repository'])
        await db.execute(sql.raw(`delete from ${table}`))
    })
    expect(await at.store.rebuild()).toMatchObject([{ replaced: false }])
    expect(await at.store.rebuild({ replace: true })).toMatchObject([{ replaced: true }])
    expect(await at.store.rebuild({ replace: true })).toMatchObject([{ differences: [], replaced: false }])
    expect(await at.store.models.eventsOf({ after: 0, limit: 1000 })).toEqual(before)
    expect(await at.store.leases.acquire(REPOSITORY, 'main', 'worker-2')).toMatchObject({ result: 'busy' })
  })
})
