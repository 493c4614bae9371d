/**
 * Which builds a lane starts and cancels, what lands, and who is to blame. Nested group testing (queue.md): a build is the
 * tip and the first members of the queue, so whatever passes may land as it is. Pure and level-based: it looks at what is
 * known and is asked again whenever that changes; it knows no events, no GitHub and no clock.
 */
import type { Instant } from '../../ids.ts'
import { partnersOf } from './after-landing.ts'
import { trunk } from './branch.ts'
import {
  type Beliefs,
  type Candidate,
  isEvidence,
  type Knowledge,
  type KnownBuild,
  type Limits,
  type Member,
  type Queue,
} from './known.ts'
import { explore, type Walk } from './leaves.ts'
import { lineUp } from './line-up.ts'
import { type Start, startBuilds } from './start-builds.ts'

export interface Plan {
  /** A passed build whose whole content becomes the target. Nothing else may be moved before that is done. */
  readonly land: Land | null
  /** Whoever is shown to break the target, in order. Every one by a failed build of exactly the tip and it. */
  readonly blame: readonly Blame[]
  /** The most wanted first. */
  readonly start: readonly Start[]
  /** Running builds that are not needed any more. */
  readonly cancel: readonly string[]
  /** Look again then at the latest: a batch waits for others. */
  readonly until: Instant | null
}

export interface Land {
  readonly build: string
  readonly members: readonly Member[]
  /** Builds of a part of it that failed: a flake, or repaired by a later member. They blame nobody. */
  readonly despite: readonly string[]
}

export interface Blame {
  readonly member: Member
  /** The failed builds of exactly the tip and it, the confirmation last. Never empty. */
  readonly evidence: readonly string[]
  readonly confirmed: boolean
  /** It passed in a build without these, which have landed since: the conflict is with (one of) them. Empty: not shown. */
  readonly partners: readonly number[]
}

export function plan(queue: Queue, knowledge: Knowledge, limits: Limits, beliefs: Beliefs): Plan {
  const { tip, builds } = knowledge
  const onTip = builds.filter(({ base, purpose }) => base === tip && purpose !== 'try')
  // Whose build the runner cancelled keeps its turn until that is built again.
  const line = lineUp(
    queue,
    onTip.filter(({ verdict }) => verdict !== 'obsolete'),
  )
  const counted = onTip.filter(({ verdict }) => verdict === null || isEvidence(verdict))
  const branch = trunk(line, beliefs, uninterrupted(line.at(0), counted))
  const walk: Walk = { leaves: [], needed: new Set(), culprits: [] }
  explore({ branch, good: 0, bad: null, chance: 1, certain: true }, beliefs, walk)
  const running = builds.filter(({ verdict }) => verdict === null)
  const { start, cancel, until } = startBuilds(knowledge, limits, beliefs, walk)
  const land = branch.builds.findLast(({ build }) => build.verdict === 'passed')
  return {
    land: land
      ? {
          build: land.build.build,
          members: land.build.members,
          despite: branch.builds
            .filter(({ at, build }) => at < land.at && isEvidence(build.verdict) && build.verdict !== 'passed')
            .map(({ build }) => build.build),
        }
      : null,
    blame: walk.culprits.map(({ candidate, evidence }) => ({
      member: { pull: candidate.pull, sha: candidate.sha },
      evidence: evidence.map(({ build }) => build),
      confirmed: evidence.length > 1,
      partners: partnersOf(candidate, builds),
    })),
    start,
    cancel: [
      ...running.filter((build) => build.purpose !== 'try' && !walk.needed.has(build)).map(({ build }) => build),
      ...cancel,
    ],
    until,
  }
}

/** Whoever interrupts takes the slots of all that is running, until it is tested itself. */
function uninterrupted(first: Candidate | undefined, builds: readonly KnownBuild[]): readonly KnownBuild[] {
  if (!first?.interrupt || builds.some(({ members }) => members[0]?.pull === first.pull)) return builds
  return builds.filter(({ verdict }) => verdict !== null)
}
