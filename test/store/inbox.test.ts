/** The inbox, and the two small tables beside it: checkpoints and limits. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'

const T = Date.UTC(2026, 0, 5, 12)
const delivery = (id: string) => ({
  id,
  event: 'push',
  action: null,
  repository: 'acme/rocket',
  installation: 7,
  body: '{"a": "\\u0000"}',
})

describe.each(testDatabases())('on %s', (kind) => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind })
  })
  beforeEach(() => at.truncate())
  afterAll(() => at.close())

  describe('the inbox', () => {
    it('keeps a delivery as it came, once', async () => {
      at.setTime(T)
      expect(await at.store.inbox.receive(delivery('d1'))).toBe('new')
      expect(await at.store.inbox.find('d1')).toEqual({
        ...delivery('d1'),
        received_at: new Date(T),
        translated_at: null,
        diagnostics: null,
        attempts: 0,
      })
      expect(await at.store.inbox.find('d2')).toBeNull()
    })

    it('takes a repeat for a duplicate only once the delivery was translated', async () => {
      const { inbox } = at.store
      await inbox.receive(delivery('d1'))
      expect(await inbox.receive(delivery('d1'))).toBe('untranslated')
      expect(await inbox.settled('d1')).toBe(true)
      expect(await inbox.settled('d1')).toBe(false)
      expect(await inbox.receive(delivery('d1'))).toBe('done')
      expect(await inbox.untranslated(10)).toEqual([])
    })

    it('C132 gives what is untranslated, what failed least often first', async () => {
      const { inbox } = at.store
      for (const [n, id] of ['d1', 'd2', 'd3'].entries()) {
        at.setTime(T + n * 1000)
        await inbox.receive(delivery(id))
      }
      await inbox.failed('d1', ['payload.ref: missing'])
      await inbox.failed('d1', ['payload.ref: still missing'])
      await inbox.failed('d2', ['boom'])
      expect((await inbox.untranslated(10)).map(({ id }) => id)).toEqual(['d3', 'd2', 'd1'])
      expect((await inbox.untranslated(1)).map(({ id }) => id)).toEqual(['d3'])
      expect(await inbox.find('d1')).toMatchObject({ attempts: 2, diagnostics: ['payload.ref: still missing'] })
      expect((await inbox.latest(2)).map(({ id }) => id)).toEqual(['d3', 'd2'])
    })
  })

  it('a checkpoint is what was last set under its name', async () => {
    const { checkpoints } = at.store
    expect(await checkpoints.get('sweep:acme/rocket')).toBeNull()
    await checkpoints.set('sweep:acme/rocket', { position: 3, value: { at: '2026' } })
    await checkpoints.set('sweep:acme/rocket', { position: 9, value: {} })
    await checkpoints.set('relay', { position: 1, value: { list: [1, 'x'] } })
    expect(await checkpoints.get('sweep:acme/rocket')).toEqual({ position: 9, value: {} })
    expect(await checkpoints.get('relay')).toEqual({ position: 1, value: { list: [1, 'x'] } })
  })

  it('a limit of an installation only ever gets longer', async () => {
    const { limits } = at.store
    expect(await limits.get(7)).toBeNull()
    await limits.set(7, T + 60_000)
    await limits.set(7, T + 30_000)
    expect(await limits.get(7)).toBe(T + 60_000)
    await limits.set(7, T + 90_000)
    expect(await limits.get(7)).toBe(T + 90_000)
  })
})
