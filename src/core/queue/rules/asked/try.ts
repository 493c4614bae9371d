/** `/try` and `/try cancel`: the head is built as if it landed, by whoever may have CI run it, and never lands. */
import type { NewEvent } from '../../../events.ts'
import { iso } from '../../../ids.ts'
import * as reply from '../../../render/reply.ts'
import * as words from '../../../render/words/try.ts'
import { event } from '../../judgement.ts'
import { tryOf } from '../../try.ts'
import { concludeTry } from '../builds/tries.ts'
import { type Asked, mayHere, refused, requestOf, taken } from './asked.ts'

export function tryIt(asked: Asked): NewEvent[] {
  const { judgement, command } = asked
  const { config, lane, view } = judgement
  const { pull, by, arguments: args } = command
  const before = tryOf(lane, pull)
  const own = before?.by.toLowerCase() === by.toLowerCase()
  if (!mayHere(asked, config.permissions.try) && !('cancel' in args && own))
    return refused(asked, 'permission', reply.forbidden('try', config.permissions.try))
  if ('cancel' in args) {
    if (!before) return refused(asked, 'not_tried', words.noTry(pull))
    return [concludeTry(judgement, before, 'withdrawn', null), taken(asked, 'cancelled', words.withdrewTry(before.sha))]
  }
  const seen = view.pulls.get(pull)?.seen
  if (seen?.state !== 'open') return refused(asked, 'not_open', reply.notOpen(pull))
  if (config.mode === 'shadow') return refused(asked, 'not_tried', words.nothingIsBuilt())
  if (args.sha !== undefined && !seen.sha.startsWith(args.sha))
    return refused(asked, 'other_head', reply.otherHead(args.sha, seen.sha))
  const base = args.parent === 'last' ? lane.tried[pull] : (args.parent ?? null)
  if (base === undefined) return refused(asked, 'not_tried', words.neverTried(pull))
  const request = requestOf(command)
  return [
    ...(before ? [concludeTry(judgement, before, 'withdrawn', null)] : []),
    event(judgement, 'try_requested', { pull, sha: seen.sha, by, request, base, requested_at: iso(judgement.now) }),
    taken(asked, 'tried', before ? words.replacesTry(before.sha) : null),
  ]
}
