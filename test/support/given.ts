/**
 * Folds events into the view that a lane's judgement has of them, and says what readiness makes of it:
 * `given(events).evaluates(pr(12)).as('not_ready', ['approvals_missing'])`. It folds with our own `evolve` functions alone.
 */
import { expect } from 'vitest'
import type { Config, Permission } from '../../src/core/config.ts'
import { definitionOf, type LoggedEvent, type NewEvent, pullOf } from '../../src/core/events.ts'
import { instant } from '../../src/core/ids.ts'
import { evolveLane } from '../../src/core/queue/fold/evolve-lane.ts'
import { emptyLane } from '../../src/core/queue/lane.ts'
import type { LaneView } from '../../src/core/queue/view.ts'
import { evaluate, REQUIREMENTS, type Readiness } from '../../src/core/readiness/evaluate.ts'
import { evolvePull, type PullRequest, unheardOf } from '../../src/core/readiness/pull-request.ts'
import { evolveRepository, unknownRepository } from '../../src/core/repository.ts'
import { configWith, NOON, REPOSITORY } from './facts.ts'

/** Gives events their places in a log, from position 1 on; refuses a payload that the catalogue would refuse. */
export function logged(events: readonly NewEvent[]): LoggedEvent[] {
  return events.map((event, index) => {
    const before = placed.get(event)
    if (before?.position === index + 1) return before
    const one = recorded(event, index + 1)
    placed.set(event, one)
    return one
  })
}

/** Where an event was put last: a test that looks again after each step gives the same ones every time, in the same places. */
const placed = new WeakMap<NewEvent, LoggedEvent>()

function recorded(event: NewEvent, position: number): LoggedEvent {
  definitionOf(event.type).payload.parse(event.payload)
  return {
    ...event,
    position,
    id: `event-${position}`,
    repository: REPOSITORY,
    lane: event.lane ?? null,
    key: `key-${position}`,
    recorded_at: event.occurred_at,
    based_on: null,
    epoch: null,
  }
}

/** The view that the store would make of this log, for the lane of one target. */
export function viewOf(events: readonly NewEvent[], target = 'main', now = NOON): LaneView {
  const log = logged(events)
  const numbers = new Set(log.flatMap((event) => pullOf(event) ?? []))
  const pullAt = (number: number): PullRequest =>
    log.filter((event) => concerns(event, number)).reduce(evolvePull, unheardOf(number))
  const checks = new Map<string, LoggedEvent<'check_reported'>[]>()
  const permissions = new Map<string, Permission>()
  const branches = new Map<string, string>()
  for (const event of log) {
    if (event.type === 'check_reported')
      checks.set(event.payload.sha, [...(checks.get(event.payload.sha) ?? []), event])
    if (event.type === 'permission_observed')
      permissions.set(event.payload.user.toLowerCase(), event.payload.permission)
    if (event.type === 'branch_pushed')
      branches.set(`${event.payload.remote}:${event.payload.branch}`, event.payload.sha)
  }
  return {
    repository: log.reduce(evolveRepository, unknownRepository(REPOSITORY)),
    lane: log.reduce(evolveLane, emptyLane(REPOSITORY, target)),
    pulls: new Map([...numbers].map((number) => [number, pullAt(number)])),
    others: new Map(),
    checks,
    permissions,
    branches,
    position: log.length,
    now: instant(now),
  }
}

const concerns = (event: LoggedEvent, number: number): boolean =>
  pullOf(event) === number || (event.type === 'lane_observed' && event.payload.pulls.includes(number))

export const pr = (number: number): number => number

interface Evaluated {
  readonly readiness: Readiness
  /** Asserts the status, and exactly these reasons, in order, of what is not met. */
  as(status: Readiness['status'], reasons?: readonly string[]): Evaluated
  /** Asserts the words of the requirement that has this reason. */
  saying(reason: string, words: string): Evaluated
}

interface Given {
  readonly view: LaneView
  /** With another configuration than the default, as in the file. */
  configured(file: Record<string, unknown>): Given
  evaluates(number: number): Evaluated
}

export function given(events: readonly NewEvent[], config: Config = configWith(), target = 'main'): Given {
  const view = viewOf(events, target)
  return {
    view,
    configured: (file) => given(events, configWith(file), target),
    evaluates(number) {
      const pull = view.pulls.get(number) ?? unheardOf(number)
      return evaluated(evaluate({ pull, view, config, target, tip: view.lane.tip }))
    },
  }
}

function evaluated(readiness: Readiness): Evaluated {
  const open = readiness.requirements.filter(({ status }) => status !== 'met')
  // `docs/requirements.md` lists the reasons.
  for (const { code, status, reason } of open) {
    const listed = REQUIREMENTS.find((requirement) => requirement.code === code)?.reasons
    if (readiness.requirements.some((one) => one.reason !== 'pull_request_unseen') && status !== 'met')
      expect(listed?.[status], code).toContain(reason)
  }
  const self: Evaluated = {
    readiness,
    as(status, reasons = []) {
      expect({ status: readiness.status, reasons: open.map(({ reason }) => reason) }).toEqual({ status, reasons })
      return self
    },
    saying(reason, words) {
      expect(readiness.requirements.find((verdict) => verdict.reason === reason)?.words).toBe(words)
      return self
    },
  }
  return self
}
