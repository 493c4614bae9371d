/**
 * The next build, and the landing of a proven one. Serial for now: one build of one member; nothing else knows that.
 */
import type { Method, PayloadOf } from '../../events.ts'
import { iso } from '../../ids.ts'
import { requiredContexts } from '../../readiness/checks.ts'
import { event, isFresh, observe, perform, type Rule, record } from '../judgement.ts'
import type { Entry } from '../lane.ts'
import { inOrder } from '../order.ts'
import { heldFor } from './hold.ts'
import { allReady, mayLand } from './landing.ts'
import { impossibleMethod } from './method.ts'
import { nothingProves } from './verdicts.ts'

/** A proven build lands as soon as everything about its members was looked at afresh. */
export const planLanding: Rule = (judgement) => {
  const { lane, now } = judgement
  // What the target holds is not known: nothing is moved on it.
  if (lane.moved) return null
  for (const build of Object.values(lane.builds)) {
    if (build.spent || build.verdict !== 'passed' || !build.published || lane.landing) continue
    if (!mayLand(judgement, build)) continue
    const members = build.members.map(({ pull }) => pull)
    if (!isFresh(judgement, members)) {
      const look = observe(judgement, members)
      return judgement.due(look) ? perform([look]) : null
    }
    if (!allReady(judgement, build)) continue
    const observed = Math.min(...members.map((pull) => lane.observed.pulls[pull]?.at ?? now))
    const plan = {
      build: build.build,
      from: build.base,
      to: build.published.sha,
      observed_at: iso(observed),
      planned_at: iso(now),
    }
    return record([event(judgement, 'landing_planned', plan)])
  }
  return null
}

/** One build of the first in line. An unknown requirement of the first is waited for, not overtaken. */
export const planNext: Rule = (judgement) => {
  const { lane, config, view, now } = judgement
  if (config.mode !== 'live' || lane.moved || Object.values(lane.builds).length > 0) return null
  const next = inOrder(lane).find(
    (entry) => entry.waits_for === null && (!lane.hold || lane.hold.allow.includes(entry.pull)),
  )
  const pull = next && view.pulls.get(next.pull)
  if (!next || !pull) return null
  const required = requiredContexts(view.repository, lane.target, config)
  const protection = { effect: 'observe-protection' as const }
  if (required === 'unknown' || lane.observed.protection_due)
    return judgement.due(protection) ? perform([protection]) : null
  if (nothingProves(required, config)) {
    const words = `No check is required of ${lane.target}, so a build would prove nothing`
    return lane.hold ? null : record([heldFor(judgement, 'no_required_checks', words)])
  }
  const impossible = impossibleMethod(view.repository.protections[lane.target]?.rules ?? [], config.land.method)
  if (impossible)
    return lane.hold
      ? null
      : record([heldFor(judgement, impossible.reason, `${lane.target} ${impossible.words}`, [impossible.evidence])])
  if (!isFresh(judgement, [next.pull]) || lane.tip === null) {
    const look = observe(judgement, [next.pull])
    return judgement.due(look) ? perform([look]) : null
  }
  const { requirements } = judgement.readiness(pull)
  if (requirements.some(({ code, status }) => status !== 'met' && code !== 'mergeable')) return null
  return record([
    event(judgement, 'build_planned', planOf(next, lane.tip, config.land.method, view.position, iso(now))),
  ])
}

function planOf(
  entry: Entry,
  base: string,
  method: Method,
  position: number,
  planned_at: string,
): PayloadOf<'build_planned'> {
  return {
    build: `b${position}`,
    base,
    parent: null,
    members: [{ pull: entry.pull, sha: entry.sha }],
    attempt: 1 + entry.silent + entry.cancelled,
    purpose: 'land',
    method,
    planned_at,
  }
}
