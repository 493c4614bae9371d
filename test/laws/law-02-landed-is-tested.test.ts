import { afterAll, beforeAll, expect, test } from 'vitest'
import { landedIsTested } from './judges/landed-is-tested.ts'
import { firstBreach } from './law.ts'
import { breachUnder } from './mutants/mutant.ts'
import { provesAnotherTree } from './mutants/mutants.ts'
import { type Arena, openArena } from './play/world.ts'

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
})
afterAll(() => arena.close())

test('the landed tree is the tested tree, and the proof says so', { timeout: 0 }, async () => {
  expect(await firstBreach(landedIsTested, arena)).toBeNull()
})

test(`notices when ${provesAnotherTree.title}`, { timeout: 0 }, async () => {
  const breach = await breachUnder(provesAnotherTree, {
    module: '/test/laws/judges/landed-is-tested.ts',
    name: 'landedIsTested',
  })
  expect(breach?.broken.length).toBeGreaterThan(0)
})
