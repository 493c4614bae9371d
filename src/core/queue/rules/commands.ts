/**
 * What people typed, answered once each. Whether somebody may is looked up here, at the time of acting, never when the words
 * arrived.
 */

import { allows, type Permission } from '../../config.ts'
import type { NewEvent, PayloadOf } from '../../events.ts'
import { iso } from '../../ids.ts'
import { explain } from '../../readiness/explain.ts'
import { leadsTo } from '../../readiness/stack.ts'
import * as reply from '../../render/reply.ts'
import { believed, event, type Judgement, perform, type Rule, record } from '../judgement.ts'
import { type Lane, statusOf } from '../lane.ts'
import { WINDOW_CLOSED } from '../standing-hold.ts'
import { needsPermission } from './resumes.ts'

type Command = Lane['commands'][string]
type Reason = PayloadOf<'command_answered'>['reason']

/** Looks up, in one go, the permission of everybody who asked for something and whose permission is not known, or no longer. */
export const lookUpAskers: Rule = (judgement) => {
  const { lane } = judgement
  const askers = [
    ...answerable(judgement).map((command) => command.by),
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
    if (permission !== undefined) return record(carryOut(judgement, command, permission))
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

function carryOut(judgement: Judgement, command: Command, permission: Permission): NewEvent[] {
  const { config } = judgement
  const may = config.permissions
  if (command.error !== null) return [answer(judgement, command, 'refused', 'not_understood', command.error)]
  const needs = (wanted: Permission, act: () => NewEvent[]): NewEvent[] =>
    allows(permission, wanted)
      ? act()
      : [answer(judgement, command, 'refused', 'permission', reply.forbidden(command.name, wanted))]
  const { target, hold } = judgement.lane
  const request = `comment:${command.comment}:${command.line}`
  switch (command.name) {
    case 'why':
      return [answer(judgement, command, 'taken', 'told', why(judgement, command.pull))]
    case 'help':
      return [answer(judgement, command, 'taken', 'told', reply.help())]
    case 'merge':
      return merge(judgement, command, permission)
    case 'resume':
      return [
        event(judgement, 'resume_requested', {
          pull: command.pull,
          follow_up: command.follow_up,
          by: command.by,
          via: 'comment',
          request,
          ...('force' in command.arguments ? { force: true } : {}),
        }),
        answer(judgement, command, 'taken', 'asked', null),
      ]
    case 'hold':
      return needs(may.hold, () => [
        event(judgement, 'lane_held', {
          target,
          request,
          by: command.by,
          reason: 'asked',
          words: command.arguments.reason || 'Held by command',
          evidence: [],
          allow: [],
        }),
        answer(judgement, command, 'taken', 'held', null),
      ])
    case 'release':
      if (hold?.reason === WINDOW_CLOSED)
        return [answer(judgement, command, 'refused', WINDOW_CLOSED, reply.windowNotReleased(hold.words))]
      return needs(may.release, () => [
        event(judgement, 'lane_released', { target, request, by: command.by }),
        answer(judgement, command, 'taken', 'released', null),
      ])
    default:
      return [answer(judgement, command, 'refused', 'not_understood', reply.unknownCommand(command.name))]
  }
}

function answer(
  judgement: Judgement,
  command: Command,
  result: 'taken' | 'refused',
  reason: Reason,
  words: string | null,
): NewEvent {
  const { pull, comment, line } = command
  // In a shadow what people ask for counts as it would have counted, and nobody is told.
  const silent = judgement.config.mode === 'shadow' ? { silent: true as const } : {}
  return event(judgement, 'command_answered', { pull, comment, line, result, reason, reply: words, ...silent })
}

const why = (judgement: Judgement, number: number): string => {
  const pull = judgement.view.pulls.get(number)
  return pull ? reply.why(explain(judgement.view, judgement.config, pull)) : reply.unknownPull(number)
}

function merge(judgement: Judgement, command: Command, permission: Permission): NewEvent[] {
  const { config, view, lane, now } = judgement
  const refuse = (reason: Reason, words: string) => [answer(judgement, command, 'refused', reason, words)]
  const pull = view.pulls.get(command.pull)
  const seen = pull?.seen
  if (!pull || !seen || seen.state !== 'open') return refuse('not_open', reply.notOpen(command.pull))
  const own = seen.author.toLowerCase() === command.by.toLowerCase()
  const args = command.arguments
  if ('cancel' in args) {
    if (!own && !allows(permission, config.permissions.cancel))
      return refuse('permission', reply.forbidden('merge cancel', config.permissions.cancel))
    const entry = lane.entries[command.pull]
    const withdrawn = event(judgement, 'finalize_withdrawn', {
      pull: command.pull,
      sha: seen.sha,
      by: command.by,
      reason: 'cancelled',
    })
    const left = entry
      ? [event(judgement, 'candidate_dequeued', { pull: command.pull, sha: entry.sha, reason: 'cancelled' })]
      : []
    return [withdrawn, ...left, answer(judgement, command, 'taken', 'cancelled', null)]
  }
  if (!own && !allows(permission, config.permissions.approve))
    return refuse('permission', reply.forbidden('merge', config.permissions.approve))
  if (args.sha !== undefined && !seen.sha.startsWith(args.sha.toLowerCase()))
    return refuse('other_head', reply.otherHead(args.sha, seen.sha))
  if (args.priority !== undefined && !allows(permission, config.permissions.priority))
    return refuse('permission', reply.forbidden('merge priority', config.permissions.priority))
  const declared = event(judgement, 'finalize_ready', {
    pull: command.pull,
    branch: seen.branch,
    sha: seen.sha,
    declared_by: command.by,
    via: 'command',
    ...(args.priority === undefined ? {} : { priority: priorityOf(args.priority) }),
    ...('alone' in args ? { alone: true } : {}),
    ready_at: iso(now),
  })
  return [declared, answer(judgement, command, 'taken', 'declared', reply.declared(seen.sha))]
}

const NAMED: Record<string, number> = { low: -10, normal: 0, high: 10 }

const priorityOf = (text: string): number => NAMED[text.toLowerCase()] ?? Number.parseInt(text, 10)
