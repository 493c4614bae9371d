import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyOrder } from './judges/any-order.ts'
import { firstBreach, plan } from './law.ts'
import { breachUnder } from './mutants/mutant.ts'
import { dismissalForgotten } from './mutants/mutants.ts'
import { type Arena, openArena } from './play/world.ts'

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
})
afterAll(() => arena.close())

test('deliveries repeated, reordered, late or lost fold to the same facts after a sweep', { timeout: 0 }, async () => {
  expect(await firstBreach(anyOrder, arena, Math.ceil(plan.histories / 2))).toBeNull()
})

test(`notices when ${dismissalForgotten.title}`, { timeout: 0 }, async () => {
  const breach = await breachUnder(dismissalForgotten, { module: '/test/laws/judges/any-order.ts', name: 'anyOrder' })
  expect(breach?.broken.length).toBeGreaterThan(0)
})
