/** The append: what becomes of each event, under which key, and in what order. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewEvent, PayloadOf } from '../../src/core/events.ts'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import {
  approved,
  check,
  commit,
  event,
  NOON,
  permission,
  pushed,
  REPOSITORY,
  retracted,
  seen,
} from '../support/facts.ts'
import { append, by, installed, outcomes, take } from './lane-facts.ts'

const second = (n: number): string => `2026-01-05T12:00:${String(n).padStart(2, '0')}Z`
const LOOKED: PayloadOf<'lane_observed'> = {
  scope: 'permissions',
  pulls: [],
  users: ['rob'],
  build: null,
  tip: null,
  observed_at: NOON,
}
const fromDelivery = <E extends NewEvent>(event: E): E => ({ ...event, source: 'delivery:1' })

describe.each(testDatabases())('the append on %s', (kind) => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind })
  })
  beforeEach(() => at.truncate())
  afterAll(() => at.close())

  it('gives an event its place, its key and its moment', async () => {
    at.setTime(Date.UTC(2026, 0, 5, 12, 30))
    const { outcomes: came, position } = await append(at.store, [approved(12)])
    expect(came).toMatchObject([
      {
        outcome: 'appended',
        event: {
          position: 1,
          key: 'review_approved:review:100',
          repository: REPOSITORY,
          recorded_at: '2026-01-05T12:30:00.000Z',
          occurred_at: '2026-01-05T12:00:00.000Z',
          epoch: null,
        },
      },
    ])
    expect(position).toBe(1)
    expect(await at.store.log.position()).toBe(1)
    expect(await at.store.models.eventsOf({ limit: 10 })).toEqual([came[0]?.outcome === 'appended' && came[0].event])
  })

  it('appends an occurrence once, whatever its times say', async () => {
    await append(at.store, [approved(12)])
    const again = await append(at.store, [{ ...approved(12, 'rob', { approved_at: second(9) }), source: 'sweep' }])
    expect(again.outcomes).toEqual([{ outcome: 'duplicate', key: 'review_approved:review:100' }])
    expect(again.position).toBe(1)
  })

  it('rejects the same occurrence with another payload, and keeps it to be seen', async () => {
    await append(at.store, [approved(12)])
    const other = await append(at.store, [approved(12, 'mallory')])
    expect(other.outcomes).toEqual([
      { outcome: 'rejected', diagnostics: [expect.stringContaining('payload.reviewer: differs')] },
    ])
    expect(await at.store.models.rejected(10)).toMatchObject([
      { repository: REPOSITORY, source: 'read', type: 'review_approved', payload: { reviewer: 'mallory' } },
    ])
  })

  it('rejects what its schema refuses, with everything that is wrong with it', async () => {
    const wrong = { ...approved(12), payload: { pull: 0, sha: 'abc', surprise: 1 }, occurred_at: 'today' }
    const result = await at.store.log.append({ repository: REPOSITORY, events: [wrong as never, seen(12)] })
    if (!result.ok) throw new Error(result.why)
    expect(result.outcomes[1]).toMatchObject({ outcome: 'appended' })
    const [rejected] = await at.store.models.rejected(10)
    const told = rejected?.diagnostics.join('\n')
    for (const word of ['payload.pull', 'payload.sha', 'payload.reviewer', 'surprise', 'occurred_at'])
      expect(told).toContain(word)
  })

  it('rejects a type that is not in the catalogue', async () => {
    const result = await append(at.store, [{ ...seen(12), type: 'toString' } as never])
    expect(result.outcomes).toEqual([{ outcome: 'rejected', diagnostics: ['type: there is no event type toString'] }])
  })

  it('leaves no repository behind when everything was rejected', async () => {
    await append(at.store, [approved(0)])
    expect(await at.store.models.repositories()).toEqual([])
  })

  it('appends an observation when the thing differs from what was last recorded of it, and not when it does not', async () => {
    const result = await append(at.store, [
      seen(12, { updated_at: second(1) }),
      seen(12, { updated_at: second(1) }),
      seen(12, { labels: ['wip'], updated_at: second(2) }),
      seen(12, { labels: ['wip'], updated_at: second(1) }),
      seen(12, { updated_at: second(3) }),
    ])
    expect(outcomes(result)).toEqual(['appended', 'duplicate', 'appended', 'duplicate', 'appended'])
    const events = await at.store.models.eventsOf({ pull: 12, limit: 10 })
    expect(events.map(({ key }) => key)).toEqual(['pull:12 @ 0', 'pull:12 @ 1', 'pull:12 @ 2'])
  })

  it('keeps that a thing was later still as it was, so that what comes late from in between is stale', async () => {
    await append(at.store, [seen(12, { updated_at: second(1) })])
    const result = await append(at.store, [
      seen(12, { updated_at: second(4) }),
      seen(12, { labels: ['wip'], updated_at: second(3) }),
    ])
    expect(outcomes(result)).toEqual(['appended', 'stale'])
  })

  it.each([
    [
      'C125 a label added, removed, added, removed',
      [['wip'], [], ['wip'], []].map((labels, n) => seen(12, { labels, updated_at: second(n) })),
    ],
    ['C126 a head forced A → B → A → B', ['a', 'b', 'a', 'b'].map((sha) => pushed(12, { sha: commit(`a${sha}`) }))],
    [
      'C127 one check run patched from failure to success',
      ['failure', 'success'].map((conclusion, n) => check({ run: 7, conclusion, completed_at: second(n) })),
    ],
    [
      'C127 a status context red, green, red, green',
      ['failure', 'success', 'failure', 'success'].map((conclusion, n) =>
        check({ app: null, app_id: null, branch: null, run: n + 1, conclusion }),
      ),
    ],
    [
      'C128 a permission lost, regained, lost',
      (['none', 'write', 'none'] as const).map((held) => permission('rob', held)),
    ],
  ])('records each turn of %s, in one append or in many, and none twice', async (_, events) => {
    const expected = events.map(() => 'appended')
    expect(outcomes(await append(at.store, events))).toEqual(expected)
    const last = events.at(-1)
    expect(outcomes(await append(at.store, last ? [last] : []))).toEqual(['duplicate'])
    await at.truncate()
    for (const event of events) expect(outcomes(await append(at.store, [event]))).toEqual(['appended'])
  })

  it('refuses as stale what GitHub itself orders before the recorded state', async () => {
    await append(at.store, [seen(12, { updated_at: second(5) }), check({ run: 9, status: 'completed' })])
    const late = await append(at.store, [
      seen(12, { labels: ['old'], updated_at: second(4) }),
      check({ run: 8, conclusion: 'failure' }),
      check({ run: 9, status: 'in_progress', conclusion: null }),
    ])
    expect(late.outcomes).toEqual([
      { outcome: 'stale', newer: 1 },
      { outcome: 'stale', newer: 2 },
      { outcome: 'stale', newer: 2 },
    ])
  })

  it('refuses a push as stale when the recorded push began where it ended', async () => {
    const [a, b, c] = [commit('a1'), commit('b1'), commit('c1')]
    await append(at.store, [fromDelivery(pushed(12, { before: b, sha: c }))])
    expect(outcomes(await append(at.store, [fromDelivery(pushed(12, { before: a, sha: b }))]))).toEqual(['stale'])
    expect(outcomes(await append(at.store, [fromDelivery(pushed(12, { before: c, sha: b }))]))).toEqual(['appended'])
  })

  it('refuses a read as stale when the thing has a fact newer than the position it was read at', async () => {
    await append(at.store, [permission('rob', 'write'), permission('ann', 'write')])
    const readAt = await at.store.log.position()
    await append(at.store, [permission('rob', 'none')])
    const read = await append(at.store, [permission('rob', 'admin'), permission('ann', 'admin')], { readAt })
    expect(read.outcomes).toMatchObject([{ outcome: 'stale', newer: 3 }, { outcome: 'appended' }])
    const next = await append(at.store, [permission('rob', 'admin')], { readAt: await at.store.log.position() })
    expect(outcomes(next)).toEqual(['appended'])
  })

  it('records no look of which a part was overtaken by a newer fact on its way', async () => {
    await append(at.store, [...installed(), permission('rob', 'write')])
    const fence = await take(at.store)
    const readAt = await at.store.log.position()
    await append(at.store, [permission('rob', 'none')])
    const look = by('main', event('lane_observed', LOOKED))
    const read = await append(at.store, [permission('rob', 'admin'), look], { readAt, fence })
    expect(outcomes(read)).toEqual(['stale', 'stale'])
    const again = await append(at.store, [permission('rob', 'admin'), look], { readAt: readAt + 1, fence })
    expect(outcomes(again)).toEqual(['appended', 'appended'])
  })

  it('C133 takes a dismissal before the approval that it dismisses, and both count', async () => {
    expect(outcomes(await append(at.store, [retracted(12), approved(12)]))).toEqual(['appended', 'appended'])
    const pull = await at.store.models.pull(REPOSITORY, 12)
    expect(pull?.doc.reviews['100']).toMatchObject({ sha: null, dismissed: true })
  })

  it('keeps characters that the database refuses as the replacement character', async () => {
    await append(at.store, [seen(12, { title: 'nul \0 and half \ud83d of a pair 🚂' })])
    const pull = await at.store.models.pull(REPOSITORY, 12)
    expect(pull?.doc.seen?.title).toBe('nul \ufffd and half \ufffd of a pair 🚂')
    expect(outcomes(await append(at.store, [seen(12, { title: 'nul \0 and half \ud83d of a pair 🚂' })]))).toEqual([
      'duplicate',
    ])
  })

  it('appends more events at once than one statement takes', async () => {
    const many = Array.from({ length: 1100 }, (_, n) => approved(n + 1, 'rob', { review_id: n + 1 }))
    expect((await append(at.store, many)).position).toBe(1100)
    expect(new Set(outcomes(await append(at.store, many)))).toEqual(new Set(['duplicate']))
  })

  it('marks the delivery as translated in the transaction that appends its events', async () => {
    const delivery = { id: 'd1', event: 'push', action: null, repository: REPOSITORY, installation: 1, body: '{}' }
    await at.store.inbox.receive(delivery)
    await append(at.store, [seen(12)], { delivery: 'd1' })
    expect(await at.store.inbox.receive(delivery)).toBe('done')
  })

  it('writes nothing at all when the transaction fails', async () => {
    await append(at.store, installed())
    const { database } = at.store
    await database.query((db) => db.execute(sql`alter table lane add constraint frozen check (position < 3)`))
    try {
      await expect(append(at.store, [seen(12)])).rejects.toThrow(/frozen|Failed query/)
    } finally {
      await database.query((db) => db.execute(sql`alter table lane drop constraint frozen`))
    }
    expect(await at.store.models.pull(REPOSITORY, 12)).toBeNull()
    expect(await at.store.models.eventsOf({ pull: 12, limit: 10 })).toEqual([])
  })

  it.runIf(kind === 'postgres')('puts what two processes append at once into one order', async () => {
    const other = await at.another()
    const mine = Array.from({ length: 20 }, (_, n) => permission('rob', n % 2 === 0 ? 'write' : 'read'))
    const results = await Promise.all(
      mine.map((event, n) =>
        (n % 2 === 0 ? at.store : other).log.append({ repository: REPOSITORY, events: [event, seen(n + 1)] }),
      ),
    )
    expect(results.every((result) => result.ok)).toBe(true)
    const events = await at.store.models.eventsOf({ grep: 'permission', after: 0, limit: 100 })
    const replaced = events.map(({ key }) => Number(key.split('@ ')[1]))
    expect(replaced).toEqual([0, ...events.map(({ position }) => position)].slice(0, events.length))
    expect(await at.store.rebuild()).toMatchObject([{ differences: [] }])
  })

  it.runIf(kind === 'postgres')('C107 appends what arrives twice at the same instant once', async () => {
    const other = await at.another()
    const both = await Promise.all([at.store, other].map((store) => append(store, [approved(12), seen(12)])))
    expect(new Set(both.map((result) => outcomes(result).join()))).toEqual(
      new Set(['appended,appended', 'duplicate,duplicate']),
    )
  })
})
