/** Deliveries that came in, over real HTTP and a real store: what is kept, what is done once, what is done again. */
import { EventEmitter, once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ZERO_SHA } from '../../src/core/ids.ts'
import { UnfitPayload } from '../../src/ingest/unfit-payload.ts'
import type { Store } from '../../src/store/store.ts'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import { type Door, openDoor } from './door.ts'
import { approval, checkRun, pull, push, REPOSITORY, repository, sha } from './payloads.ts'

describe.each(testDatabases())('a delivery on %s', (kind) => {
  let test: TestStore
  let doors: Door[] = []
  beforeAll(async () => {
    test = await openTestStore({ kind })
  })
  beforeEach(() => test.truncate())
  afterEach(async () => {
    for (const door of doors) await door.close()
    doors = []
  })
  afterAll(() => test.close())

  async function open(options?: Parameters<typeof openDoor>[1]): Promise<Door> {
    const door = await openDoor(test.store, options)
    doors.push(door)
    return door
  }
  const logged = () => test.store.models.eventsOf({ repository: REPOSITORY, limit: 100 })
  const kept = async (id = 'd-1') => {
    const row = await test.store.inbox.find(id)
    return row && { event: row.event, translated: row.translated_at !== null, diagnostics: row.diagnostics }
  }

  it('turns an approval into an event and says so', async () => {
    const door = await open()
    expect(await door.deliver('pull_request_review', approval)).toEqual({
      status: 200,
      body: { outcome: 'translated' },
    })
    expect(await logged()).toMatchObject([{ type: 'review_approved', source: 'delivery:d-1', payload: { pull: 12 } }])
    expect(await kept()).toEqual({ event: 'pull_request_review', translated: true, diagnostics: null })
  })

  it('C106 keeps an unknown event without an event in the log', async () => {
    const door = await open()
    const answer = await door.deliver('sponsorship', { action: 'created', sponsorship: {} })
    expect(answer).toEqual({ status: 200, body: { outcome: 'ignored' } })
    expect(await kept()).toEqual({ event: 'sponsorship', translated: true, diagnostics: null })
    expect(await test.store.log.position()).toBe(0)
  })

  it('keeps an event that says nothing that matters without an event in the log', async () => {
    const door = await open()
    const answer = await door.deliver('push', push({ ref: 'refs/tags/v1' }))
    expect(answer.body).toEqual({ outcome: 'ignored' })
    expect(await logged()).toEqual([])
  })

  it('C107 takes one delivery once, also when it comes twice at the same instant', async () => {
    const door = await open()
    const answers = await Promise.all([
      door.deliver('pull_request_review', approval),
      door.deliver('pull_request_review', approval),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect((await door.deliver('pull_request_review', approval)).body).toEqual({ outcome: 'duplicate' })
    expect(await logged()).toHaveLength(1)
  })

  it('C107 makes one event of the same fact in two deliveries', async () => {
    const door = await open()
    await door.deliver('pull_request_review', approval, { id: 'd-1' })
    await door.deliver('pull_request_review', { ...approval, action: 'edited' }, { id: 'd-2' })
    expect(await logged()).toHaveLength(1)
    expect(await test.store.models.rejected(10)).toEqual([])
  })

  it('keeps a payload that does not fit with its diagnostics, and lets GitHub list it as failed', async () => {
    const door = await open()
    const answer = await door.deliver('pull_request_review', { ...approval, review: { id: 'x' } })
    expect(answer).toMatchObject({ status: 422, body: { outcome: 'unfit' } })
    expect(await kept()).toEqual({
      event: 'pull_request_review',
      translated: false,
      diagnostics: [
        'review.id: Invalid input: expected number, received string',
        'review.state: Invalid input: expected string, received undefined',
      ],
    })
    expect(door.logged).toMatchObject([{ delivery: 'd-1', outcome: 'unfit', repository: REPOSITORY }])
    expect(await logged()).toEqual([])
  })

  it.each([
    ['text that is not JSON', 'mode: live', 'payload: not JSON'],
    ['JSON that is not an object', '3', 'payload: not an object'],
  ])('keeps %s with its diagnostics', async (_, body, diagnostic) => {
    const door = await open()
    expect((await door.deliver('push', body)).status).toBe(422)
    expect(await kept()).toMatchObject({ translated: false, diagnostics: [diagnostic] })
  })

  it('answers 500 when a translator throws, keeps why, and translates on the repeat', async () => {
    const broken = await open({ dispatch: () => Promise.reject(new Error('a bug')) })
    expect((await broken.deliver('pull_request_review', approval)).status).toBe(500)
    expect(await kept()).toMatchObject({ translated: false, diagnostics: ['Error: a bug'] })
    expect(broken.logged).toMatchObject([{ delivery: 'd-1', outcome: 'failed', diagnostics: ['Error: a bug'] }])
    const mended = await open()
    expect((await mended.deliver('pull_request_review', approval)).body).toEqual({ outcome: 'translated' })
    expect(await logged()).toHaveLength(1)
  })

  it('is a bug when one of two listeners has one, though the payload does not fit the other', async () => {
    const both = new AggregateError([new UnfitPayload(['payload: odd']), new Error('a bug')])
    const door = await open({ dispatch: () => Promise.reject(both) })
    expect((await door.deliver('push', push())).status).toBe(500)
    expect(await kept()).toMatchObject({ diagnostics: ['payload: odd', 'Error: a bug'] })
  })

  it('stays untranslated when the database goes away between two repositories of it', async () => {
    const append: Store['log']['append'] = (request) =>
      request.repository === 'acme/b'
        ? Promise.reject(new Error('the database is gone'))
        : test.store.log.append(request)
    const store = { ...test.store, log: { ...test.store.log, append } }
    const door = await openDoor(store)
    doors.push(door)
    const repositories = [{ full_name: 'acme/a' }, { full_name: 'acme/b' }]
    const payload = { action: 'created', installation: { id: 9 }, repositories }
    expect((await door.deliver('installation', payload)).status).toBe(500)
    expect(await kept()).toMatchObject({ translated: false })
    const next = await open()
    expect(await next.deliveries.translatePending()).toEqual({ translated: 1, failed: 0 })
    expect(await test.store.models.repositories()).toHaveLength(2)
  })

  it('C132 translates at the next start what was stored before a crash', async () => {
    const translating = new EventEmitter()
    const begun = once(translating, 'begun')
    const dying = await open({
      dispatch: () => {
        translating.emit('begun')
        return new Promise(() => {})
      },
    })
    const lost = dying.deliver('pull_request_review', approval).catch(() => 'the process died')
    await begun
    expect(await kept()).toMatchObject({ translated: false })
    await dying.close()
    doors = []
    expect(await lost).toBe('the process died')
    const next = await open()
    expect(await next.deliveries.translatePending()).toEqual({ translated: 1, failed: 0 })
    expect(await logged()).toHaveLength(1)
    expect(await next.deliveries.translatePending()).toEqual({ translated: 0, failed: 0 })
  })

  it('is told once when it fails in every sweep as it failed before', async () => {
    const door = await open()
    await door.deliver('push', { ref: 'refs/heads/main' })
    expect(await door.deliveries.translatePending()).toEqual({ translated: 0, failed: 1 })
    expect(door.logged).toHaveLength(1)
  })

  it('translates what can be translated although more than a page of what can not is stored', async () => {
    const door = await open()
    for (let n = 0; n < 60; n++) await door.deliver('push', { n }, { id: `bad-${n}` })
    const stored = { id: 'good', event: 'pull_request_review', action: null, repository: null, installation: null }
    await test.store.inbox.receive({ ...stored, body: JSON.stringify(approval) })
    expect(await door.deliveries.translatePending()).toMatchObject({ translated: 1 })
    expect(await logged()).toHaveLength(1)
  })

  it('appends all repositories of one installation webhook, and those alone', async () => {
    const door = await open()
    const repositories = [
      { full_name: 'acme/a', private: true },
      { full_name: 'acme/b', private: false },
    ]
    await door.deliver('installation', { action: 'created', installation: { id: 9 }, repositories })
    const rows = await test.store.models.repositories()
    expect(rows.map(({ name, doc }) => [name, doc.installed])).toEqual([
      ['acme/a', true],
      ['acme/b', true],
    ])
    const other = { action: 'created', installation: { id: 10 }, repositories: [{ full_name: 'beta/c' }] }
    await door.deliver('installation', other, { id: 'd-3' })
    await door.deliver('installation', { action: 'suspend', installation: { id: 9 } }, { id: 'd-2' })
    const suspended = await test.store.models.repositories()
    expect(suspended.map(({ doc }) => doc.suspended)).toEqual([true, true, false])
  })

  /** The last observation in the log, as far as the given fields go. */
  async function lastly(type: string): Promise<unknown> {
    return (await logged()).findLast((event) => event.type === type)?.payload
  }

  it.each([
    ['a second apart', (n: number) => `2026-01-05T12:00:0${n}Z`],
    ['within one second', () => '2026-01-05T12:00:00Z'],
  ])('C125 ends where GitHub is when a label comes and goes twice, %s', async (_, at) => {
    const door = await open()
    for (const [n, labels] of [['bug'], [], ['bug'], []].entries()) {
      const seen = pull({ labels: labels.map((name) => ({ name })), updated_at: at(n) })
      await door.deliver('pull_request', { action: 'labeled', pull_request: seen, repository }, { id: `d-${n}` })
      expect(await lastly('pull_request_observed')).toMatchObject({ labels })
    }
    expect((await logged()).filter(({ type }) => type === 'pull_request_observed')).toHaveLength(4)
  })

  it('C126 ends where GitHub is when a head goes back and forth by force', async () => {
    const door = await open()
    const [a, b] = [sha('a1'), sha('b2')]
    for (const [n, [before, after]] of [
      [ZERO_SHA, a],
      [a, b],
      [b, a],
      [a, b],
    ].entries()) {
      const moved = push({ ref: 'refs/heads/topic', before, after, forced: n > 0 })
      await door.deliver('push', moved, { id: `d-${n}` })
      expect(await lastly('branch_pushed')).toMatchObject({ sha: after, before })
    }
  })

  it('keeps the newer state when webhooks about a pull request come in the wrong order', async () => {
    const door = await open()
    const closed = pull({ state: 'closed', updated_at: '2026-01-05T12:05:00Z' })
    await door.deliver('pull_request', { action: 'closed', pull_request: closed, repository }, { id: 'd-2' })
    await door.deliver('pull_request', { action: 'labeled', pull_request: pull(), repository }, { id: 'd-1' })
    expect(await lastly('pull_request_observed')).toMatchObject({ state: 'closed' })
    expect(await kept('d-1')).toMatchObject({ translated: true })
  })

  it('C127 ends where GitHub is when one check run is patched from failure to success', async () => {
    const door = await open()
    const patched = [
      { conclusion: 'failure', completed_at: '2026-01-05T12:00:00Z' },
      { conclusion: 'success', completed_at: '2026-01-05T12:05:00Z' },
    ]
    for (const [n, state] of patched.entries())
      await door.deliver('check_run', { action: 'completed', check_run: checkRun(state), repository }, { id: `d-${n}` })
    expect((await logged()).map(({ payload }) => 'conclusion' in payload && payload.conclusion)).toEqual([
      'failure',
      'success',
    ])
  })
})
