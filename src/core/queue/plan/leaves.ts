/**
 * The tree of outcomes of what is running. A leaf is one way in which it may all end: who is excluded by then, how many
 * members of the rest are known to be good, whether a culprit is among the next, and how likely that is. On the way the walk
 * notes which builds some leaf needs, and what is certain already: who is to blame.
 */
import { type Branch, type BuildAt, excluding } from './branch.ts'
import { passes } from './chances.ts'
import type { Beliefs, Candidate, KnownBuild } from './known.ts'

export interface Leaf {
  readonly branch: Branch
  /** The first so many members of the branch are good. */
  readonly good: number
  /** Failed beginnings of the branch that are longer, ascending: a culprit is within the first of them. */
  readonly failed: readonly number[]
  /** The one of them that is only assumed to fail, if one is. */
  readonly bad: number | null
  /** The one next member is the culprit by inference, and is built once more before it is blamed. */
  readonly confirm: boolean
  readonly chance: number
}

export interface Culprit {
  readonly candidate: Candidate
  readonly evidence: readonly KnownBuild[]
}

export interface Walk {
  readonly leaves: Leaf[]
  readonly needed: Set<KnownBuild>
  readonly culprits: Culprit[]
}

/** A point of the tree. */
export interface Point {
  readonly branch: Branch
  readonly good: number
  /** A beginning that is assumed to fail on this way, if one is. */
  readonly bad: number | null
  readonly chance: number
  /** Nothing on the way here is assumed. */
  readonly certain: boolean
}

/** Walks from a point to all leaves behind it. */
export function explore(point: Point, beliefs: Beliefs, walk: Walk): void {
  const { branch, chance } = point
  let { good } = point
  for (const { at, build } of branch.builds) if (build.verdict === 'passed' && at > good) good = at
  const failures = branch.builds.filter(({ at, build }) => at > good && build.verdict !== null)
  const failed = failures.map(({ at }) => at)
  if (point.bad !== null && point.bad > good) failed.push(point.bad)
  failed.sort((a, b) => a - b)
  const here = { branch, good, failed }
  const first = failed[0]

  if (first === good + 1) {
    suspect(point, good, failed, failures, beliefs, walk)
    return
  }
  const next = branch.builds.find(
    ({ at, build }) => build.verdict === null && at > good && (first === undefined || at < first),
  )
  if (!next) {
    walk.leaves.push({ ...here, bad: point.bad, confirm: false, chance })
    return
  }
  walk.needed.add(next.build)
  const pass = passes({ chain: branch.chain, good, failed, flake: beliefs.flake }, next.at)
  explore({ branch, good: next.at, bad: point.bad, chance: chance * pass, certain: false }, beliefs, walk)
  explore({ branch, good, bad: next.at, chance: chance * (1 - pass), certain: false }, beliefs, walk)
}

/** The next member is the culprit by inference: blamed, being confirmed, or to be confirmed. */
function suspect(
  point: Point,
  good: number,
  failed: readonly number[],
  failures: readonly BuildAt[],
  beliefs: Beliefs,
  walk: Walk,
): void {
  const { branch, chance, certain } = point
  const without = (share: number, sure: boolean) =>
    explore({ branch: excluding(branch, good), good, bad: null, chance: chance * share, certain: sure }, beliefs, walk)
  const evidence = failures.filter(({ at }) => at === good + 1).map(({ build }) => build)
  // Only assumed to fail so far: whether it would be confirmed is for later.
  if (evidence.length === 0) {
    without(1, false)
    return
  }
  const running = branch.builds.find(({ at, build }) => at === good + 1 && build.verdict === null)
  if (running) {
    walk.needed.add(running.build)
    const pass = passes({ chain: branch.chain, good, failed, flake: beliefs.flake }, good + 1)
    explore({ branch, good: good + 1, bad: point.bad, chance: chance * pass, certain: false }, beliefs, walk)
    without(1 - pass, false)
    return
  }
  if (evidence.length === 1 && beliefs.confirm) {
    walk.leaves.push({ branch, good, failed, bad: point.bad, confirm: true, chance })
    return
  }
  const candidate = branch.chain.at(good)
  // With members before it that have not landed yet its evidence is not the tip and it: blamed once they have.
  if (certain && good === 0 && candidate) walk.culprits.push({ candidate, evidence })
  without(1, certain)
}
