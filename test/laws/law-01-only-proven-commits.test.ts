import { afterAll, beforeAll, expect, test } from 'vitest'
import { onlyProvenCommits } from './judges/only-proven-commits.ts'
import { firstBreach } from './law.ts'
import { breachUnder } from './mutants/mutant.ts'
import { landsWhilePending } from './mutants/mutants.ts'
import { type Arena, openArena } from './play/world.ts'

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
})
afterAll(() => arena.close())

test('the target moves only to a commit that its own checks proved, or by a hand that is recorded', {
  timeout: 0,
}, async () => {
  expect(await firstBreach(onlyProvenCommits, arena)).toBeNull()
})

test(`notices when ${landsWhilePending.title}`, { timeout: 0 }, async () => {
  const breach = await breachUnder(landsWhilePending, {
    module: '/test/laws/judges/only-proven-commits.ts',
    name: 'onlyProvenCommits',
  })
  expect(breach?.broken.length).toBeGreaterThan(0)
})
