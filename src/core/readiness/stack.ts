/**
 * Pull requests that are stacked: the base of one is the branch of another. It knows which stands on which, and nothing of
 * what becomes of them.
 */
import type { LaneView } from '../queue/view.ts'
import { isLane, type Repository } from '../repository.ts'
import type { PullRequest } from './pull-request.ts'

type Seen = NonNullable<PullRequest['seen']>
type Known = Pick<LaneView, 'pulls' | 'repository'>

/** The pull request whose branch is the base of this one. A branch that has a lane of its own is landed on, not waited for. */
export function parentOf({ pulls, repository }: Known, seen: Seen): PullRequest | null {
  if (isLane(repository, seen.base)) return null
  for (const pull of pulls.values()) {
    const isIt = pull.seen?.branch === seen.base && pull.seen.remote === repository.name
    // Where its commits landed as others, we closed it.
    const counts = pull.seen?.state !== 'closed' || pull.landed !== null
    if (isIt && counts && pull.number !== seen.pull) return pull
  }
  return null
}

/** The branches of these pull requests on which others may be stacked. */
export function branchesBelow(pulls: Iterable<PullRequest>, repository: Repository): string[] {
  const heads = [...pulls].flatMap(({ seen }) => (seen?.remote === repository.name ? seen.branch : []))
  return [...new Set(heads)].filter((branch) => !isLane(repository, branch))
}

/** Whether a pull request goes to this target: at once, or when those that it is stacked on have landed. */
export function leadsTo(view: Known, target: string, seen: Seen): boolean {
  const passed = new Set<number>()
  for (let at: Seen | null = seen; at !== null && !passed.has(at.pull); at = parentOf(view, at)?.seen ?? null) {
    if (at.base === target) return true
    passed.add(at.pull)
  }
  return false
}
