/**
 * A chain and the builds on it. Builds that leave the chain at some member belong to the branches on which that member is
 * excluded: each build is compared once, from where it left.
 */
import { type Chain, wholeChain } from './chain.ts'
import { type Beliefs, type Candidate, type KnownBuild, sameMember } from './known.ts'
import type { LineUp } from './line-up.ts'

export interface BuildAt {
  /** How many of the chain's members it holds: the first `at`. */
  readonly at: number
  readonly build: KnownBuild
}

export interface Branch {
  readonly chain: Chain
  /** Builds of a beginning of this chain, the shortest first. */
  readonly builds: readonly BuildAt[]
  /** Builds that have another member than this chain at a place. */
  readonly leaving: ReadonlyMap<number, readonly KnownBuild[]>
}

export const trunk = (line: LineUp, beliefs: Beliefs, builds: readonly KnownBuild[]): Branch =>
  branchOf(wholeChain(line, beliefs), builds, 0)

/** The branch on which the member at a place is excluded. */
export const excluding = (branch: Branch, place: number): Branch =>
  branchOf(branch.chain.without(place), branch.leaving.get(place) ?? [], place)

function branchOf(chain: Chain, builds: readonly KnownBuild[], from: number): Branch {
  const on: BuildAt[] = []
  const leaving = new Map<number, KnownBuild[]>()
  for (const build of builds) {
    let at = from
    while (at < build.members.length && isAt(chain.at(at), build, at)) at += 1
    if (at === build.members.length) on.push({ at, build })
    else leaving.set(at, [...(leaving.get(at) ?? []), build])
  }
  return { chain, builds: on.sort((a, b) => a.at - b.at), leaving }
}

const isAt = (candidate: Candidate | undefined, build: KnownBuild, at: number): boolean => {
  const member = build.members[at]
  return candidate !== undefined && member !== undefined && sameMember(candidate, member)
}
