/**
 * What one commit on a branch brought: a pull request by merge or squash, or a change that was none, and what is odd about
 * it. It sees that commit and the one that it was put on; what else happened on the branch is not known here.
 */
import type { Instant } from '../core/ids.ts'
import type { Commit } from './git/log.ts'
import type { Objects } from './git/objects.ts'
import { isRevert, mergesItself, toldByMerge, toldBySquash } from './subject.ts'

/** A change of files: the tree that it was made from, and the one that came of it. */
export interface Patch {
  readonly before: string
  readonly after: string
}

export type Oddity =
  | 'direct'
  | 'octopus'
  | 'foxtrot'
  | 'unrelated'
  | 'revert'
  | 'several_bases'
  | 'settled_by_hand'
  | 'changed_in_merge'

export interface Draft extends Patch {
  /** How the pull request landed in history; null: it was none. */
  readonly via: 'merge' | 'squash' | null
  /** The pull request's, where history tells. */
  readonly number: number | null
  readonly title: string
  readonly author: string
  /** The commit by which it came to the branch, and when that was. */
  readonly commit: string
  readonly at: Instant
  /** What stands for it: the head of the pull request where history still has it, otherwise `commit`. */
  readonly head: string
  /** When that head was made; null: history doesn't tell. */
  readonly headAt: Instant | null
  /** It conflicted in history, and whoever merged it settled that in the merge: the change as it came out of that. */
  readonly settled: Patch | null
  readonly odd: readonly Oddity[]
}

/** A commit of the branch, and the one before it. */
export interface Step {
  readonly onto: Commit
  readonly commit: Commit
}

export type Way = 'merge' | 'squash' | 'direct' | 'octopus' | 'foxtrot'

export function wayOf({ parents, message }: Commit, branch: string): Way {
  if (parents.length > 2) return 'octopus'
  if (parents.length === 2) return mergesItself(message, branch) ? 'foxtrot' : 'merge'
  return toldBySquash(message).number === null ? 'direct' : 'squash'
}

/** `bases`: the merge bases of a merge commit's parents; `known`: its head and the first of those, at least. */
export async function draft(
  { onto, commit }: Step,
  way: Way,
  bases: readonly string[],
  known: ReadonlyMap<string, Commit>,
  objects: Objects,
): Promise<Draft> {
  const whole = { before: onto.tree, after: commit.tree }
  const { sha, at, author, message } = commit
  const plain = { ...whole, author, commit: sha, at, head: sha, headAt: null, settled: null }
  const odd: Oddity[] = isRevert(message) ? ['revert'] : []
  if (way === 'squash') return { ...plain, via: 'squash', ...toldBySquash(message), odd }
  const direct = (why: Oddity): Draft => ({
    ...plain,
    via: null,
    number: null,
    title: toldBySquash(message).title,
    odd: [...odd, why],
  })
  if (way !== 'merge') return direct(way)
  const [head, base] = [known.get(commit.parents[1] ?? ''), known.get(bases[0] ?? '')]
  if (!head || !base) return direct('unrelated')
  const merge = { ...plain, via: 'merge', ...toldByMerge(message), head: head.sha, headAt: head.at } as const
  // With several bases git merges those first; what came of it in history is the nearest to one change.
  if (bases.length > 1) return { ...merge, odd: [...odd, 'several_bases'] }
  const own = { before: base.tree, after: head.tree }
  const merged = await objects.merge(own.before, onto.tree, own.after)
  if ('conflict' in merged) return { ...merge, ...own, settled: whole, odd: [...odd, 'settled_by_hand'] }
  // What was added in the merge itself would have had to be in the pull request.
  if (merged.tree !== commit.tree) return { ...merge, odd: [...odd, 'changed_in_merge'] }
  return { ...merge, ...own, odd }
}
