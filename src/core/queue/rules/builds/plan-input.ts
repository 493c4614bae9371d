/** A lane as the plan wants to see it: who may be built, what is known, what is believed. It plans nothing. */
import { type Config, milliseconds } from '../../../config.ts'
import { instant } from '../../../ids.ts'
import { chosenMethod } from '../../../landing-method.ts'
import { waitsFor } from '../../../readiness/requirements/dependencies.ts'
import { beliefsOf } from '../../estimates/estimates.ts'
import type { Judgement } from '../../judgement.ts'
import type { Build, Entry } from '../../lane.ts'
import { inOrder } from '../../order.ts'
import type { Candidate, KnownBuild, Limits, Queue } from '../../plan/known.ts'
import { isEvidence } from '../../plan/known.ts'
import { type Plan, plan } from '../../plan/plan.ts'
import { waitingTries } from '../../try.ts'
import { stillHolds } from './verdicts.ts'

export function planOf(judgement: Judgement): Plan {
  const { lane } = judgement
  const builds = Object.values(lane.builds).filter((build) => counts(judgement, build))
  const exceptions = lane.hold ? inOrder(lane).filter(({ pull }) => lane.hold?.allow.includes(pull)) : []
  if (lane.hold && exceptions.length > 0) return planOfExceptions(judgement, lane.hold.allow, exceptions, builds)
  const whole = planFor(judgement, inOrder(lane), builds, limitsOf(judgement.config))
  if (!lane.hold) return whole
  // A held lane keeps what it has, and moves nothing.
  const start = whole.start.filter(({ purpose }) => purpose === 'try')
  return { ...whole, land: null, start, cancel: [], until: null }
}

const planFor = (
  judgement: Judgement,
  entries: readonly Entry[],
  builds: readonly KnownBuild[],
  limits: Limits,
): Plan => {
  const { lane, now, memory } = judgement
  const knowledge = { tip: lane.tip ?? '', builds, tries: waitingTries(lane), now }
  const beliefs = memory.beliefs(lane.estimates, [], () => beliefsOf(lane.estimates))
  return plan(queueOf(judgement, entries, builds), knowledge, limits, beliefs)
}

/** The excepted as a queue of their own. What runs of others keeps its slot: it may land once the lane is released. */
function planOfExceptions(
  judgement: Judgement,
  allow: readonly number[],
  entries: readonly Entry[],
  builds: readonly KnownBuild[],
): Plan {
  const isTheirs = ({ purpose, members }: KnownBuild) =>
    purpose === 'try' || members.every(({ pull }) => allow.includes(pull))
  const others = builds.filter((build) => build.verdict === null && !isTheirs(build)).length
  const limits = limitsOf(judgement.config)
  const slots = Math.max(0, limits.slots - others)
  return planFor(judgement, entries, builds.filter(isTheirs), { ...limits, slots })
}

/** Running builds, and ended ones that said something. */
export const counts = (seen: Pick<Judgement, 'lane' | 'view' | 'config'>, build: Build): boolean =>
  build.verdict === null ? !build.spent && build.refusal === null : isEvidence(build.verdict) && stillHolds(seen, build)

function queueOf(judgement: Judgement, entries: readonly Entry[], builds: readonly KnownBuild[]): Queue {
  const tested = new Set(
    builds.flatMap(({ purpose, members }) => (purpose === 'try' ? [] : members.map(({ pull }) => pull))),
  )
  const order: Candidate[] = []
  let known = true
  for (const entry of entries) {
    const isTested = tested.has(entry.pull)
    // Nobody overtakes whoever is not known well enough yet: that takes one look. What is being built goes on meanwhile.
    if (!isTested && !known) continue
    const may = isTested ? 'yes' : mayBeBuilt(judgement, entry)
    if (may === 'unknown') known = false
    if (may === 'yes') order.push(candidateOf(judgement, entry))
  }
  const byPull = new Map(order.map((candidate) => [candidate.pull, candidate]))
  return { order, find: (pull) => byPull.get(pull) }
}

function mayBeBuilt(judgement: Judgement, { pull }: Entry): 'yes' | 'no' | 'unknown' {
  const state = judgement.view.pulls.get(pull)
  if (!state) return 'no'
  const open = judgement
    .readiness(state)
    .requirements.filter(({ code, status }) => status !== 'met' && code !== 'mergeable')
  if (open.some(({ status }) => status === 'unmet')) return 'no'
  return open.length > 0 ? 'unknown' : 'yes'
}

function candidateOf({ view, lane, config }: Judgement, entry: Entry): Candidate {
  const { pull, sha, alone, waits_for, interrupt } = entry
  const seen = view.pulls.get(pull)?.seen
  const { method } = chosenMethod(seen?.labels ?? [], config)
  return {
    pull,
    sha,
    // A build has one method.
    alone: alone || method !== config.land.method,
    waits_for,
    interrupt,
    was_red: lane.red.includes(sha),
    after: seen ? waitsFor(lane, seen) : [],
    since: instant(entry.since),
  }
}

/** How likely a case has to be for a build to be started for it, where several may run at once. */
const SPECULATION = 0.15

/** What the configuration says of how much may be built at once. */
export function limitsOf(config: Config): Limits {
  // A head that has to contain the tip can't stand behind another, and GitHub merges one pull request at a time.
  const single = config.land.method === 'fast-forward' || config.land.mode === 'native'
  return {
    slots: single ? 1 : config.ci.slots,
    speculation: SPECULATION,
    batch_max: single ? 1 : config.batch.max,
    batch_wait: milliseconds(config.batch.wait),
  }
}
