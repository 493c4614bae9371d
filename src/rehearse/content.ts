/**
 * What the changes of a history do when they are put together anew: each is put on whatever is ahead of it as the change
 * that it was, from its own base. It knows no queue; who comes before whom is asked of it.
 */
import type { Content, Member } from '../simulate/world.ts'
import type { Ci } from './ci.ts'
import type { Patch } from './draft.ts'
import type { Objects } from './git/objects.ts'
import type { Change, History } from './history.ts'

export interface GitContent extends Content {
  /** The tree of a commit that it has made, or of the one it began with. */
  treeOf(commit: string): string
}

interface Made {
  readonly tree: string
  /** The commit that it was put on; null: where the replay began. */
  readonly on: string | null
  readonly pull: number | null
}

export function contentOf({ start, changes }: History, objects: Objects, ci: Ci): GitContent {
  const made = new Map<string, Made>([[start.sha, { tree: start.tree, on: null, pull: null }]])
  const patches = new Map(changes.flatMap(patchesOf))

  const known = (commit: string): Made => {
    const found = made.get(commit)
    if (!found) throw new Error(`nobody has made ${commit}`)
    return found
  }
  const asked = ({ pull }: Member): Asked => {
    const found = patches.get(pull)
    if (!found) throw new Error(`history has no pull request ${pull}`)
    return found
  }
  const holds = (commit: string, pull: number): boolean => {
    for (let at: string | null = commit; at !== null; at = known(at).on) if (known(at).pull === pull) return true
    return false
  }

  return {
    tip: start.sha,
    treeOf: (commit) => known(commit).tree,
    async merge(base, member, attempt) {
      const { change, patch } = asked(member)
      if (change.number !== member.pull && holds(base, change.number)) return base
      const merged = await objects.merge(patch.before, known(base).tree, patch.after)
      if ('conflict' in merged) return merged
      const message = messageOf(change, change.number !== member.pull, attempt)
      const commit = objects.commit({ tree: merged.tree, parents: [base, change.head], message, at: change.at })
      made.set(commit, { tree: merged.tree, on: base, pull: member.pull })
      return commit
    },
    test: (commit, members) => ci({ commit, tree: known(commit).tree, pulls: members.map(({ pull }) => pull) }),
  }
}

interface Asked {
  readonly change: Change
  readonly patch: Patch
}

/** Whatever may have another verdict is another commit. */
function messageOf({ via, number, title }: Change, again: boolean, attempt: number): string {
  const subject = via === null ? title : `Merge #${number}: ${title}`
  return [subject, ...(again ? ['It came again.'] : []), ...(attempt > 1 ? [`Attempt ${attempt}.`] : [])].join('\n\n')
}

/** By the numbers under which it comes. */
const patchesOf = (change: Change): [number, Asked][] => [
  [change.number, { change, patch: change }],
  ...(change.again ? [[change.again.number, { change, patch: change.again }] satisfies [number, Asked]] : []),
]
