/** A hold that the lane puts on itself, because going on would be unsafe or pointless; a person releases it. */
import type { Evidence, NewEvent } from '../../events.ts'
import { event, type Judgement } from '../judgement.ts'

/** `reason` is a code; one hold of one reason at one position of the log is one request. */
export function heldFor(
  judgement: Judgement,
  reason: string,
  words: string,
  evidence: readonly Evidence[] = [],
): NewEvent {
  const { lane, view } = judgement
  return event(judgement, 'lane_held', {
    target: lane.target,
    request: `lane:${lane.target}:${reason}:${view.position}`,
    by: 'mainkeeper',
    reason,
    words,
    evidence: evidence.length > 0 ? [...evidence] : [{ kind: 'message', text: words }],
    allow: [],
  })
}
