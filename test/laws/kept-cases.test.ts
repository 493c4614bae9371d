/** The kept cases of every law, which were hard once or show what the law is about; each world is judged by all laws. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEPT } from './all-laws.ts'
import { toldOf } from './law.ts'
import { type Arena, openArena } from './play/world.ts'

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
})
afterAll(() => arena.close())

test.each(KEPT)('$title: in its kept cases', { timeout: 0 }, async ({ check }) => {
  const breach = await check(arena)
  expect(breach && toldOf(breach)).toBeNull()
})
