/**
 * Does what the plan of the lane's builds asks for: blames, lands, cancels, starts. What to build is not decided here.
 */
import { iso } from '../../../ids.ts'
import { type Chosen, chosenMethod, impossibleMethod } from '../../../landing-method.ts'
import { requiredContexts } from '../../../readiness/checks.ts'
import { impossibleHere, nothingRequired } from '../../../render/words/hold-reasons.ts'
import {
  type Decision,
  event,
  isFresh,
  isProtectionDue,
  type Judgement,
  observe,
  perform,
  type Rule,
  record,
} from '../../judgement.ts'
import { type Build, isAtWork } from '../../lane.ts'
import { isEvidence, type Member } from '../../plan/known.ts'
import type { Start } from '../../plan/start-builds.ts'
import { heldFor } from '../hold.ts'
import { allReady, mayLand } from '../landing/landing.ts'
import { blamed } from './blame.ts'
import { planOf } from './plan-input.ts'
import { rerunOf } from './rerun.ts'
import { startTry } from './tries.ts'
import { nothingProves } from './verdicts.ts'

export const followPlan: Rule = (judgement) => {
  const { lane, config } = judgement
  // What the target holds is not known: nothing is moved or built on it.
  if (config.mode !== 'live' || lane.moved || lane.landing) return null
  const [anybody] = [...Object.values(lane.entries), ...Object.values(lane.tries)]
  if (!anybody) return null
  if (lane.tip === null) return look(judgement, [anybody])
  const plan = planOf(judgement)
  if (plan.until !== null) judgement.lookAgain(plan.until)
  return (
    record(plan.blame.map((blame) => blamed(judgement, blame))) ??
    (plan.land && land(judgement, lane.builds[plan.land.build])) ??
    record(plan.cancel.map((build) => obsolete(judgement, build))) ??
    begin(judgement, plan.start)
  )
}

/** A proven build lands as soon as everything about its members was looked at afresh. */
function land(judgement: Judgement, build: Build | undefined): Decision | null {
  const { lane, now } = judgement
  if (!build?.published || !mayLand(judgement, build)) return null
  if (!isFresh(judgement, pulls(build.members))) return look(judgement, build.members)
  if (!allReady(judgement, build)) return null
  const observed = Math.min(...pulls(build.members).map((pull) => lane.observed.pulls[pull]?.at ?? now))
  const landing = {
    build: build.build,
    from: build.base,
    to: build.published.sha,
    observed_at: iso(observed),
    planned_at: iso(now),
  }
  return record([event(judgement, 'landing_planned', landing)])
}

const obsolete = (judgement: Judgement, build: string) =>
  event(judgement, 'build_concluded', {
    build,
    verdict: 'obsolete',
    checks: [...(judgement.lane.builds[build]?.checks ?? [])],
    concluded_at: iso(judgement.now),
  })

/** One at a time: the log's position, which names a build, is another for the next. What is only tried comes last. */
function begin(judgement: Judgement, wanted: readonly Start[]): Decision | null {
  const [landing] = wanted.filter(({ purpose }) => purpose !== 'try')
  const [tried] = wanted.filter(({ purpose }) => purpose === 'try')
  return (landing && start(judgement, landing)) ?? (tried ? startTry(judgement, tried.request) : null)
}

function start(judgement: Judgement, wanted: Start): Decision | null {
  const { lane, config, view, now } = judgement
  const added = wanted.members.slice(-wanted.adds)
  const chosen = methodOf(judgement, added)
  const unable = unproven(judgement, chosen)
  if (unable) return unable === 'waits' ? null : unable
  if (!isFresh(judgement, pulls(added))) return look(judgement, added)
  const entries = added.flatMap(({ pull }) => lane.entries[pull] ?? [])
  const same = Object.values(lane.builds).filter(
    ({ base, members, purpose }) => purpose !== 'try' && base === lane.tip && isSame(members, wanted.members),
  )
  const failed = wanted.purpose === 'confirm' ? same.findLast(({ verdict }) => isEvidence(verdict)) : undefined
  const again = failed && rerunOf(judgement, failed)
  const build = `b${view.position}`
  return record([
    event(judgement, 'build_planned', {
      build,
      base: lane.tip ?? '',
      parent: parentOf(judgement, wanted.members),
      members: wanted.members.map(({ pull, sha }) => ({ pull, sha })),
      attempt: 1 + same.length + Math.max(0, ...entries.map(({ unheard }) => unheard)),
      purpose: wanted.purpose,
      ...(again && 'jobs' in again ? { rerun: again } : {}),
      method: chosen.method,
      mode: config.land.mode,
      planned_at: iso(now),
    }),
    ...(again && 'reason' in again ? [event(judgement, 'rerun_refused', { build, ...again })] : []),
  ])
}

/** Whoever chose a method of its own is built alone, so that it is the method of all of them. */
const methodOf = ({ view, config }: Judgement, [first]: readonly Member[]): Chosen =>
  chosenMethod((first && view.pulls.get(first.pull)?.seen?.labels) ?? [], config)

/** What keeps a build by this method from proving anything; `waits` while that is looked up or a person is asked. */
function unproven(judgement: Judgement, { method, labels }: Chosen): Decision | 'waits' | null {
  const { lane, config, view } = judgement
  const required = requiredContexts(view.repository, lane.target, config)
  const protection = { effect: 'observe-protection' as const }
  if (required === 'unknown' || isProtectionDue(judgement))
    return (judgement.due(protection) ? perform([protection]) : null) ?? 'waits'
  if (nothingProves(required, config)) {
    const words = nothingRequired(lane.target)
    return (lane.hold ? null : record([heldFor(judgement, 'no_required_checks', words)])) ?? 'waits'
  }
  // What a label chose is a requirement of that pull request; what the configuration chose concerns all.
  const rules = view.repository.protections[lane.target]?.rules ?? []
  const impossible = labels.length === 0 ? impossibleMethod(rules, method, config.land.mode) : null
  if (!impossible) return null
  const words = impossibleHere(lane.target, impossible.words, impossible.instead)
  return (lane.hold ? null : record([heldFor(judgement, impossible.reason, words, [impossible.evidence])])) ?? 'waits'
}

/** The longest build at work of which this one is a continuation. */
function parentOf({ lane }: Judgement, members: readonly Member[]): string | null {
  const shorter = Object.values(lane.builds).filter(
    (build) =>
      isAtWork(build) &&
      build.purpose !== 'try' &&
      build.base === lane.tip &&
      build.members.length < members.length &&
      isSame(build.members, members.slice(0, build.members.length)),
  )
  return shorter.sort((a, b) => b.members.length - a.members.length)[0]?.build ?? null
}

const pulls = (members: readonly Member[]): number[] => members.map(({ pull }) => pull)

const isSame = (a: readonly Member[], b: readonly Member[]): boolean =>
  a.length === b.length && a.every(({ pull, sha }, at) => b[at]?.pull === pull && b[at].sha === sha)

/** As many as one document holds; the next are looked at by the next judgement. */
const MOST = 20

function look(judgement: Judgement, members: readonly Member[]): Decision | null {
  const stale = members.filter(({ pull }) => !isFresh(judgement, [pull]) || judgement.lane.tip === null)
  const effect = observe(judgement, pulls(stale).slice(0, MOST))
  return judgement.due(effect) ? perform([effect]) : null
}
