/** Commands and resumes from the moment they arrive until they are answered on the surface where they were asked. */
import { type Said, saidOf, threadOf } from '../../events/shapes.ts'
import type { LoggedEvent, PayloadOf } from '../../events.ts'
import type { Lane } from '../lane.ts'
import { put, without } from './table.ts'

export const keyOf = (command: Said & { readonly line: number }): string => `${threadOf(command)}:${command.line}`

export function commandAnswered(lane: Lane, answered: PayloadOf<'command_answered'>): Lane {
  const { pull, result, reply, silent } = answered
  const commands = without(lane.commands, keyOf(answered))
  if (silent) return { ...lane, commands }
  const issue = lane.commands[keyOf(answered)]?.follow_up ?? pull
  const before = lane.replies[threadOf(answered)] ?? {
    pull,
    issue,
    said: saidOf(answered),
    result: 'taken' as const,
    replies: [],
  }
  const replies = reply === null ? before.replies : [...before.replies, reply]
  return {
    ...lane,
    commands,
    replies: put(lane.replies, threadOf(answered), {
      ...before,
      result: result === 'refused' ? 'refused' : before.result,
      replies,
    }),
  }
}

export function resumeRequested(lane: Lane, event: LoggedEvent<'resume_requested'>): Lane {
  return {
    ...lane,
    resumes: put(lane.resumes, event.payload.request, { ...event.payload, position: event.position, status: 'asked' }),
  }
}

export function resumeAnswered(lane: Lane, { pull, request, result, reason }: PayloadOf<'resume_answered'>): Lane {
  const resume = lane.resumes[request]
  const follow_up = resume?.follow_up ?? lane.follow_ups[pull]?.issue ?? null
  const retry = resume?.retry ? { retry: true as const } : {}
  const answers = put(lane.answers, request, { pull, follow_up, request, result, reason, ...retry })
  const resumes =
    resume && result === 'remembered'
      ? put(lane.resumes, request, { ...resume, status: 'remembered' as const })
      : without(lane.resumes, request)
  return { ...lane, answers, resumes }
}

/** What was remembered of a pull request is done or of no use any more; what is not answered yet still is to be. */
export const withoutRemembered = (lane: Lane, pull: number): Lane['resumes'] =>
  Object.fromEntries(
    Object.entries(lane.resumes).filter(([, resume]) => resume.pull !== pull || resume.status === 'asked'),
  )
