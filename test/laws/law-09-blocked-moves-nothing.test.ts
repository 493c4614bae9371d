import { afterAll, beforeAll, expect, test } from 'vitest'
import { blockedMovesNothing } from './judges/blocked-moves-nothing.ts'
import { firstBreach } from './law.ts'
import { breachUnder } from './mutants/mutant.ts'
import { blockHoldsUp } from './mutants/mutants.ts'
import { type Arena, openArena } from './play/world.ts'

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
})
afterAll(() => arena.close())

test('a blocked candidate moves no ref and holds up no other', { timeout: 0 }, async () => {
  expect(await firstBreach(blockedMovesNothing, arena)).toBeNull()
})

test(`notices when ${blockHoldsUp.title}`, { timeout: 0 }, async () => {
  const breach = await breachUnder(blockHoldsUp, {
    module: '/test/laws/judges/blocked-moves-nothing.ts',
    name: 'blockedMovesNothing',
  })
  expect(breach?.broken.length).toBeGreaterThan(0)
})
