/**
 * Whether the target may be moved at all. One from which somebody took commits away is held with evidence, for what was
 * proven and recorded may be gone; a push that only adds is no trouble. One of which no check is required is held until one is.
 */
import { requiredContexts } from '../../../readiness/checks.ts'
import { forcePushed } from '../../../render/words/hold-reasons.ts'
import { event, perform, type Rule, record } from '../../judgement.ts'
import { nothingProves } from '../builds/verdicts.ts'
import { heldFor } from '../hold.ts'

export const noticeForcedPush: Rule = (judgement) => {
  const { moved, target } = judgement.lane
  if (!moved) return null
  if (moved.forced === null) {
    const look = { effect: 'observe-target' as const, from: moved.from }
    return judgement.due(look) ? perform([look]) : null
  }
  const { from, to, pusher } = moved
  const words = forcePushed(target, from, to, pusher)
  const evidence = [from, to].map((text) => ({ kind: 'commit' as const, text }))
  return record([heldFor(judgement, 'foreign_force_push', words, evidence)])
}

/** So often is the protection read while only that can let the lane go on; nobody may tell us of a change there. */
const ASK_PROTECTION_EVERY = 60_000

/** What `no_required_checks` waits for is seen by itself, so no person has to release it. */
export const releaseProvable: Rule = (judgement) => {
  const { lane, view, config, now } = judgement
  if (lane.hold?.reason !== 'no_required_checks') return null
  const required = requiredContexts(view.repository, lane.target, config)
  if (required !== 'unknown' && !nothingProves(required, config)) {
    const { target, hold } = lane
    return record([event(judgement, 'lane_released', { target, request: `${hold.request}:solved`, by: 'mainkeeper' })])
  }
  const again = (lane.observed.protection ?? 0) + ASK_PROTECTION_EVERY
  const look = { effect: 'observe-protection' as const }
  if (lane.observed.protection_due || again <= now) return judgement.due(look) ? perform([look]) : null
  judgement.lookAgain(again)
  return null
}
