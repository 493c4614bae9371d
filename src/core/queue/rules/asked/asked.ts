/** One command at the moment at which it is acted on: who asks and what they may, and the two ways in which it is answered. */
import { allows, type Permission } from '../../../config.ts'
import { saidOf, threadOf } from '../../../events/shapes.ts'
import type { NewEvent, PayloadOf } from '../../../events.ts'
import { event, isDelegate, type Judgement } from '../../judgement.ts'
import type { Lane } from '../../lane.ts'

export type Command = Lane['commands'][string]
export type Reason = PayloadOf<'command_answered'>['reason']

export interface Asked {
  readonly judgement: Judgement
  readonly command: Command
  /** What who asked may do, looked up lately enough to act on. */
  readonly permission: Permission
}

/** Whether who asked may do it anywhere in the repository. */
export const may = ({ permission }: Asked, wanted: Permission): boolean => allows(permission, wanted)

/** Whether who asked may do it to this pull request: by their own right, or by one that they were given over it. */
export const mayHere = (asked: Asked, wanted: Permission): boolean => {
  const { judgement, command } = asked
  return may(asked, wanted) || isDelegate(judgement, command.pull, command.by)
}

export const taken = (asked: Asked, reason: Reason, words: string | null = null): NewEvent =>
  answer(asked, 'taken', reason, words)

export const refused = (asked: Asked, reason: Reason, words: string): NewEvent[] => [
  answer(asked, 'refused', reason, words),
]

function answer(
  { judgement, command }: Asked,
  result: 'taken' | 'refused',
  reason: Reason,
  words: string | null,
): NewEvent {
  const { pull, line } = command
  // In a shadow what people ask for counts as it would have counted, and nobody is told.
  const silent = judgement.config.mode === 'shadow' ? { silent: true as const } : {}
  return event(judgement, 'command_answered', {
    pull,
    ...saidOf(command),
    line,
    result,
    reason,
    reply: words,
    ...silent,
  })
}

/** What makes the request that a command is itself, and no other. */
export const requestOf = (command: Command): string => `comment:${threadOf(command)}:${command.line}`
