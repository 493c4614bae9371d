/** `/hold` and `/release`: a person stops the whole target, but for exceptions, or lets it go on. */
import type { NewEvent } from '../../../events.ts'
import * as reply from '../../../render/reply.ts'
import { WINDOW_CLOSED } from '../../hold/standing-hold.ts'
import { event } from '../../judgement.ts'
import { type Asked, may, refused, requestOf, taken } from './asked.ts'

export function hold(asked: Asked): NewEvent[] {
  const { judgement, command } = asked
  const wanted = judgement.config.permissions.hold
  if (!may(asked, wanted)) return refused(asked, 'permission', reply.forbidden('hold', wanted))
  const held = event(judgement, 'lane_held', {
    target: judgement.lane.target,
    request: requestOf(command),
    by: command.by,
    reason: 'asked',
    words: command.arguments.reason || 'Held by command',
    evidence: [],
    allow: (command.arguments.except ?? '').split(' ').filter(Boolean).map(Number),
  })
  return [held, taken(asked, 'held')]
}

export function release(asked: Asked): NewEvent[] {
  const { judgement, command } = asked
  const { target, hold: standing } = judgement.lane
  if (standing?.reason === WINDOW_CLOSED) return refused(asked, WINDOW_CLOSED, reply.windowNotReleased(standing.words))
  const wanted = judgement.config.permissions.release
  if (!may(asked, wanted)) return refused(asked, 'permission', reply.forbidden('release', wanted))
  return [
    event(judgement, 'lane_released', { target, request: requestOf(command), by: command.by }),
    taken(asked, 'released'),
  ]
}
