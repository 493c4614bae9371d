/** Each law has to notice what it is there for: the kept cases, judged on code with one small fault in it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/store/client.ts'
import { openInMemory } from '../support/database.ts'
import { type Laboratory, openLaboratory } from './mutants/mutant.ts'
import { MUTANTS } from './mutants/mutants.ts'

let database: Database
let laboratory: Laboratory
beforeAll(async () => {
  database = await openInMemory()
  laboratory = await openLaboratory(database)
})
afterAll(async () => {
  await laboratory.close()
  await database.close()
})

test.each(MUTANTS)('$law.name notices when $title', { timeout: 0 }, async ({ law, ...mutant }) => {
  const breach = await laboratory.breachUnder(mutant, law)
  expect(breach?.broken.length).toBeGreaterThan(0)
})
