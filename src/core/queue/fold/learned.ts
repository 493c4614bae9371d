/** What a lane learns from its log of its members and its CI. What to believe from it is `estimates/`'s. */
import type { LoggedEvent, PayloadOf } from '../../events.ts'
import { instant, isOurBranch } from '../../ids.ts'
import { OWN_CHECK } from '../../readiness/checks.ts'
import { type CheckSeen, type EstimateEvent, evolveEstimates } from '../estimates/estimates.ts'
import type { Lane } from '../lane.ts'
import { isEvidence } from '../plan/known.ts'

/** Heads that are remembered as red: more than wait at once. */
const RED = 200

/** A check failed on a commit that no build of ours made. */
export function reddened(lane: Lane, { sha, branch, context, conclusion }: PayloadOf<'check_reported'>): Lane {
  const ours = context === OWN_CHECK || isOurBranch(branch)
  if (ours || (conclusion !== 'failure' && conclusion !== 'timed_out') || lane.red.includes(sha)) return lane
  return { ...lane, red: [...lane.red, sha].slice(-RED) }
}

/** `before` is the lane as the event found it. */
export function learned(before: Lane, after: Lane, event: LoggedEvent): Lane {
  // What landed elsewhere is told to every lane.
  const ours = event.lane === null || event.lane === before.target
  const lesson = ours ? lessonOf(before, event) : null
  return lesson ? { ...after, estimates: evolveEstimates(after.estimates, lesson) } : after
}

function lessonOf(lane: Lane, event: LoggedEvent): EstimateEvent | null {
  const isRed = ({ sha }: { sha: string }) => lane.red.includes(sha)
  switch (event.type) {
    case 'build_concluded':
      return buildJudged(lane, event)
    case 'integration_completed':
      // What was there already was not tested.
      return event.payload.observed_at === null
        ? null
        : { type: 'member_judged', good: true, was_red: isRed(event.payload) }
    case 'integration_blocked': {
      const { reason } = event.payload
      const broke = reason === 'checks_failed' || reason === 'checks_timed_out'
      return broke ? { type: 'member_judged', good: false, was_red: isRed(event.payload) } : null
    }
    default:
      return null
  }
}

function buildJudged(lane: Lane, { payload }: LoggedEvent<'build_concluded'>): EstimateEvent | null {
  const build = lane.builds[payload.build]
  // Who asks for a try may well expect it to fail.
  if (!build?.published || build.purpose === 'try' || !isEvidence(payload.verdict)) return null
  const { rerun } = build
  // Of a re-run only what ran again was seen anew, and it tells nothing of how long a whole build takes.
  const ran = payload.checks.filter(({ context }) => !rerun || rerun.jobs.some((job) => job.context === context))
  return {
    type: 'build_judged',
    tree: build.published.tree,
    passed: payload.verdict === 'passed',
    confirmation: build.purpose === 'confirm',
    seconds: rerun ? null : (instant(payload.concluded_at) - instant(build.published.published_at)) / 1000,
    checks: ran.flatMap(({ context, state, seconds }): CheckSeen[] =>
      state === 'passed' || state === 'failed' ? [{ context, state, seconds: seconds ?? null }] : [],
    ),
  }
}
