/** A repository under another name: what is kept of it goes along, and names that are used again mix nothing up. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seedLane } from '../cli/seeded-lane.ts'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import { event, REPOSITORY, readyFacts, seen } from '../support/facts.ts'
import { append, installed, take } from './lane-facts.ts'

const NEW = 'acme/shuttle'
const named = (id: number, name = REPOSITORY, formerly: string | null = null) => ({ id, name, formerly })

describe.each(testDatabases())('a renamed repository on %s', (kind) => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind })
  })
  beforeEach(() => at.truncate())
  afterAll(() => at.close())

  const names = async () => (await at.store.models.repositories()).map(({ name }) => name)
  const know = (id: number, name = REPOSITORY) =>
    append(at.store, [event('repository_named', named(id, name))], { repository: name })

  it('keeps its queue, its builds and its history, as a log folded anew tells them', async () => {
    await seedLane(at.store)
    await know(7)
    const before = await at.store.models.queue(REPOSITORY, 'main')
    const lane = (await at.store.views.load(REPOSITORY, 'main'))?.lane
    await at.store.checkpoints.set(`swept:${REPOSITORY}`, { position: 1, value: { at: 'then' } })
    await at.store.follow(named(7, NEW))
    expect(await names()).toEqual([NEW])
    expect(await at.store.models.queue(NEW, 'main')).toEqual(before.map((row) => ({ ...row, repository: NEW })))
    expect((await at.store.views.load(NEW, 'main'))?.lane).toEqual({ ...lane, repository: NEW })
    expect(await at.store.checkpoints.get(`swept:${NEW}`)).toMatchObject({ value: { at: 'then' } })
    expect((await at.store.rebuild()).flatMap(({ differences }) => differences)).toEqual([])
    await at.store.follow(named(7, NEW))
    expect(await names()).toEqual([NEW])
  })

  it('is found by its former name where its id was not known yet', async () => {
    await append(at.store, installed())
    await at.store.follow(named(7, NEW))
    expect(await names()).toEqual([REPOSITORY])
    await at.store.follow(named(7, NEW, REPOSITORY))
    expect(await names()).toEqual([NEW])
  })

  it('takes in what was heard under the new name before', async () => {
    await append(at.store, [...installed(), ...readyFacts(12)])
    await know(7)
    await append(at.store, [...installed(), seen(12, { title: 'Newer' })], { repository: NEW })
    await at.store.follow(named(7, NEW))
    expect((await at.store.models.pull(NEW, 12))?.doc).toMatchObject({ seen: { title: 'Newer' }, declaration: {} })
    expect((await at.store.rebuild()).flatMap(({ differences }) => differences)).toEqual([])
  })

  it('ends the fence of whoever held its lane, and is taken by nobody before that lease would have run out', async () => {
    await append(at.store, installed())
    await know(7)
    const fence = await take(at.store)
    await at.store.follow(named(7, NEW))
    expect(await at.store.log.append({ repository: REPOSITORY, events: [], fence })).toEqual({
      ok: false,
      why: 'fenced',
    })
    expect((await at.store.leases.renew(fence)).result).toBe('stolen')
    expect((await at.store.leases.acquire(NEW, 'main', 'worker-2')).result).toBe('busy')
    expect(await names()).toEqual([NEW])
  })

  it('does not take over what another repository left under its name', async () => {
    await append(at.store, [...installed(), ...readyFacts(12)])
    await know(7)
    await append(at.store, [...installed(), seen(13)], { repository: NEW })
    await know(8, NEW)
    await at.store.follow(named(8))
    expect(await names()).toEqual([REPOSITORY, `${REPOSITORY}~7`])
    expect(await at.store.models.pull(REPOSITORY, 12)).toBeNull()
    await at.store.follow(named(7, NEW))
    expect(await names()).toEqual([REPOSITORY, NEW])
    expect((await at.store.models.pull(NEW, 12))?.doc.seen).toMatchObject({ pull: 12 })
  })
})
