/** Lanes in the append: when they begin, what touches them, and who may not write for them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import {
  approved,
  check,
  commit,
  event,
  examined,
  planned,
  protection,
  pushed,
  queued,
  REPOSITORY,
  seen,
  TIP,
  targetMoved,
} from '../support/facts.ts'
import { append, by, configured, installed, observedRepository, outcomes, take, versionOf } from './lane-facts.ts'

describe.each(testDatabases())('lanes on %s', (kind) => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind })
  })
  beforeEach(() => at.truncate())
  afterAll(() => at.close())

  const targets = async () => (await at.store.models.lanes(REPOSITORY)).map(({ target }) => target)
  const laneDoc = async (target: string) =>
    (await at.store.models.lanes(REPOSITORY)).find((lane) => lane.target === target)?.doc

  it('begin with the first event of a repository, one for the repository itself', async () => {
    await append(at.store, [approved(12)])
    expect(await targets()).toEqual(['*'])
  })

  it('begin for the default branch when its configuration is known, in whichever order that comes', async () => {
    await append(at.store, installed())
    expect(await targets()).toEqual(['*', 'main'])
    await at.truncate()
    await append(at.store, installed().toReversed())
    expect(await targets()).toEqual(['*', 'main'])
  })

  it('begin for no branch while the mode is off', async () => {
    await append(at.store, [observedRepository(), configured({ mode: 'off' }), seen(12)])
    expect(await targets()).toEqual(['*'])
    expect((await append(at.store, [configured({}, { blob: commit('ad') })])).lanes).toEqual(['*', 'main'])
  })

  it('begin for another target with the first pull request that is made for it', async () => {
    await append(at.store, [observedRepository(), configured({ targets: ['main', 'release/*'] })])
    expect(await targets()).toEqual(['*', 'main'])
    const result = await append(at.store, [seen(12, { base: 'release/1' }), seen(13, { base: 'topic' })])
    expect(await targets()).toEqual(['*', 'main', 'release/1'])
    expect(result.lanes).toEqual(['release/1', '*'])
  })

  it('begin late at the tip that the log last saw, and without what was asked before', async () => {
    await append(at.store, [
      pushed(1, { branch: 'main', sha: commit('d1') }),
      targetMoved({ branch: 'main', after: commit('d2') }),
      pushed(1, { branch: 'main', sha: commit('d3') }),
      pushed(1, { branch: 'main', sha: commit('d4'), remote: 'fork/rocket' }),
      event('lane_held', {
        target: 'main',
        request: 'r1',
        by: 'max',
        reason: 'asked',
        words: 'x',
        evidence: [],
        allow: [],
      }),
    ])
    await append(at.store, installed())
    expect(await laneDoc('main')).toMatchObject({ tip: commit('d3'), hold: null })
    expect(await laneDoc('*')).toMatchObject({ tip: null })
  })

  it('begin for no branch that was a base until this very append', async () => {
    await append(at.store, [observedRepository(), seen(12, { base: 'next' })])
    await append(at.store, [
      seen(12, { base: 'main', updated_at: '2026-01-05T12:00:01Z' }),
      configured({ targets: ['main', 'next'] }),
    ])
    expect(await targets()).toEqual(['*', 'main'])
    expect(await at.store.rebuild()).toMatchObject([{ differences: [] }])
  })

  it('begin at the tip that is seen in the same append', async () => {
    await append(at.store, [pushed(1, { branch: 'main', sha: commit('d1') })])
    await append(at.store, [targetMoved({ after: TIP }), ...installed()])
    expect(await laneDoc('main')).toMatchObject({ tip: TIP })
  })

  it('are touched by the facts of their pull requests, before and after a base changes', async () => {
    await append(at.store, [
      observedRepository(),
      configured({ targets: ['main', 'next'] }),
      seen(12),
      seen(13, { base: 'next' }),
    ])
    expect((await append(at.store, [approved(12), examined(12)])).lanes).toEqual(['main'])
    const moved = await append(at.store, [seen(12, { base: 'next', updated_at: '2026-01-05T12:00:01Z' })])
    expect(moved.lanes).toEqual(['main', 'next'])
    expect((await append(at.store, [approved(12, 'eve', { review_id: 7 })])).lanes).toEqual(['next'])
  })

  it('rise in version with every event that touches them, and with no other', async () => {
    await append(at.store, [
      observedRepository(),
      configured({ targets: ['main', 'next'] }),
      seen(12),
      seen(13, { base: 'next' }),
    ])
    const { position } = await append(at.store, [approved(12)])
    expect(await versionOf(at.store, 'main')).toBe(position)
    expect(await versionOf(at.store, 'next')).toBe(4)
    const report = await append(at.store, [check(), check()])
    expect(outcomes(report)).toEqual(['appended', 'duplicate'])
    expect(await versionOf(at.store, 'next')).toBe(report.position)
    expect(await versionOf(at.store, '*')).toBe(2)
    const protectedAt = await append(at.store, [protection()])
    expect(protectedAt.position).toBeGreaterThan(report.position)
    expect(await versionOf(at.store, 'main')).toBe(protectedAt.position)
  })

  it('fall due when they are touched by anybody but their holder', async () => {
    await append(at.store, [...installed(), seen(12)])
    const fence = await take(at.store)
    await at.store.leases.release(fence, { wakeAt: null, ifPosition: 3 })
    await take(at.store, '*')
    expect(await at.store.leases.claimNext('w')).toMatchObject({ result: 'idle' })
    await append(at.store, [approved(12)])
    expect(await at.store.leases.claimNext('w')).toMatchObject({ fence: { lane: 'main' } })
    await at.truncate()
    await append(at.store, installed())
    const tomorrow = Date.UTC(2026, 11, 31)
    for (const name of ['main', '*'])
      await at.store.leases.release(await take(at.store, name), { wakeAt: tomorrow, ifPosition: 2 })
    const own = await take(at.store)
    await append(at.store, [by('main', queued(12))], { fence: own })
    await at.store.leases.release(own, { wakeAt: null })
    expect(await at.store.leases.claimNext('w')).toEqual({ result: 'idle', next: tomorrow })
  })

  it('take a decision at the version it was judged at, under their epoch', async () => {
    await append(at.store, [...installed(), seen(12)])
    const fence = await take(at.store)
    const result = await append(at.store, [by('main', queued(12))], { fence, atPosition: 3, basedOn: 3 })
    expect(result.outcomes).toMatchObject([
      { outcome: 'appended', event: { lane: 'main', epoch: 1, based_on: 3, key: 'candidate_queued:main:3:0' } },
    ])
    expect(await laneDoc('main')).toMatchObject({ entries: { 12: { place: 4, status: 'queued' } } })
  })

  it('C59 have one build when ten workers look at one at the same time, in several processes where they can', async () => {
    await append(at.store, [...installed(), seen(12), queued(12)])
    const stores = kind === 'postgres' ? [at.store, await at.another()] : [at.store]
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, worker) =>
        (stores[worker % stores.length] ?? at.store).leases.acquire(REPOSITORY, 'main', `worker-${worker}`),
      ),
    )
    const fences = claims.flatMap((claim) => (claim.result === 'acquired' ? [claim.fence] : []))
    expect(fences).toMatchObject([{ epoch: 1 }])
    const atPosition = await versionOf(at.store)
    const [fence] = fences
    if (!fence || atPosition === undefined) throw new Error('nobody has the lane')
    const events = [by('main', planned('b1', [12]))]
    const plans = await Promise.all(
      Array.from({ length: 10 }, () => at.store.log.append({ repository: REPOSITORY, events, fence, atPosition })),
    )
    expect(plans.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await laneDoc('main')).toMatchObject({ builds_planned: 1, builds: { b1: { members: [{ pull: 12 }] } } })
  })

  it('take no decision that was judged at an older version', async () => {
    await append(at.store, [...installed(), seen(12)])
    const fence = await take(at.store)
    await append(at.store, [approved(12)])
    const late = await at.store.log.append({
      repository: REPOSITORY,
      events: [by('main', queued(12))],
      fence,
      atPosition: 3,
    })
    expect(late).toEqual({ ok: false, why: 'lane_moved' })
    expect(await at.store.log.position()).toBe(4)
    const outcome = await append(at.store, [by('main', queued(12))], { fence })
    expect(outcomes(outcome)).toEqual(['appended'])
  })

  it('take nothing from a stale epoch, neither decisions nor facts nor refusals', async () => {
    await append(at.store, [...installed(), seen(12)])
    const old = await take(at.store, 'main', 'worker-1')
    at.setTime(old.expires_at)
    const young = await take(at.store, 'main', 'worker-2')
    const before = await at.store.models.eventsOf({ limit: 100 })
    for (const events of [[by('main', queued(12))], [approved(12)], [approved(0)]])
      expect(await at.store.log.append({ repository: REPOSITORY, events, fence: old })).toEqual({
        ok: false,
        why: 'fenced',
      })
    expect(await at.store.models.eventsOf({ limit: 100 })).toEqual(before)
    expect(await at.store.models.rejected(10)).toEqual([])
    expect(await at.store.rebuild()).toMatchObject([{ differences: [] }])
    expect((await append(at.store, [by('main', queued(12))], { fence: young })).ok).toBe(true)
  })

  it('take nothing under a lease that is over though nobody took it', async () => {
    await append(at.store, installed())
    const fence = await take(at.store)
    at.setTime(fence.expires_at - 1)
    expect((await append(at.store, [by('main', queued(12))], { fence })).ok).toBe(true)
    at.setTime(fence.expires_at)
    expect(await at.store.log.append({ repository: REPOSITORY, events: [by('main', queued(13))], fence })).toEqual({
      ok: false,
      why: 'fenced',
    })
  })

  it('reject a decision for a lane that there is not, or that names none', async () => {
    await append(at.store, installed())
    const result = await append(at.store, [queued(12)])
    expect(result.outcomes).toEqual([
      { outcome: 'rejected', diagnostics: ['lane: a decision names the lane that made it'] },
    ])
    const other = await append(at.store, [by('nowhere', queued(12))])
    expect(other.outcomes).toEqual([{ outcome: 'rejected', diagnostics: ['lane: there is no lane nowhere'] }])
  })

  it('are written by no fence but their own', async () => {
    await append(at.store, installed())
    const fence = await take(at.store, '*')
    await expect(append(at.store, [by('main', queued(12))], { fence })).rejects.toThrow("can't write for another lane")
  })
})
