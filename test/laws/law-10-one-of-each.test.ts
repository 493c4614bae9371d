import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneOfEach } from './judges/one-of-each.ts'
import { firstBreach } from './law.ts'
import { breachUnder } from './mutants/mutant.ts'
import { commentsTwice } from './mutants/mutants.ts'
import { type Arena, openArena } from './play/world.ts'

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
})
afterAll(() => arena.close())

test('a pull request has one follow-up and one comment', { timeout: 0 }, async () => {
  expect(await firstBreach(oneOfEach, arena)).toBeNull()
})

test(`notices when ${commentsTwice.title}`, { timeout: 0 }, async () => {
  const breach = await breachUnder(commentsTwice, { module: '/test/laws/judges/one-of-each.ts', name: 'oneOfEach' })
  expect(breach?.broken.length).toBeGreaterThan(0)
})
