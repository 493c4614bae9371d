/**
 * Why a pull request is not landing, or that it is: one plain object from which the check run, the comment, the follow-up
 * issue, the command line and the pages are all made. Types only; `explain.ts` fills it in.
 */
import type { Permission } from '../config.ts'
import type { BlockCode } from '../events/decisions.ts'
import type { Evidence } from '../events/shapes.ts'
import type { PayloadOf } from '../events.ts'
import type { Span } from '../queue/estimates/landing-time.ts'
import type { Flaky } from '../queue/estimates/shown.ts'
import type { Build, FollowUp, Resume } from '../queue/lane.ts'
import type { Standing } from '../queue/standing.ts'
import type { Readiness } from './evaluate.ts'
import type { Verdict } from './requirement.ts'

export type ExplainedStatus =
  /** A requirement is not met, or not known to be. */
  | 'waiting'
  /** READY, and about to be queued. */
  | 'ready'
  /** Ready or queued, but the lane is held. */
  | 'held'
  | 'queued'
  | 'testing'
  | 'landing'
  | 'blocked'
  | 'landed'
  /** READY, but it left the queue at this commit and waits to be asked for again. */
  | 'left'
  /** Closed, or merged by another hand. */
  | 'closed'

export interface Explanation {
  readonly repository: string
  readonly target: string
  readonly pull: number
  readonly title: string | null
  readonly author: string | null
  readonly branch: string | null
  /** The commit that this is about: the head, or what landed. Null until GitHub spoke of the pull request. */
  readonly sha: string | null
  readonly status: ExplainedStatus
  /** One line of plain text, for a title; outside text in it is cut to one line but not escaped. */
  readonly headline: string
  /** The headline without what changes by the queue's moving on alone. */
  readonly lasting: string
  readonly readiness: Readiness['status']
  readonly requirements: readonly Verdict[]
  readonly queue: Queued | null
  /** What is tried of it; `build` null while that waits for a free slot, its `sha` null until it is published. */
  readonly trial: {
    readonly sha: string
    readonly by: string
    readonly build: { readonly base: string; readonly sha: string | null } | null
  } | null
  readonly hold: Hold | null
  /** The configuration says `paused`: the queue is kept and nothing lands. */
  readonly paused: boolean
  /** The lane judges and lands nothing: whatever this says is what would be. */
  readonly shadow: boolean
  readonly blocked: Blocked | null
  readonly follow_up: Pick<FollowUp, 'issue' | 'state' | 'error' | 'history'> | null
  readonly landed: { readonly sha: string; readonly landed_sha: string } | null
  /** Why it left the queue at this commit, as a code. */
  readonly left: string | null
  /** The checks of this lane that were seen to fail by chance. */
  readonly flaky: readonly Flaky[]
  /** What is wrong with the configuration file that it proposes at this commit; null where it proposes none. */
  readonly proposed: Pick<PayloadOf<'config_proposed'>, 'blob' | 'errors'> | null
  /** What somebody has to do now; null when nobody has to do anything. */
  readonly next_action: string | null
  /** Whether the sticky comment is there already. */
  readonly commented: boolean
}

export interface Queued {
  /** Counted from 1. */
  readonly place: number
  readonly of: number
  readonly priority: number
  readonly alone: boolean
  readonly interrupt: boolean
  /** With whom it is tested, why it was set aside, or for whom it waits. */
  readonly standing: Standing
  /** When it lands, as far as can be told; null before enough builds were seen, and while nothing goes on. */
  readonly estimate: Span | null
  readonly builds: readonly {
    readonly build: string
    readonly base: string
    /** The commit that CI proves; null until it is published. */
    readonly sha: string | null
    readonly members: readonly number[]
    readonly verdict: Build['verdict']
    /** What runs again of another build, on whose commit; null where it has a commit of its own. */
    readonly rerun: Build['rerun'] | null
  }[]
}

/** A hold of the lane that stops this pull request. */
export interface Hold {
  readonly by: string
  readonly reason: string
  readonly words: string
  readonly since: string
  readonly evidence: readonly Evidence[]
  /** The pull requests that it lets pass. */
  readonly allow: readonly number[]
}

export interface Blocked {
  readonly sha: string
  readonly branch: string
  readonly reason: BlockCode
  readonly evidence: readonly Evidence[]
  readonly diagnostics: readonly string[]
  readonly next_action: string
  readonly blocked_at: string
  readonly build: string | null
  /** How often this commit was blocked for this reason. */
  readonly times: number
  /** A resume that was asked for: not judged yet, or taken up as soon as the candidate is READY. */
  readonly resume: Resume['status'] | null
  /** The permission that it takes to resume, and to retry. */
  readonly resume_needs: Permission
  readonly retry_needs: Permission
}
