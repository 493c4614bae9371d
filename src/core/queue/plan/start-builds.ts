/**
 * One rule hands out the slots: while one is free, the most likely leaf is split by a build whose result is as open as can
 * be. What no landing needs goes to tries, and is taken back from them.
 */

import type { Instant } from '../../ids.ts'
import { excluding } from './branch.ts'
import { nearestHalf, passes } from './chances.ts'
import type { Beliefs, Knowledge, KnownBuild, Limits, Member } from './known.ts'
import { explore, type Leaf, type Walk } from './leaves.ts'

export interface Start {
  readonly purpose: KnownBuild['purpose']
  /** All that it holds beyond the tip, in order. */
  readonly members: readonly Member[]
  /** How many at its end are new in it; those before are assumed good. */
  readonly adds: number
  /** The request of a try. */
  readonly request?: string
  /** The chance that its result will matter. */
  readonly chance: number
}

export interface Handed {
  readonly start: readonly Start[]
  /** Tries whose slots a landing needs. */
  readonly cancel: readonly string[]
  readonly until: Instant | null
}

export function startBuilds({ builds, tries, now }: Knowledge, limits: Limits, beliefs: Beliefs, walk: Walk): Handed {
  const start: Start[] = []
  let until: Instant | null = null
  let used = [...walk.needed].filter(({ verdict }) => verdict === null).length
  while (used < limits.slots) {
    const leaf = take(walk.leaves)
    if (!leaf) break
    if (leaf.chance === 0 || leaf.chance < barOf(leaf, limits)) continue
    const adds = addsTo(leaf, limits, beliefs)
    if (adds === 0) continue
    const waits = waitsUntil(leaf, adds, limits, beliefs)
    if (waits > now) {
      until = Math.min(waits, until ?? waits)
      continue
    }
    start.push(startOf(leaf, adds))
    used += 1
    used += keepWhatFits(walk, limits.slots - used, () => split(leaf, adds, beliefs, walk))
  }
  const trying = builds.filter(({ purpose, verdict }) => purpose === 'try' && verdict === null)
  const left = Math.max(0, limits.slots - used)
  const tried = tries
    .slice(0, Math.max(0, left - trying.length))
    .map(({ request, pull, sha }): Start => ({ purpose: 'try', members: [{ pull, sha }], adds: 1, request, chance: 1 }))
  return { start: [...start, ...tried], cancel: trying.slice(left).map(({ build }) => build), until }
}

/**
 * How likely a leaf has to be. To find the culprit in a failed set is worth more on a guess than to add members to what is
 * only assumed good: all that comes behind waits for the first, and arrivals pile the second up on every guess (ADR 0011).
 */
const barOf = ({ failed }: Leaf, { speculation }: Limits): number =>
  failed.length > 0 ? speculation / LEAN : Math.min(1, speculation * LEAN)

const LEAN = 3

/** Takes the most likely leaf out; of equals the one that was found first. */
function take(leaves: Leaf[]): Leaf | undefined {
  let best = 0
  for (let at = 1; at < leaves.length; at += 1) if ((leaves[at]?.chance ?? 0) > (leaves[best]?.chance ?? 0)) best = at
  return leaves.splice(best, 1)[0]
}

const knownOf = ({ branch, good, failed }: Leaf, { flake }: Beliefs) => ({ chain: branch.chain, good, failed, flake })

function addsTo(leaf: Leaf, limits: Limits, beliefs: Beliefs): number {
  if (leaf.confirm) return 1
  const { branch, good, failed } = leaf
  const { chain } = branch
  const most = Math.min(limits.batch_max, (failed[0] ?? Number.POSITIVE_INFINITY) - good - 1)
  return nearestHalf(knownOf(leaf, beliefs), (adds) => {
    if (adds > most) return false
    const member = chain.at(good + adds - 1)
    if (!member) return false
    // Whoever is alone stands directly on the tip, and nobody behind it in the same build.
    return good + adds === 1 || !(member.alone || chain.at(0)?.alone)
  })
}

/** Until when a batch that is not full waits for others; in the past for one that is, and for an isolation. */
function waitsUntil(leaf: Leaf, adds: number, limits: Limits, beliefs: Beliefs): number {
  const { branch, good, failed, confirm } = leaf
  const full = adds >= limits.batch_max || branch.chain.at(good + adds) || branch.chain.at(good)?.alone
  if (confirm || failed.length > 0 || full || passes(knownOf(leaf, beliefs), good + adds) <= 0.5) return 0
  let first = Number.POSITIVE_INFINITY
  for (let at = good; at < good + adds; at += 1) first = Math.min(first, branch.chain.at(at)?.since ?? first)
  return first + limits.batch_wait
}

function startOf({ branch, good, failed, confirm, chance }: Leaf, adds: number): Start {
  const members = Array.from({ length: good + adds }, (_, at) => {
    const { pull, sha } = branch.chain.at(at) ?? { pull: 0, sha: '' }
    return { pull, sha }
  })
  const purpose = confirm ? 'confirm' : failed.length > 0 ? 'isolate' : 'land'
  return { purpose, members, adds, chance }
}

/**
 * A leaf that is split now may need builds again that none needed before the split (their way to it was pruned). They keep
 * their slots as far as there are any; the others end. Says how many keep theirs.
 */
function keepWhatFits({ needed }: Walk, free: number, grow: () => void): number {
  const before = needed.size
  grow()
  if (needed.size === before) return 0
  const again = [...needed].slice(before).filter(({ verdict }) => verdict === null)
  for (const build of again.slice(free)) needed.delete(build)
  return Math.min(again.length, free)
}

/** The two leaves, or trees, that a started build makes of one. */
function split(leaf: Leaf, adds: number, beliefs: Beliefs, walk: Walk): void {
  const { branch, good, chance, confirm } = leaf
  const pass = passes(knownOf(leaf, beliefs), good + adds)
  const way = { branch, good, certain: false }
  explore({ ...way, good: good + adds, bad: leaf.bad, chance: chance * pass }, beliefs, walk)
  if (confirm)
    explore({ ...way, branch: excluding(branch, good), bad: null, chance: chance * (1 - pass) }, beliefs, walk)
  else explore({ ...way, bad: good + adds, chance: chance * (1 - pass) }, beliefs, walk)
}
