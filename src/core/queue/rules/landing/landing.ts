/**
 * Moving the target: what is planned is settled before anything else is decided, and what landed is recorded with its
 * proof. It refuses to believe any answer of GitHub but what stands on the target.
 */
import type { NewEvent, PayloadOf } from '../../../events.ts'
import { iso } from '../../../ids.ts'
import { standingReviews } from '../../../readiness/pull-request.ts'
import { waitsFor } from '../../../readiness/requirements/dependencies.ts'
import { landedUntested } from '../../../render/words/hold-reasons.ts'
import { type Decision, event, isFresh, type Judgement, observe, perform, type Rule, record } from '../../judgement.ts'
import type { Build, Landing } from '../../lane.ts'
import { blockedBy } from '../blocked.ts'
import { heldFor } from '../hold.ts'

/** An unfinished landing comes before everything: its answer decides what all else stands on. */
export const settleLanding: Rule = (judgement) => {
  const { landing, builds } = judgement.lane
  if (!landing) return null
  const build = builds[landing.build]
  if (!build) return null
  if (landing.concluded?.result === 'landed') return record(completions(judgement, build, landing))
  if (landing.concluded?.result === 'mismatched') return record(mismatch(judgement, build, landing.concluded))
  if (landing.concluded?.result === 'refused') {
    const message = landing.concluded.message ?? 'GitHub refused to move the target'
    const last = build.members.at(-1)
    return last ? record([blockedBy(judgement, last, 'protection_refused', { build: build.build, message })]) : null
  }
  return settle(judgement, build)
}

function settle(judgement: Judgement, build: Build): Decision {
  const wait: Decision = { do: 'wait' }
  const members = build.members.map(({ pull }) => pull)
  const wanted = mayLand(judgement, build)
  if (wanted && !isFresh(judgement, members)) {
    const look = observe(judgement, members)
    return (judgement.due(look) ? perform([look]) : null) ?? wait
  }
  const advance = { effect: 'advance-target' as const, build: build.build, advance: wanted }
  return (judgement.due(advance) ? perform([advance]) : null) ?? wait
}

/** Whether every member is still what was proven and approved, and nothing holds the lane. */
export function mayLand(judgement: Judgement, build: Build): boolean {
  const { lane, config, view } = judgement
  if (config.mode !== 'live') return false
  return build.members.every(({ pull, sha }) => {
    const seen = view.pulls.get(pull)
    if (!seen || lane.entries[pull]?.sha !== sha || seen.seen?.sha !== sha) return false
    if (lane.hold && !lane.hold.allow.includes(pull)) return false
    if (waitsFor(lane, seen.seen).some((other) => !build.members.some((member) => member.pull === other))) return false
    // Unknown is for the look that comes before the advance; what is known to be unmet stops it.
    return !judgement
      .readiness(seen)
      .requirements.some(({ code, status }) => status === 'unmet' && code !== 'mergeable')
  })
}

/** Whether every member is READY as last observed; GitHub's own opinion on merging is overtaken by the proven commit. */
export function allReady(judgement: Judgement, build: Build): boolean {
  return build.members.every(({ pull }) => {
    const seen = judgement.view.pulls.get(pull)
    return (
      seen !== undefined &&
      judgement.readiness(seen).requirements.every(({ code, status }) => status === 'met' || code === 'mergeable')
    )
  })
}

/** What nobody tested stands on the target: nothing more lands there until a person had a look. */
function mismatch(
  judgement: Judgement,
  { members, published }: Build,
  { target, landed_sha, tree }: PayloadOf<'landing_concluded'>,
): NewEvent[] {
  const commits = [landed_sha ?? target, published?.sha].filter((sha) => sha !== undefined)
  const evidence = [
    ...commits.map((text) => ({ kind: 'commit' as const, text })),
    ...[tree, published?.tree].map((text) => ({ kind: 'message' as const, text: `tree ${text}` })),
  ]
  const [landed = '', tested = ''] = commits
  const pulls = members.map(({ pull }) => pull)
  const words = landedUntested(pulls, judgement.lane.target, landed, tested)
  return [
    heldFor(judgement, 'landed_untested', words, evidence),
    ...members.map(({ pull, sha }) => event(judgement, 'candidate_dequeued', { pull, sha, reason: 'landed_untested' })),
  ]
}

function completions(judgement: Judgement, build: Build, landing: Landing): NewEvent[] {
  const { view, now } = judgement
  return (build.published?.prefixes ?? []).map(({ pull, sha: built, tree }) => {
    // In mode native GitHub made a commit of its own, with the tree of the one that we built.
    const landed_sha = landing.concluded?.landed_sha ?? built
    const member = build.members.find((one) => one.pull === pull)
    const state = view.pulls.get(pull)
    const approvals: PayloadOf<'integration_completed'>['approvals'] = (state ? standingReviews(state) : [])
      .filter((review) => review.verdict === 'approved' && review.sha === member?.sha)
      .map(({ reviewer, review_id }) => ({
        reviewer,
        review_id,
        sha: member?.sha ?? landed_sha,
        permission: view.permissions.get(reviewer.toLowerCase()) ?? 'none',
      }))
    return event(judgement, 'integration_completed', {
      pull,
      branch: state?.seen?.branch ?? judgement.lane.entries[pull]?.branch ?? `pull/${pull}`,
      sha: member?.sha ?? landed_sha,
      landed_sha,
      tree,
      base: build.base,
      build: build.build,
      method: build.method,
      mode: build.mode,
      checks: [...build.checks],
      approvals,
      observed_at: landing.observed_at,
      landed_at: landing.concluded?.concluded_at ?? iso(now),
    })
  })
}
