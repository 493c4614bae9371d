/** What is recorded when a candidate can not land until a person does something: reason, evidence, diagnostics, next action. */
import type { BlockCode } from '../../events/decisions.ts'
import type { Evidence } from '../../events/shapes.ts'
import type { NewEvent } from '../../events.ts'
import { iso, short } from '../../ids.ts'
import { nextAction } from '../../render/words/next-action.ts'
import { event, type Judgement } from '../judgement.ts'
import { fitting } from './builds/fitting.ts'

export interface Grounds {
  readonly build: string | null
  readonly message: string
  readonly evidence?: readonly Evidence[]
}

export function blockedBy(
  judgement: Judgement,
  member: { pull: number; sha: string },
  reason: BlockCode,
  grounds: Grounds,
): NewEvent {
  const { lane, view, now } = judgement
  const seen = view.pulls.get(member.pull)?.seen
  const message = grounds.message.slice(0, 2000) || reason
  const evidence = fitting(grounds.evidence?.length ? grounds.evidence : [{ kind: 'message', text: message }])
  return event(judgement, 'integration_blocked', {
    pull: member.pull,
    branch: seen?.branch ?? lane.entries[member.pull]?.branch ?? `pull/${member.pull}`,
    sha: member.sha,
    reason,
    build: grounds.build,
    conflict_evidence: evidence,
    diagnostics: [
      message,
      `candidate ${short(member.sha)} on ${lane.target} at ${lane.tip === null ? 'an unknown tip' : short(lane.tip)}`,
    ],
    next_action: nextAction(reason),
    blocked_at: iso(now),
  })
}
