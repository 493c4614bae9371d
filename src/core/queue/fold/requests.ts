/** Commands and resumes from the moment they arrive until they are answered on the surface where they were asked. */
import type { LoggedEvent, PayloadOf } from '../../events.ts'
import type { Lane } from '../lane.ts'
import { put, without } from './table.ts'

export const keyOf = (command: { comment: number; line: number }): string => `${command.comment}:${command.line}`

export function commandAnswered(
  lane: Lane,
  { pull, comment, line, result, reply }: PayloadOf<'command_answered'>,
): Lane {
  const issue = lane.commands[keyOf({ comment, line })]?.follow_up ?? pull
  const before = lane.replies[comment] ?? { pull, issue, result: 'taken' as const, replies: [] }
  const replies = reply === null ? before.replies : [...before.replies, reply]
  return {
    ...lane,
    commands: without(lane.commands, keyOf({ comment, line })),
    replies: put(lane.replies, comment, {
      ...before,
      result: result === 'refused' ? 'refused' : before.result,
      replies,
    }),
  }
}

export function resumeRequested(lane: Lane, event: LoggedEvent<'resume_requested'>): Lane {
  return {
    ...lane,
    resumes: put(lane.resumes, event.payload.pull, { ...event.payload, position: event.position, status: 'asked' }),
  }
}

export function resumeAnswered(lane: Lane, { pull, request, result, reason }: PayloadOf<'resume_answered'>): Lane {
  const resume = lane.resumes[pull]
  const follow_up = resume?.follow_up ?? lane.follow_ups[pull]?.issue ?? null
  const answers = put(lane.answers, request, { pull, follow_up, request, result, reason })
  if (resume?.request !== request) return { ...lane, answers }
  const resumes =
    result === 'remembered'
      ? put(lane.resumes, pull, { ...resume, status: 'remembered' as const })
      : without(lane.resumes, pull)
  return { ...lane, answers, resumes }
}
