/** A hold that the lane puts on itself, because going on would be unsafe or pointless; a person releases it. */
import type { HoldReason } from '../../events/requests.ts'
import type { Evidence } from '../../events/shapes.ts'
import type { NewEvent } from '../../events.ts'
import { event, type Judgement } from '../judgement.ts'
import { fitting, MAX_WORDS } from './builds/fitting.ts'

/** One hold of one reason at one position of the log is one request. */
export function heldFor(
  judgement: Judgement,
  reason: HoldReason,
  words: string,
  evidence: readonly Evidence[] = [],
): NewEvent {
  const { lane, view } = judgement
  return event(judgement, 'lane_held', {
    target: lane.target,
    request: `lane:${lane.target}:${reason}:${view.position}`,
    by: 'mainkeeper',
    reason,
    words: words.slice(0, MAX_WORDS),
    evidence: fitting(evidence.length > 0 ? evidence : [{ kind: 'message', text: words }]),
    allow: [],
  })
}
