import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabases } from '../support/database/database.ts'
import { staleEpoch } from './judges/stale-epoch.ts'
import { checkKept, checkSeed, plan, toldOf } from './law.ts'
import { type Arena, openArena } from './play/world.ts'

/** Rivalries that are drawn, on each database. */
const DRAWN = 4

describe.each(testDatabases())('a stale epoch on %s', (kind) => {
  let arena: Arena
  beforeAll(async () => {
    arena = await openArena({ kind })
  })
  afterAll(() => arena.close())

  test('writes nothing to the log and moves no ref that its successor withdrew', { timeout: 0 }, async () => {
    let breach = await checkKept(staleEpoch, arena)
    for (let index = 0; index < DRAWN && !breach; index++)
      breach = await checkSeed(staleEpoch, arena, { seed: plan.seed + index, shrinkFor: plan.shrinkFor })
    expect(breach && toldOf(breach)).toBeNull()
  })
})
