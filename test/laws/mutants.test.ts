/** Each law has to notice what it is there for: the kept cases, judged on code with one small fault in it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../support/database/database.ts'
import { type Laboratory, openLaboratory } from './mutants/mutant.ts'
import { MUTANTS } from './mutants/mutants.ts'

let at: TestStore
let laboratory: Laboratory
beforeAll(async () => {
  at = await openTestStore()
  laboratory = await openLaboratory(at.store.database)
})
afterAll(async () => {
  await laboratory.close()
  await at.close()
})

test.each(MUTANTS)('$law.name notices when $title', { timeout: 0 }, async ({ law, ...mutant }) => {
  const broken = await laboratory.brokenUnder(mutant, law)
  expect(broken.length).toBeGreaterThan(0)
})
