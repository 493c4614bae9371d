/**
 * `/resume` and `/retry`. The first is a request that is answered by itself, for it may be remembered; the second is told at
 * once whether it was taken.
 */
import type { NewEvent, PayloadOf } from '../../../events.ts'
import { explain } from '../../../readiness/explain.ts'
import * as reply from '../../../render/reply.ts'
import { event } from '../../judgement.ts'
import { resumeVerdict } from '../resumes.ts'
import { type Asked, refused, requestOf, taken } from './asked.ts'

export const resume = (asked: Asked): NewEvent[] => [requested(asked, {}), taken(asked, 'asked')]

export function retry(asked: Asked): NewEvent[] {
  const { judgement, command } = asked
  const { pull: number, by } = command
  const verdict = resumeVerdict(judgement, { pull: number, by, via: 'comment', retry: true })
  if (verdict === null) return []
  const [result, reason] = verdict
  if (result === 'remembered') return [requested(asked, { retry: true }), taken(asked, 'asked')]
  const { view, config } = judgement
  const pull = view.pulls.get(number)
  const explanation = pull ? explain(view, config, pull) : null
  // Where there is no word for it the reaction alone would say nothing.
  const words = reply.resume({ pull: number, result, reason, retry: true }, explanation) ?? reply.unknownPull(number)
  return refused(asked, reason === 'ready' ? 'not_blocked' : reason, words)
}

function requested(
  { judgement, command }: Asked,
  how: Pick<PayloadOf<'resume_requested'>, 'retry' | 'force'>,
): NewEvent {
  const { pull, follow_up, by } = command
  const force = 'force' in command.arguments ? { force: true } : {}
  const request = requestOf(command)
  return event(judgement, 'resume_requested', { pull, follow_up, by, via: 'comment', request, ...force, ...how })
}
