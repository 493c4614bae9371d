import { afterAll, beforeAll, expect, test } from 'vitest'
import { rebuildEqualsLive } from './judges/rebuild-equals-live.ts'
import { firstBreach } from './law.ts'
import { breachUnder } from './mutants/mutant.ts'
import { pullsBeginAnew } from './mutants/mutants.ts'
import { type Arena, openArena } from './play/world.ts'

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
})
afterAll(() => arena.close())

test('the rebuilt read models equal the live ones', { timeout: 0 }, async () => {
  expect(await firstBreach(rebuildEqualsLive, arena)).toBeNull()
})

test(`notices when ${pullsBeginAnew.title}`, { timeout: 0 }, async () => {
  const breach = await breachUnder(pullsBeginAnew, {
    module: '/test/laws/judges/rebuild-equals-live.ts',
    name: 'rebuildEqualsLive',
  })
  expect(breach?.broken.length).toBeGreaterThan(0)
})
