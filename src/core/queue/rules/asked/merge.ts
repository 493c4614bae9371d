/** `/merge` and `/merge cancel`: the head is declared finished by command, or that is taken back. */
import type { NewEvent } from '../../../events.ts'
import { iso } from '../../../ids.ts'
import type { PullRequest } from '../../../readiness/pull-request.ts'
import * as reply from '../../../render/reply.ts'
import { event } from '../../judgement.ts'
import { type Asked, mayHere, refused, taken } from './asked.ts'

export function merge(asked: Asked): NewEvent[] {
  const { judgement, command } = asked
  const seen = judgement.view.pulls.get(command.pull)?.seen
  if (seen?.state !== 'open') return refused(asked, 'not_open', reply.notOpen(command.pull))
  return 'cancel' in command.arguments ? cancel(asked, seen) : declare(asked, seen)
}

type Seen = NonNullable<PullRequest['seen']>

const isOwn = ({ command }: Asked, { author }: Seen): boolean => author.toLowerCase() === command.by.toLowerCase()

function cancel(asked: Asked, seen: Seen): NewEvent[] {
  const { judgement, command } = asked
  const wanted = judgement.config.permissions.cancel
  if (!isOwn(asked, seen) && !mayHere(asked, wanted))
    return refused(asked, 'permission', reply.forbidden('merge cancel', wanted))
  const { pull, by } = command
  const entry = judgement.lane.entries[pull]
  return [
    event(judgement, 'finalize_withdrawn', { pull, sha: seen.sha, by, reason: 'cancelled' }),
    ...(entry ? [event(judgement, 'candidate_dequeued', { pull, sha: entry.sha, reason: 'cancelled' })] : []),
    taken(asked, 'cancelled'),
  ]
}

function declare(asked: Asked, seen: Seen): NewEvent[] {
  const { judgement, command } = asked
  const { permissions } = judgement.config
  const args = command.arguments
  if (!isOwn(asked, seen) && !mayHere(asked, permissions.approve))
    return refused(asked, 'permission', reply.forbidden('merge', permissions.approve))
  if (args.sha !== undefined && !seen.sha.startsWith(args.sha.toLowerCase()))
    return refused(asked, 'other_head', reply.otherHead(args.sha, seen.sha))
  if (args.priority !== undefined && !mayHere(asked, permissions.priority))
    return refused(asked, 'permission', reply.forbidden('merge priority', permissions.priority))
  if ('interrupt' in args && !mayHere(asked, permissions.priority))
    return refused(asked, 'permission', reply.forbidden('merge interrupt', permissions.priority))
  const declared = event(judgement, 'finalize_ready', {
    pull: command.pull,
    branch: seen.branch,
    sha: seen.sha,
    declared_by: command.by,
    via: 'command',
    ...(args.priority === undefined ? {} : { priority: priorityOf(args.priority) }),
    ...('alone' in args ? { alone: true } : {}),
    ...('interrupt' in args ? { interrupt: true } : {}),
    ready_at: iso(judgement.now),
  })
  return [declared, taken(asked, 'declared', reply.declared(seen.sha))]
}

const NAMED: Record<string, number> = { low: -10, normal: 0, high: 10 }

const priorityOf = (text: string): number => NAMED[text.toLowerCase()] ?? Number.parseInt(text, 10)
