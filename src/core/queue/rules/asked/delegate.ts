/**
 * `/delegate` and `/undelegate`: who may declare gives another, the author where nobody is named, the right over this one pull
 * request; either of them ends it. A right that was given can't be given on.
 */
import { allows } from '../../../config.ts'
import type { NewEvent } from '../../../events.ts'
import { iso } from '../../../ids.ts'
import * as words from '../../../render/delegate.ts'
import * as reply from '../../../render/reply.ts'
import { believed, event, type Judgement } from '../../judgement.ts'
import { type Asked, type Command, may, refused, taken } from './asked.ts'

/** Nothing while it has to be looked up whether there is somebody of that name. */
export function delegate(asked: Asked): NewEvent[] {
  const { judgement, command } = asked
  const wanted = judgement.config.permissions.approve
  if (!may(asked, wanted)) return refused(asked, 'permission', reply.forbidden('delegate', wanted))
  const { pull, by } = command
  const seen = judgement.view.pulls.get(pull)?.seen
  if (seen?.state !== 'open') return refused(asked, 'not_open', reply.notOpen(pull))
  const { user: to = seen.author } = command.arguments
  const held = believed(judgement, to)
  if (held === undefined) return []
  if (held === 'none') return refused(asked, 'unknown_user', words.unknownUser(to))
  const given = event(judgement, 'delegated', { pull, to, by, delegated_at: iso(judgement.now) })
  return [given, taken(asked, 'delegated', words.delegated(to, pull))]
}

export function undelegate(asked: Asked): NewEvent[] {
  const { judgement, command } = asked
  const { pull, by } = command
  const wanted = judgement.config.permissions.approve
  const delegates = judgement.view.pulls.get(pull)?.delegates ?? []
  const own = by.toLowerCase()
  const user = command.arguments.user?.toLowerCase()
  const named = user === undefined && !may(asked, wanted) ? own : user
  if (named !== own && !may(asked, wanted)) return refused(asked, 'permission', reply.forbidden('undelegate', wanted))
  const from = delegates.filter((one) => named === undefined || one === named)
  if (from.length === 0) return refused(asked, 'not_delegated', words.notDelegated(pull, named))
  return [
    ...from.map((one) => event(judgement, 'undelegated', { pull, from: one, by })),
    taken(asked, 'undelegated', words.undelegated(from, pull)),
  ]
}

/** Who is to be given a right by somebody who may: before that is done it is looked up whether there is such a user. */
export function namedBy(judgement: Judgement, { name, error, by, pull, arguments: { user } }: Command): string[] {
  if (name !== 'delegate' || error !== null) return []
  if (!allows(believed(judgement, by), judgement.config.permissions.approve)) return []
  const to = user ?? judgement.view.pulls.get(pull)?.seen?.author
  return to === undefined ? [] : [to]
}
