/**
 * A log of one repository and one lane in memory. It folds with the functions that fold the store's rows, and keeps of the
 * past only what a judgement may look at. It knows neither GitHub nor time.
 */
import type { Permission } from '../core/config.ts'
import { checkThing } from '../core/events/checks.ts'
import { definitionOf, type LoggedEvent, type NewEvent } from '../core/events.ts'
import { type Instant, REPOSITORY_LANE } from '../core/ids.ts'
import { evolveLane } from '../core/queue/fold/evolve-lane.ts'
import { emptyLane, type Lane } from '../core/queue/lane.ts'
import { lanesTouched, pullsTouched } from '../core/queue/lanes-touched.ts'
import type { LaneView } from '../core/queue/view.ts'
import { evolvePull, type PullRequest, unheardOf } from '../core/readiness/pull-request.ts'
import { evolveRepository, unknownRepository } from '../core/repository.ts'

export interface MemoryLog {
  /** Appends what is new, and folds it. */
  append(events: readonly NewEvent[]): void
  /** What the lane's judgement may look at now. It changes with the next append: a judgement is made of it at once. */
  view(now: Instant): LaneView
  readonly lane: Lane
  readonly pulls: ReadonlyMap<number, PullRequest>
}

export function memoryLog(name: string, target: string, tell?: (event: LoggedEvent) => void): MemoryLog {
  let repository = unknownRepository(name)
  let lane = emptyLane(name, target)
  let position = 0
  let version = 0
  const pulls = new Map<number, PullRequest>()
  const checks = new Map<string, readonly LoggedEvent<'check_reported'>[]>()
  const permissions = new Map<string, Permission>()
  const branches = new Map<string, string>()
  /** The last observation of each thing, in its comparable form. */
  const seen = new Map<string, string>()

  function append(event: NewEvent): void {
    if (isRepeat(event, seen)) return
    position += 1
    const logged = inLog(event, position, name)
    repository = evolveRepository(repository, logged)
    for (const number of pullsTouched(logged)) {
      // What the lane settled is over; a late word about it is nobody's.
      pulls.set(number, evolvePull(pulls.get(number) ?? unheardOf(number), logged))
    }
    const touched = lanesTouched(logged, {
      lanes: [REPOSITORY_LANE, target],
      base: { before: target, after: target },
    })
    if (touched.includes(target)) {
      const before = lane
      lane = evolveLane(lane, logged)
      version = position
      forgetBuilds(before)
    }
    index(logged)
    tell?.(logged)
  }

  function index(event: LoggedEvent): void {
    switch (event.type) {
      case 'check_reported': {
        const { sha } = event.payload
        const others = (checks.get(sha) ?? []).filter(
          (report) => checkThing(report.payload) !== checkThing(event.payload),
        )
        checks.set(sha, [...others, event])
        return
      }
      case 'permission_observed':
        permissions.set(event.payload.user.toLowerCase(), event.payload.permission)
        return
      case 'branch_pushed':
        branches.set(`${event.payload.remote}:${event.payload.branch}`, event.payload.sha)
        return
      case 'candidate_settled':
        forgetPull(event.payload.pull)
        return
      default:
    }
  }

  /** The store would keep it and not load it: it is closed, and nothing of the lane's. */
  function forgetPull(number: number): void {
    const pull = pulls.get(number)
    if (!pull?.seen || pull.seen.state === 'open') return
    const { remote, branch, sha } = pull.seen
    pulls.delete(number)
    checks.delete(sha)
    branches.delete(`${remote}:${branch}`)
    seen.delete(`pull:${number}`)
    seen.delete(`examined:${number}`)
  }

  function forgetBuilds(before: Lane): void {
    if (before.builds === lane.builds) return
    const kept = new Set(Object.values(lane.builds).flatMap(({ published }) => published?.sha ?? []))
    for (const { build, published } of Object.values(before.builds))
      if (published && !(build in lane.builds) && !kept.has(published.sha)) checks.delete(published.sha)
  }

  return {
    append(events) {
      for (const event of events) append(event)
    },
    view: (now) => ({
      repository,
      lane,
      pulls,
      others: new Map(),
      checks,
      permissions,
      branches,
      position: version,
      now,
    }),
    get lane() {
      return lane
    },
    pulls,
  }
}

/** An observation that says what the last one of its thing said is not recorded again. */
function isRepeat({ type, payload }: NewEvent, seen: Map<string, string>): boolean {
  const { kind, identity, outside = [] } = definitionOf(type)
  if (kind !== 'observation' || !identity) return false
  const comparable = Object.entries(payload).filter(([field]) => !field.endsWith('_at') && !outside.includes(field))
  const [thing, state] = [identity(payload), JSON.stringify(comparable)]
  if (seen.get(thing) === state) return true
  seen.set(thing, state)
  return false
}

function inLog(event: NewEvent, position: number, repository: string): LoggedEvent {
  const envelope = {
    ...event,
    position,
    id: `event-${position}`,
    repository,
    lane: event.lane ?? null,
    key: `key-${position}`,
    recorded_at: event.occurred_at,
    based_on: null,
    epoch: null,
  }
  return envelope
}
