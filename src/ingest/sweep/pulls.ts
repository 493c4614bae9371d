/**
 * The sweep's look at pull requests: all that are open, and those that the log believes open and GitHub does not list. It
 * does not know what makes one ready.
 */
import type { LaneView } from '../../core/queue/view.ts'
import { configFor, demandsSignatures, type Repository } from '../../core/repository.ts'
import type { BranchContent, PullAsks } from '../../github/port.ts'
import type { Look } from './look.ts'

/** Most pull requests that one read tells of. */
const AT_ONCE = 20

/** What the looks at pull requests have to find out: the same as those of the lanes, so that they make the same facts. */
export const asksOf = (repository: Repository, branches: readonly BranchContent[]): PullAsks => ({
  signatures: demandsSignatures(repository),
  owners: new Map(
    branches.flatMap(({ branch, owners }) =>
      owners && wantsOwners(repository, branch) ? [[branch, owners] as const] : [],
    ),
  ),
})

export const wantsOwners = (repository: Repository, target: string): boolean =>
  configFor(repository, target)?.ready.approvals.code_owners ?? false

/** The numbers of all open pull requests; null when they could not be read. */
export async function lookAtOpenPulls(look: Look, asks: PullAsks): Promise<readonly number[] | null> {
  const read = await look.read(
    'open pull requests',
    () => look.port.observeOpenPulls(asks),
    ({ facts }) => facts,
  )
  return read?.open ?? null
}

/** Looks at each pull request whose closing, merging or change of base was missed. */
export async function lookAtVanishedPulls(
  look: Look,
  views: readonly LaneView[],
  open: readonly number[],
  asks: PullAsks,
): Promise<void> {
  const listed = new Set(open)
  for (const view of views) {
    const { target } = view.lane
    const vanished = [...view.pulls.values()]
      .filter(({ number, seen }) => seen?.state === 'open' && seen.base === target && !listed.has(number))
      .map(({ number }) => number)
    for (let from = 0; from < vanished.length; from += AT_ONCE) {
      const some = vanished.slice(from, from + AT_ONCE)
      await look.read(
        `pull requests ${some.join(', ')}`,
        () => look.port.observePulls(some, target, asks),
        ({ facts }) => facts,
      )
    }
  }
}
