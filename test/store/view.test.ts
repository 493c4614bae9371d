/** The view: all that a lane's judgement may look at, at one moment of the log. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import {
  approved,
  BUILT,
  blocked,
  check,
  commit,
  headOf,
  permission,
  planned,
  published,
  pushed,
  queued,
  REPOSITORY,
  seen,
} from '../support/facts.ts'
import { append, by, configured, installed, observedRepository, versionOf } from './lane-facts.ts'

describe.each(testDatabases())('the view on %s', (kind) => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind })
  })
  beforeEach(async () => {
    await at.truncate()
    await append(at.store, [observedRepository(), configured({ targets: ['main', 'next'] })])
  })
  afterAll(() => at.close())

  const view = async (target = 'main') => {
    const loaded = await at.store.views.load(REPOSITORY, target)
    if (!loaded) throw new Error(`there is no lane ${target}`)
    return loaded
  }

  it('is null for a lane that there is not', async () => {
    expect(await at.store.views.load(REPOSITORY, 'next')).toBeNull()
    expect(await at.store.views.load('acme/other', 'main')).toBeNull()
  })

  it("is at the lane's version and the database's time", async () => {
    at.setTime(Date.UTC(2026, 5, 1, 0, 0, 0, 123))
    await append(at.store, [seen(12, { base: 'next' })])
    const { position, now, repository, lane } = await view()
    expect({ position, now }).toEqual({ position: 2, now: Date.UTC(2026, 5, 1, 0, 0, 0, 123) })
    expect(repository).toMatchObject({ name: REPOSITORY, default_branch: 'main' })
    expect(lane).toMatchObject({ target: 'main' })
    expect(await versionOf(at.store, 'next')).toBe(3)
  })

  it('holds the open pull requests of its target and all that the lane still has to do with', async () => {
    await append(at.store, [
      seen(1),
      seen(2, { base: 'next' }),
      seen(3, { state: 'closed' }),
      seen(4),
      seen(5, { base: 'topic' }),
      seen(6, { state: 'closed' }),
      approved(9),
    ])
    await append(at.store, [by('main', queued(4)), by('main', blocked(3))])
    await append(at.store, [seen(4, { state: 'merged', updated_at: '2026-01-05T12:00:01Z' })])
    expect([...(await view()).pulls.keys()]).toEqual([1, 3, 4])
    expect([...(await view('next')).pulls.keys()]).toEqual([2])
    expect([...(await view('*')).pulls.keys()]).toEqual([])
  })

  it('holds the latest report of each check of heads, builds and what CI judged of blocked builds', async () => {
    const other = commit('e9')
    await append(at.store, [
      seen(12),
      check({ run: 1, conclusion: 'failure' }),
      check({ run: 2 }),
      check({ context: 'lint', run: 3 }),
    ])
    await append(at.store, [check({ sha: other, run: 4 }), check({ sha: BUILT, run: 5 })])
    expect([...(await view()).checks.keys()]).toEqual([headOf(12)])
    await append(
      at.store,
      [planned('b1', [12]), published('b1', [12])].map((written) => by('main', written)),
    )
    const { checks } = await view()
    const runs = (sha: string) => checks.get(sha)?.map(({ payload }) => [payload.context, payload.run])
    expect(runs(headOf(12))).toEqual([
      ['test', 2],
      ['lint', 3],
    ])
    expect(runs(BUILT)).toEqual([['test', 5]])
    expect(checks.has(other)).toBe(false)
    expect(checks.get(BUILT)?.[0]).toMatchObject({
      type: 'check_reported',
      position: 8,
      recorded_at: expect.any(String),
    })
  })

  it("holds each user's latest permission, whatever the case of the name", async () => {
    await append(at.store, [permission('Rob', 'write'), permission('rob', 'none'), permission('eve', 'admin')])
    expect((await view()).permissions).toEqual(
      new Map([
        ['rob', 'none'],
        ['eve', 'admin'],
      ]),
    )
  })

  it("holds where its pull requests' branches stand, by their own repository", async () => {
    await append(at.store, [
      seen(12),
      seen(13, { remote: 'fork/rocket', branch: 'main' }),
      seen(14, { remote: null }),
      pushed(12),
      pushed(12, { sha: commit('b9'), before: headOf(12) }),
      pushed(13, { remote: 'fork/rocket', branch: 'main', sha: commit('b8') }),
      pushed(15),
    ])
    expect((await view()).branches).toEqual(
      new Map([
        [`${REPOSITORY}:topic-12`, commit('b9')],
        ['fork/rocket:main', commit('b8')],
      ]),
    )
  })

  it('knows nothing of other repositories', async () => {
    await append(at.store, [...installed(), seen(12), check(), permission('rob')], { repository: 'acme/other' })
    const { pulls, checks, permissions } = await view()
    expect([pulls.size, checks.size, permissions.size]).toEqual([0, 0, 0])
  })
})
