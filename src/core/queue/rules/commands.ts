/**
 * What people typed, answered once each. Whether somebody may is looked up here, at the time of acting, never when the words
 * arrived. What each command does is in `asked/`.
 */

import type { NewEvent, PayloadOf } from '../../events.ts'
import { explain } from '../../readiness/explain.ts'
import { leadsTo } from '../../readiness/stack.ts'
import * as reply from '../../render/reply.ts'
import { believed, type Judgement, perform, type Rule, record } from '../judgement.ts'
import { statusOf } from '../lane.ts'
import { type Asked, type Command, refused, taken } from './asked/asked.ts'
import { delegate, namedBy, undelegate } from './asked/delegate.ts'
import { hold, release } from './asked/hold.ts'
import { merge } from './asked/merge.ts'
import { resume, retry } from './asked/resume.ts'
import { tryIt } from './asked/try.ts'
import { needsPermission } from './resumes.ts'

/**
 * Looks up, in one go, the permission of everybody who asked for something, or is to be given a right, and whose permission is
 * not known, or no longer.
 */
export const lookUpAskers: Rule = (judgement) => {
  const { lane } = judgement
  const askers = [
    ...answerable(judgement).flatMap((command) => [command.by, ...namedBy(judgement, command)]),
    ...Object.values(lane.resumes).flatMap((resume) =>
      resume.status === 'asked' && needsPermission(resume) ? [resume.by] : [],
    ),
  ].map((login) => login.toLowerCase())
  const users = [...new Set(askers)].filter((login) => believed(judgement, login) === undefined)
  if (users.length === 0) return null
  const effect = { effect: 'observe-pulls' as const, pulls: [], users: users.sort() }
  return judgement.due(effect) ? perform([effect]) : null
}

export const answerCommands: Rule = (judgement) => {
  for (const command of answerable(judgement).sort((a, b) => a.position - b.position)) {
    const permission = believed(judgement, command.by)
    const events = permission === undefined ? [] : carryOut({ judgement, command, permission })
    if (events.length > 0) return record(events)
  }
  return null
}

/** What was typed before its pull request was heard of waits for that; where it is of another lane, that one answers. */
const answerable = ({ lane, view }: Judgement): Command[] =>
  Object.values(lane.commands).filter(({ pull }) => {
    const seen = view.pulls.get(pull)?.seen
    return seen !== undefined && seen !== null && !isStrange({ lane, view }, seen)
  })

/** Of another lane, and never of this one. */
export const isStrange = (
  { lane, view }: Pick<Judgement, 'lane' | 'view'>,
  seen: PayloadOf<'pull_request_observed'>,
): boolean =>
  !leadsTo(view, lane.target, seen) &&
  statusOf(lane, seen.pull) === undefined &&
  lane.surfaces[seen.pull] === undefined &&
  lane.follow_ups[seen.pull] === undefined

function carryOut(asked: Asked): NewEvent[] {
  const { judgement, command } = asked
  if (command.error !== null) return refused(asked, 'not_understood', command.error)
  const act = Object.hasOwn(ACTS, command.name) ? ACTS[command.name] : undefined
  if (act) return act(asked)
  if (command.name === 'why') return [taken(asked, 'told', why(judgement, command.pull))]
  if (command.name === 'help') return [taken(asked, 'told', reply.help())]
  return refused(asked, 'not_understood', reply.unknownCommand(command.name))
}

const ACTS: Readonly<Record<string, (asked: Asked) => NewEvent[]>> = {
  merge,
  resume,
  retry,
  try: tryIt,
  delegate,
  undelegate,
  hold,
  release,
}

const why = (judgement: Judgement, number: number): string => {
  const pull = judgement.view.pulls.get(number)
  return pull ? reply.why(explain(judgement.view, judgement.config, pull)) : reply.unknownPull(number)
}
