/** The lease: who holds a lane, until when, and how it changes hands. All time is virtual. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fence } from '../../src/core/fence.ts'
import { LEASE_TTL_MS, type Leases, openLeases } from '../../src/store/lease.ts'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import { approved, REPOSITORY, seen } from '../support/facts.ts'
import { append, installed, take, versionOf } from './lane-facts.ts'

const T = Date.UTC(2026, 0, 5, 12)

describe.each(testDatabases())('the lease on %s', (kind) => {
  let at: TestStore
  let leases: Leases
  beforeAll(async () => {
    at = await openTestStore({ kind })
    leases = at.store.leases
  })
  beforeEach(async () => {
    await at.truncate()
    at.setTime(T)
    await append(at.store, [...installed(), seen(12)])
  })
  afterAll(() => at.close())

  const acquire = (owner: string) => leases.acquire(REPOSITORY, 'main', owner)

  it('is acquired for two minutes, with a number', async () => {
    const taken = await acquire('worker-1')
    expect(taken).toMatchObject({
      result: 'acquired',
      fence: { repository: REPOSITORY, lane: 'main', owner: 'worker-1', epoch: 1, expires_at: T + 120_000 },
    })
    expect(LEASE_TTL_MS).toBe(120_000)
  })

  it('is busy while somebody holds it, who is named with the end of the time', async () => {
    await acquire('worker-1')
    at.setTime(T + 60_000)
    expect(await acquire('worker-2')).toEqual({ result: 'busy', owner: 'worker-1', until: T + 120_000 })
    expect(await acquire('worker-1')).toMatchObject({ result: 'busy', owner: 'worker-1' })
  })

  it('is renewed in place: the same fence counts on', async () => {
    const fence = await take(at.store)
    at.setTime(T + 30_000)
    expect(fence.left()).toBe(90_000)
    expect(await leases.renew(fence)).toEqual({ result: 'renewed' })
    expect(fence.left()).toBe(120_000)
    expect(fence).toMatchObject({ epoch: 1, expires_at: T + 150_000 })
    at.setTime(T + 120_000)
    expect(await acquire('worker-2')).toMatchObject({ result: 'busy', until: T + 150_000 })
  })

  it('is stolen once it is over: the number rises, and its holder learns it', async () => {
    const old = await take(at.store)
    at.setTime(T + 120_000)
    expect(await acquire('worker-2')).toMatchObject({ result: 'acquired', fence: { epoch: 2 } })
    expect(await leases.renew(old)).toEqual({ result: 'stolen', owner: 'worker-2' })
    expect(old.left()).toBeLessThan(0)
    expect(await leases.release(old, { wakeAt: null })).toEqual({ result: 'stolen' })
    expect(await acquire('worker-3')).toMatchObject({ result: 'busy', owner: 'worker-2' })
  })

  it('is not confused with a later one of the same owner', async () => {
    const old = await take(at.store)
    at.setTime(T + 120_000)
    await take(at.store)
    expect(await leases.renew(old)).toEqual({ result: 'stolen', owner: 'worker-1' })
    expect(await leases.release(old, { wakeAt: null })).toEqual({ result: 'stolen' })
  })

  it('is expired exactly at its expiry, and not a millisecond before', async () => {
    const fence = await take(at.store)
    at.setTime(T + 119_999)
    expect(await acquire('worker-2')).toMatchObject({ result: 'busy' })
    expect(await leases.renew(fence)).toEqual({ result: 'renewed' })
    at.setTime(T + 119_999 + 120_000)
    expect(fence.left()).toBe(0)
    expect(await leases.renew(fence)).toEqual({ result: 'expired' })
    expect(fence.left()).toBeLessThan(0)
    expect(await acquire('worker-2')).toMatchObject({ result: 'acquired', fence: { epoch: 2 } })
  })

  it('is released by its holder only, and free at once', async () => {
    const fence = await take(at.store)
    expect(await leases.release(fence, { wakeAt: null })).toEqual({ result: 'released' })
    expect(fence.left()).toBeLessThan(0)
    expect(await leases.release(fence, { wakeAt: null })).toEqual({ result: 'stolen' })
    const next = await acquire('worker-2')
    expect(next).toMatchObject({ result: 'acquired', fence: { epoch: 2 } })
    expect(await leases.release(fence, { wakeAt: null })).toEqual({ result: 'stolen' })
    expect(await acquire('worker-3')).toMatchObject({ result: 'busy', owner: 'worker-2' })
  })

  it('counts what is left from before the request, so that it never promises more than the row', async () => {
    let mono = 1000
    const slow = openLeases(
      {
        ...at.store.database,
        transaction: async (work, config) => {
          mono += 700
          return at.store.database.transaction(work, config)
        },
      },
      { monotonic: () => mono },
    )
    const taken = await slow.acquire(REPOSITORY, 'main', 'worker-1')
    if (taken.result !== 'acquired') throw new Error('busy')
    expect(taken.fence.left()).toBe(119_300)
    await slow.renew(taken.fence)
    expect(taken.fence.left()).toBe(119_300)
  })

  it('is kept when the lane has moved since it was judged, so that no wake-up is lost', async () => {
    const fence = await take(at.store)
    const judged = await versionOf(at.store)
    await append(at.store, [approved(12)])
    expect(await leases.release(fence, { wakeAt: null, ifPosition: judged ?? 0 })).toEqual({ result: 'moved' })
    expect(fence.left()).toBe(120_000)
    expect(await acquire('worker-2')).toMatchObject({ result: 'busy' })
    const again = (await versionOf(at.store)) ?? 0
    expect(await leases.release(fence, { wakeAt: null, ifPosition: again })).toEqual({ result: 'released' })
    expect(await claimed('main')).toBe(false)
  })

  it('is given back in a grace: an event before the release keeps it, one after it makes the lane due', async () => {
    const fence = await take(at.store)
    const judged = (await versionOf(at.store)) ?? 0
    at.setTime(T + 5_000)
    expect(await leases.release(fence, { wakeAt: T + 60_000, ifPosition: judged })).toEqual({ result: 'released' })
    expect(await claimed('main')).toBe(false)
    await append(at.store, [approved(12)])
    expect(await claimed('main')).toBe(true)
  })

  it('given back without a version leaves the lane as due as it is, or due when it is told', async () => {
    await leases.release(await take(at.store), { wakeAt: null })
    expect(await claimed('main')).toBe(true)
    const [fence] = [await take(at.store, 'main', 'worker-2')]
    await leases.release(fence, { wakeAt: T + 10_000 })
    expect(await claimed('main')).toBe(false)
    at.setTime(T + 10_000)
    expect(await claimed('main')).toBe(true)
  })

  it('is claimed for the lane that is due for longest, and for none that is held or not due', async () => {
    const first = await leases.claimNext('worker-1')
    const other = await leases.claimNext('worker-2')
    expect([first, other]).toMatchObject([{ fence: { lane: '*' } }, { fence: { lane: 'main' } }])
    expect(await leases.claimNext('worker-3')).toEqual({ result: 'idle', next: T + 120_000 })
    at.setTime(T + 120_000)
    expect(await leases.claimNext('worker-3')).toMatchObject({ fence: { lane: '*', owner: 'worker-3', epoch: 2 } })
  })

  it('says when the next lane can be claimed', async () => {
    const idleUntil = async (next: number | null) =>
      expect(await leases.claimNext('worker-2')).toEqual({ result: 'idle', next })
    const main = await take(at.store)
    await leases.release(await take(at.store, '*'), { wakeAt: T + 300_000, ifPosition: 2 })
    await idleUntil(T + 120_000)
    await leases.release(main, { wakeAt: null, ifPosition: 3 })
    await idleUntil(T + 300_000)
    at.setTime(T + 300_000)
    await leases.release(await take(at.store, '*'), { wakeAt: null, ifPosition: 2 })
    await idleUntil(null)
  })

  it('refuses a lane that there is not', async () => {
    await expect(leases.acquire(REPOSITORY, 'nowhere', 'worker-1')).rejects.toThrow('there is no lane nowhere')
  })

  it.runIf(kind === 'postgres')('goes to one of many that ask at once', async () => {
    const other = await at.another()
    const asked = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? at.store : other).leases.acquire(REPOSITORY, 'main', `worker-${n}`),
      ),
    )
    expect(asked.filter(({ result }) => result === 'acquired')).toHaveLength(1)
  })

  it.runIf(kind === 'postgres')('gives each of many that claim at once another lane', async () => {
    const names = Array.from({ length: 6 }, (_, n) => `acme/r${n}`)
    for (const repository of names) await append(at.store, installed(), { repository })
    const other = await at.another()
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? at.store : other).leases.claimNext(`worker-${n}`)),
    )
    const nameOf = (fence: Fence) => `${fence.repository} ${fence.lane}`
    const got = claims.flatMap((claim) => (claim.result === 'acquired' ? [nameOf(claim.fence)] : []))
    expect(new Set(got).size).toBe(got.length)
    got.push(...(await claimAll('last')).map(nameOf))
    expect(new Set(got).size).toBe(14)
  })

  /** Whether the lane is due and free; what was claimed for the answer is left as it was. */
  async function claimed(lane: string): Promise<boolean> {
    const claims = await claimAll('probe')
    for (const fence of claims) await leases.release(fence, { wakeAt: null })
    return claims.some((fence) => fence.lane === lane)
  }

  async function claimAll(owner: string): Promise<Fence[]> {
    const claim = await leases.claimNext(owner)
    return claim.result === 'acquired' ? [claim.fence, ...(await claimAll(owner))] : []
  }
})
