/**
 * What has to hold when a story is over and everything is stopped, whatever the story was about. It does not know how the
 * story was to go.
 */

import { isNotNull } from 'drizzle-orm'
import { lease } from '../../../src/store/schema.ts'
import type { Store } from '../../../src/store/store.ts'
import type { VirtualClock } from '../../../src/twin/clock.ts'
import type { Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'

interface Stopped {
  readonly clock: VirtualClock
  readonly twin: Twin
  readonly repo: TwinRepository
  readonly store: Store
}

/** Every rule that was broken, in words; empty when none was. */
export async function faultsOf({ clock, twin, repo, store }: Stopped): Promise<string[]> {
  const held = await store.database.query((db) => db.select().from(lease).where(isNotNull(lease.owner)))
  const rebuilt = await store.rebuild()
  const due = clock.nextDue()
  return [
    ...twin.violations.map((violation) => `the contract was violated: ${violation}`),
    ...held.map(({ lane, owner }) => `the lease of ${lane} is still held by ${owner}`),
    ...(due === undefined ? [] : [`somebody still sleeps until ${new Date(due).toISOString()}`]),
    ...rebuilt.flatMap(({ differences }) =>
      differences.map((difference) => `rebuild differs from live: ${JSON.stringify(difference).slice(0, 1_000)}`),
    ),
    ...twins(repo),
  ]
}

/** More than one open follow-up issue, or more than one sticky comment, of a pull request. */
function twins(repo: TwinRepository): string[] {
  const marks = repo
    .issues()
    .filter(({ state, author }) => state === 'open' && author.endsWith('[bot]'))
    .map(({ body }) => body?.split('\n')[0] ?? '')
  const sticky = repo
    .pulls()
    .filter(
      ({ number }) =>
        repo.comments(number).filter(({ body }) => body.startsWith('<!-- mainkeeper:pull -->')).length > 1,
    )
  return [
    ...marks.filter((mark, index) => marks.indexOf(mark) !== index).map((mark) => `two open issues: ${mark}`),
    ...sticky.map(({ number }) => `two sticky comments on #${number}`),
  ]
}
