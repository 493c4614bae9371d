/**
 * Commands in tests of the core: the house in which they are typed, the typing itself, and what a lane records of one. It
 * folds with our own `evolve` and decides with our own `decide`, and asserts nothing.
 */
import { type Command, parseCommands } from '../../src/core/command.ts'
import type { NewEvent, PayloadOf } from '../../src/core/events.ts'
import { type Instant, iso } from '../../src/core/ids.ts'
import { decide } from '../../src/core/queue/decide.ts'
import { event, NOON, permission, TIP } from './facts.ts'
import { viewOf } from './given.ts'

/** What these people may do, looked up just now. */
export const people = (held: Readonly<Record<string, PayloadOf<'permission_observed'>['permission']>>): NewEvent[] => [
  ...Object.entries(held).map(([user, level]) => permission(user, level)),
  event('lane_observed', {
    scope: 'permissions',
    pulls: [],
    users: Object.keys(held),
    build: null,
    tip: null,
    observed_at: NOON,
  }),
]

/** Everything about these pull requests, and what is required, looked up just now. */
export const lookedAt = (...pulls: number[]): NewEvent[] => [
  event('lane_observed', { scope: 'pulls', pulls, users: ['rob'], build: null, tip: TIP, observed_at: NOON }),
  event('lane_observed', { scope: 'protection', pulls: [], users: [], build: null, tip: null, observed_at: NOON }),
]

let comments = 1000

/** One comment on a pull request. */
export function typed(by: string, body: string, pull = 12, rest: Partial<PayloadOf<'command_requested'>> = {}) {
  const comment = ++comments
  return parseCommands(body).map(({ line, name, arguments: given, error }: Command) =>
    event('command_requested', {
      pull,
      follow_up: null,
      comment,
      line,
      by,
      name,
      arguments: given,
      error,
      requested_at: NOON,
      ...rest,
    }),
  )
}

export interface Carried {
  /** The log with everything that was recorded until all that was asked was answered. */
  readonly log: NewEvent[]
  /** The last answer. */
  readonly result: string | undefined
  readonly reason: string | undefined
  readonly reply: string | null | undefined
  /** The types of what was recorded. */
  readonly types: string[]
}

/** Lets the lane record until nothing that was asked is unanswered. */
export function carriedOut(events: readonly NewEvent[], now: Instant = Date.parse(NOON)): Carried {
  const log = [...events]
  for (let steps = 0; steps < 20; steps++) {
    const view = viewOf(log, 'main', iso(now))
    const { lane } = view
    const asked = Object.values(lane.resumes).some(({ status }) => status === 'asked')
    if (Object.keys(lane.commands).length === 0 && !asked) break
    const decision = decide(view)
    if (decision.do !== 'record') break
    log.push(...decision.events)
  }
  const added = log.slice(events.length)
  const answer = added.findLast((one) => one.type === 'command_answered')
  const { result, reason, reply } = answer?.payload ?? {}
  return { log, result, reason, reply, types: added.map(({ type }) => type) }
}

/** What the lane records next, as type and payload; effects by their names. */
export function next(events: readonly NewEvent[], now = NOON): readonly unknown[] {
  const decision = decide(viewOf(events, 'main', now))
  if (decision.do === 'record') return decision.events.map(({ type, payload }) => ({ type, payload }))
  return decision.do === 'perform' ? decision.effects : []
}
