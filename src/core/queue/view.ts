/**
 * All that a lane's judgement may look at, at one position of the log. The store makes it; `evaluate` and `decide` read
 * it. Whatever is missing here is unknown, never assumed.
 */
import type { Permission } from '../config.ts'
import type { LoggedEvent } from '../events.ts'
import type { Instant } from '../ids.ts'
import type { PullRequest } from '../readiness/pull-request.ts'
import type { Repository } from '../repository.ts'
import type { Lane } from './lane.ts'

export interface LaneView {
  readonly repository: Repository
  readonly lane: Lane
  /** Open pull requests that go to the target, at once or stacked, and all that the lane still has to do with. */
  readonly pulls: ReadonlyMap<number, PullRequest>
  /** Pull requests that those depend on and that are none of the lane's. */
  readonly others: ReadonlyMap<number, PullRequest>
  /** The latest report of each check, by the commit it is about. */
  readonly checks: ReadonlyMap<string, readonly LoggedEvent<'check_reported'>[]>
  /** By login, in lower case. */
  readonly permissions: ReadonlyMap<string, Permission>
  /** Where branches stand, by `owner/name:branch`. */
  readonly branches: ReadonlyMap<string, string>
  /** The lane's version: decisions append at it. */
  readonly position: number
  readonly now: Instant
}
