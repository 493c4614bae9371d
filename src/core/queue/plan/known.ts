/**
 * What the plan is told: who waits, which builds there are and how they ended, how many may run, and what is believed of
 * members and of CI. It is the lane's state as it stands, cut down to what a plan needs; there is no time in it but waiting.
 */
import type { PayloadOf } from '../../events.ts'
import type { Instant } from '../../ids.ts'

/** A member as builds name it: a pull request at one head. Another head is another member. */
export interface Member {
  readonly pull: number
  readonly sha: string
}

/** An entry of the queue. `Entry` of the lane has the first three; the lane adds the rest from what it knows of the pull request. */
export interface Candidate extends Member {
  /** A build that holds it holds nobody else. */
  readonly alone: boolean
  /** A pull request ahead of it that changes the same lines: it is built when that one landed or left. */
  readonly waits_for: number | null
  /** It goes in front of what is being tested. Everybody else goes behind that. */
  readonly interrupt: boolean
  /** Its own checks were red before: more likely to break a build. */
  readonly was_red: boolean
  /** Pull requests that have to land before it and have not; `[]` when all have. */
  readonly after: readonly number[]
  /** Since when it waits, for `batch_wait`. */
  readonly since: Instant
}

export interface Queue {
  /**
   * Everybody who may be built, in the order of the queue (`order.ts`), those who interrupt first. It is read only as far as
   * a build reaches, so it may be lazy. Whoever must not be built now (hold, readiness, blocked) is left out, and its builds
   * are cancelled: a requirement that is only unknown for a moment is no reason to leave out who is being tested.
   */
  readonly order: Iterable<Candidate>
  /** The candidate of a pull request that is in `order`. */
  find(pull: number): Candidate | undefined
}

type Verdict = PayloadOf<'build_concluded'>['verdict']

/**
 * A build that was planned and whose result, if it has one, still counts. `Build` of the lane is one, but for `members`:
 * these are all that it holds beyond `base`, those of its parent too, and `base` is a commit at which the target stood.
 * `afterLanding` keeps both true when the target moves. Builds whose verdict counts no more (the required contexts
 * changed) are left out; those of which nothing is known (`never_started`, `cancelled`, `obsolete`) may stay or be left out.
 */
export interface KnownBuild {
  readonly build: string
  readonly base: string
  readonly members: readonly Member[]
  readonly purpose: PayloadOf<'build_planned'>['purpose']
  readonly verdict: Verdict | null
  /** Members that landed since `base` and are not in it: a pass without them names a partner (`afterLanding` writes it). */
  readonly missed?: readonly number[]
}

/** `/try` of a pull request at one head, not built yet, oldest first. */
export interface TryRequest extends Member {
  readonly request: string
}

export interface Knowledge {
  /** The commit at which the target stands. */
  readonly tip: string
  /** In the order in which they were planned. */
  readonly builds: readonly KnownBuild[]
  readonly tries: readonly TryRequest[]
  readonly now: Instant
}

export interface Limits {
  /** Builds that may run at once; `Infinity` for no limit. */
  readonly slots: number
  /**
   * How unlikely the case may be for which a build is started: a third of it where a culprit is looked for, three times as
   * much where members are added to what is assumed good. With one slot it does not matter. Default 0.15; above 0 where
   * slots are not limited, for there are as many cases as subsets.
   */
  readonly speculation: number
  /** Members that one build may add to what is assumed good. Default 50. */
  readonly batch_max: number
  /** How long the first of a batch that is not full waits for others, in milliseconds. Default 0. */
  readonly batch_wait: number
}

/** What is believed of this lane; `estimates/` learns it. */
export interface Beliefs {
  /** The chance that a member breaks the build: of one whose own checks were always green, and of one that was red before. */
  readonly bad: number
  readonly bad_when_red: number
  /** The chance that a build of a good tree fails. */
  readonly flake: number
  /** Whether the next inferred culprit is built once more before it is blamed. */
  readonly confirm: boolean
}

/** A verdict that says something about the members. Silence and a runner's cancellation say nothing. */
export const isEvidence = (verdict: Verdict | null): verdict is 'passed' | 'failed' | 'timed_out' =>
  verdict === 'passed' || verdict === 'failed' || verdict === 'timed_out'

export const sameMember = (a: Member, b: Member): boolean => a.pull === b.pull && a.sha === b.sha
