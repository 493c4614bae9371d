/** What people look up: queues, pull requests by every name they go by, and the log. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EventFilter } from '../../src/store/read-models.ts'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import {
  approved,
  BUILT,
  blocked,
  commit,
  concluded,
  event,
  followUpOpened,
  headOf,
  integrated,
  landing,
  NOON,
  planned,
  published,
  queued,
  REPOSITORY,
  seen,
} from '../support/facts.ts'
import { append, by, installed } from './lane-facts.ts'

const T = Date.UTC(2026, 0, 5, 12)

describe.each(testDatabases())('the read models on %s', (kind) => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind })
  })
  beforeEach(async () => {
    await at.truncate()
    at.setTime(T)
    await append(at.store, [...installed(), seen(12), seen(13), seen(14, { state: 'closed' })])
  })
  afterAll(() => at.close())

  const decide = (...events: Parameters<typeof by>[1][]) =>
    append(
      at.store,
      events.map((written) => by('main', written)),
    )
  const queue = async () =>
    (await at.store.models.queue(REPOSITORY, 'main')).map(({ pull, sha, status, place, reason }) => [
      pull,
      sha.slice(0, 3),
      status,
      place,
      reason,
    ])

  it('show the queue in the order of its places, and every status an entry goes through', async () => {
    await decide(queued(13), queued(12))
    expect(await queue()).toEqual([
      [13, 'b13', 'queued', 6, null],
      [12, 'b12', 'queued', 7, null],
    ])
    await decide(planned('b1', [13]))
    expect((await queue())[0]).toEqual([13, 'b13', 'in_progress', 6, null])
    await decide(blocked(13, { build: 'b1' }))
    expect((await queue())[0]).toEqual([13, 'b13', 'blocked', 6, 'merge_conflict'])
    await decide(
      queued(13, { sha: commit('a9') }),
      event('candidate_dequeued', { pull: 12, sha: headOf(12), reason: 'closed' }),
    )
    expect(await queue()).toEqual([
      [13, 'b13', 'blocked', 6, 'merge_conflict'],
      [13, 'a9a', 'queued', expect.any(Number), null],
      [12, 'b12', 'dequeued', null, 'closed'],
    ])
  })

  it('show each stage of a build, and keep it when it is gone', async () => {
    const stages: unknown[] = []
    const look = async () =>
      stages.push((await at.store.models.builds(REPOSITORY, 'main')).map(({ build, stage }) => [build, stage]))
    await decide(queued(12), planned('b1', [12]))
    await look()
    await decide(published('b1', [12]))
    await look()
    await decide(concluded('b1'), landing('b1'))
    await look()
    await decide(integrated(12, { build: 'b1' }))
    await decide(planned('b2', [13]), event('build_withdrawn', { build: 'b2' }))
    await look()
    expect(stages).toEqual([
      [['b1', 'planned']],
      [['b1', 'published']],
      [['b1', 'concluded']],
      [
        ['b1', 'landed'],
        ['b2', 'withdrawn'],
      ],
    ])
    const [first] = await at.store.models.builds(REPOSITORY, 'main')
    expect(first).toMatchObject({ sha: BUILT, verdict: 'passed', members: [{ pull: 12, sha: headOf(12) }] })
  })

  it('show follow-ups by their lane and by their issue', async () => {
    await decide(queued(13), blocked(13), followUpOpened(13, 57))
    expect(await at.store.models.followUps(REPOSITORY, 'main')).toMatchObject([{ pull: 13, issue: 57, state: 'open' }])
    expect(await at.store.models.followUpsByIssue(57)).toMatchObject([
      { repository: REPOSITORY, target: 'main', pull: 13 },
    ])
    expect(await at.store.models.followUpsByIssue(57, 'acme/other')).toEqual([])
  })

  it('find a pull request by number, branch and any length of its sha', async () => {
    const { models } = at.store
    expect(await models.pull(REPOSITORY, 12)).toMatchObject({
      base: 'main',
      state: 'open',
      sha: headOf(12),
      position: 3,
    })
    expect(await models.pull(REPOSITORY, 99)).toBeNull()
    const numbers = (rows: { number: number }[]) => rows.map(({ number }) => number)
    expect(numbers(await models.openPulls(REPOSITORY))).toEqual([12, 13])
    expect(numbers(await models.pullsByBranch(REPOSITORY, 'topic-13'))).toEqual([13])
    expect(numbers(await models.pullsBySha(headOf(12)))).toEqual([12])
    expect(numbers(await models.pullsBySha(headOf(12).slice(0, 7), REPOSITORY))).toEqual([12])
    expect(numbers(await models.pullsBySha('%'))).toEqual([])
  })

  it.each<[string, Partial<EventFilter>, string[]]>([
    [
      'a pull request, builds with it as a member too',
      { pull: 12 },
      ['pull_request_observed', 'candidate_queued', 'build_planned'],
    ],
    ['a follow-up', { follow_up: 57 }, ['follow_up_opened']],
    ['a lane', { lane: '*' }, ['repository_observed', 'pull_request_observed']],
    ['a word in any case', { grep: 'MERGE_conf' }, ['integration_blocked']],
    ['a percent sign, taken as it is', { grep: '%' }, ['pull_request_observed']],
    ['a moment', { since: new Date(T + 1000) }, ['pull_request_observed']],
    ['a position', { after: 9 }, ['follow_up_opened', 'pull_request_observed']],
    ['another repository', { repository: 'acme/other' }, []],
  ])('give the events of %s', async (_, filter, types) => {
    await decide(queued(12), planned('b1', [12]), queued(13), blocked(13), followUpOpened(13, 57))
    at.setTime(T + 1000)
    await append(at.store, [seen(15, { base: 'topic', title: '100 % done' })])
    const events = await at.store.models.eventsOf({ limit: 100, ...filter })
    expect(events.map(({ type }) => type)).toEqual(types)
  })

  it('give the newest events, oldest first, or those after a position', async () => {
    const positions = async (filter: EventFilter) =>
      (await at.store.models.eventsOf(filter)).map(({ position }) => position)
    await append(at.store, [approved(12)])
    expect(await positions({ limit: 2 })).toEqual([5, 6])
    expect(await positions({ limit: 2, after: 1 })).toEqual([2, 3])
  })

  it('name the repositories', async () => {
    await append(at.store, [{ ...approved(1), occurred_at: NOON }], { repository: 'acme/another' })
    expect((await at.store.models.repositories()).map(({ name }) => name)).toEqual(['acme/another', REPOSITORY])
  })
})
