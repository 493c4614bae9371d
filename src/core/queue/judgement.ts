/**
 * What the rules of a lane share while they judge one view of it: the configuration that counts, readiness worked out once
 * for each pull request, which effects may be tried again already, and the instants at which to look again.
 */
import type { Config, Permission } from '../config.ts'
import type { EventType, NewEvent, PayloadOf } from '../events.ts'
import { type Instant, iso } from '../ids.ts'
import { evaluate, type Readiness } from '../readiness/evaluate.ts'
import type { PullRequest } from '../readiness/pull-request.ts'
import { standingReviews } from '../readiness/pull-request.ts'
import { isTeam } from '../readiness/requirements/owners.ts'
import { type Effect, subjectOf } from './effect.ts'
import { withStandingHold } from './hold/standing-hold.ts'
import { windowsAt } from './hold/windows.ts'
import type { Lane } from './lane.ts'
import { type Keys, type Memory, newMemory } from './memory.ts'
import type { LaneView } from './view.ts'

export type Decision =
  /** Something became true. */
  | { readonly do: 'record'; readonly events: readonly [NewEvent, ...NewEvent[]] }
  /** Something was promised and is not done. */
  | { readonly do: 'perform'; readonly effects: readonly [Effect, ...Effect[]] }
  | { readonly do: 'wait'; readonly until?: Instant }

/** A rule looks at one matter; null: nothing to do about it. */
export type Rule = (judgement: Judgement) => Decision | null

export interface Judgement {
  readonly view: LaneView
  readonly lane: Lane
  readonly config: Config
  readonly now: Instant
  /** Readiness of a pull request of this view. */
  readiness(pull: PullRequest): Readiness
  readonly memory: Memory
  /** Whether an effect that failed may be tried again; if not, the judgement is repeated when it may. */
  due(effect: Effect): boolean
  /** The judgement is to be repeated then. */
  lookAgain(at: Instant): void
  readonly next: () => Instant | undefined
}

export function judge(seen: LaneView, config: Config, memory: Memory = newMemory()): Judgement {
  const { now } = seen
  const lane = withStandingHold(seen.lane, config, now)
  const view = { ...seen, lane }
  const judged = new Map<number, Readiness>()
  let next: Instant | undefined
  const lookAgain = (at: Instant) => {
    next = next === undefined ? at : Math.min(next, at)
  }
  const { next: windowsChange } = windowsAt(config.windows, now)
  if (windowsChange !== null) lookAgain(windowsChange)
  return {
    view,
    lane,
    config,
    now,
    lookAgain,
    next: () => next,
    memory,
    readiness(pull) {
      const known = judged.get(pull.number)
      if (known) return known
      const readiness = memory.readiness(pull, readinessInputs(pull, view, config, memory), () =>
        evaluate({ pull, view, config, target: lane.target, tip: lane.tip }),
      )
      judged.set(pull.number, readiness)
      return readiness
    },
    due(effect) {
      const failed = lane.failures[`${effect.effect}:${subjectOf(effect)}`]
      if (!failed || failed.retry_at <= now) return true
      lookAgain(failed.retry_at)
      return false
    },
  }
}

/** All that `evaluate` may look at. What depends on other pull requests is worked out for every view. */
function readinessInputs(pull: PullRequest, view: LaneView, config: Config, memory: Memory): unknown[] {
  const { seen } = pull
  const { lane, repository } = view
  const others = seen && (seen.depends_on.length > 0 || seen.base !== lane.target) ? view : null
  const keys = memory.keys(pull, [], () => keysOf(pull))
  const branch = keys.branch === null ? null : view.branches.get(keys.branch)
  const checks = seen && view.checks.get(seen.sha)
  const inputs: unknown[] = [config, repository, lane.tip, lane.hold, lane.moved, others, branch, checks]
  for (const reviewer of keys.reviewers) inputs.push(view.permissions.get(reviewer))
  return inputs
}

const keysOf = ({ seen, reviews }: PullRequest): Keys => ({
  branch: seen && `${seen.remote}:${seen.branch}`,
  reviewers: Object.values(reviews).map(({ reviewer }) => reviewer.toLowerCase()),
})

/** A decision's event, as the lane writes it now. */
export function event<T extends EventType>(
  judgement: Pick<Judgement, 'lane' | 'now'>,
  type: T,
  payload: PayloadOf<T>,
): NewEvent {
  return {
    type,
    payload,
    occurred_at: iso(judgement.now),
    source: 'lane',
    lane: judgement.lane.target,
  } as unknown as NewEvent
}

export function record(events: readonly NewEvent[]): Decision | null {
  const [first, ...rest] = events
  return first ? { do: 'record', events: [first, ...rest] } : null
}

export function perform(effects: readonly Effect[]): Decision | null {
  const [first, ...rest] = effects
  return first ? { do: 'perform', effects: [first, ...rest] } : null
}

/** How old a look at GitHub may be at the moment of planning a build or of moving the target. */
export const FRESH = 60_000
/** How long a permission that was looked up is believed while nothing lands. */
export const PERMISSION_FRESH = 600_000

/** What somebody may do by a look that is young enough to act on; undefined where there is none. */
export function believed(
  { view, lane, now }: Pick<Judgement, 'view' | 'lane' | 'now'>,
  login: string,
): Permission | undefined {
  const user = login.toLowerCase()
  return now - (lane.observed.users[user] ?? 0) > PERMISSION_FRESH ? undefined : view.permissions.get(user)
}

/** Whether somebody was given the right over one pull request. */
export const isDelegate = ({ view }: Pick<Judgement, 'view'>, pull: number, login: string): boolean =>
  view.pulls.get(pull)?.delegates.includes(login.toLowerCase()) ?? false

/** Whether what GitHub demands of the target is to be read: it never was, or somebody touched it. */
export const isProtectionDue = ({ lane, view }: Pick<Judgement, 'lane' | 'view'>): boolean =>
  lane.observed.protection_due || view.repository.protections[lane.target] === undefined

/** The people whose permission decides whether this pull request is approved. */
export function reviewersOf(pull: PullRequest): string[] {
  return standingReviews(pull)
    .filter((review) => review.verdict === 'changes_requested' || review.sha === pull.seen?.sha)
    .map((review) => review.reviewer)
}

/** Those, and the teams that own what it touches, once somebody approved who may belong to one. */
export function decidersOf(pull: PullRequest, config: Config): string[] {
  const reviewers = reviewersOf(pull)
  if (!config.ready.approvals.code_owners || reviewers.length === 0) return reviewers
  const teams = (pull.examined?.owners ?? []).flatMap(({ owners }) => owners.filter(isTeam))
  return [...reviewers, ...new Set(teams)]
}

/** Whether everything about these pull requests was looked at within the last minute. */
export function isFresh({ view, lane, now, config }: Judgement, pulls: readonly number[]): boolean {
  return pulls.every((number) => {
    const pull = view.pulls.get(number)
    const at = lane.observed.pulls[number]?.at
    if (!pull || pull.uncertain || pull.unread || at === undefined || now - at > FRESH) return false
    return decidersOf(pull, config).every((user) => now - (lane.observed.users[user.toLowerCase()] ?? 0) <= FRESH)
  })
}

/** A live look at pull requests and at everybody whose permission or membership matters to them. */
export function observe({ view, config }: Judgement, pulls: readonly number[]): Effect & { effect: 'observe-pulls' } {
  const users = new Set(
    pulls.flatMap((number) => {
      const pull = view.pulls.get(number)
      return pull ? decidersOf(pull, config) : []
    }),
  )
  return { effect: 'observe-pulls', pulls: [...pulls], users: [...users].sort() }
}
