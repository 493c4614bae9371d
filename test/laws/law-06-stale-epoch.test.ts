import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabases } from '../support/database.ts'
import { staleEpoch } from './judges/stale-epoch.ts'
import { firstBreach, plan } from './law.ts'
import { breachUnder } from './mutants/mutant.ts'
import { advancesWithoutTheRef, anyEpochAppends, writesToTheEnd } from './mutants/mutants.ts'
import { type Arena, openArena } from './play/world.ts'

describe.each(testDatabases())('a stale epoch on %s', (kind) => {
  let arena: Arena
  beforeAll(async () => {
    arena = await openArena(kind)
  })
  afterAll(() => arena.close())

  test('writes nothing to the log and moves no ref that its successor withdrew', { timeout: 0 }, async () => {
    expect(await firstBreach(staleEpoch, arena, plan.histories * 4)).toBeNull()
  })
})

test.each([anyEpochAppends, writesToTheEnd, advancesWithoutTheRef])(
  'notices when $title',
  { timeout: 0 },
  async (mutant) => {
    const breach = await breachUnder(mutant, { module: '/test/laws/judges/stale-epoch.ts', name: 'staleEpoch' })
    expect(breach?.broken.length).toBeGreaterThan(0)
  },
)
