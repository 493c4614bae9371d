/**
 * What a requirement of readiness is: one condition, judged three-valued with a code, words and evidence. It knows no
 * single condition; those stand in the files beside it, and `evaluate.ts` holds their order.
 */
import type { Config } from '../config.ts'
import type { Evidence } from '../events/shapes.ts'
import type { EventType } from '../events.ts'
import type { LaneView } from '../queue/view.ts'
import type { PullRequest } from './pull-request.ts'

export type RequirementCode =
  | 'open'
  | 'targets_lane'
  | 'not_draft'
  | 'finalize_ready'
  | 'branch_pushed'
  | 'sha_reachable'
  | 'not_superseded'
  | 'not_integrated'
  | 'no_changes_requested'
  | 'review_approved'
  | 'checks_passed'
  | 'code_owners_approved'
  | 'conversations_resolved'
  | 'dependencies_landed'
  | 'permissions'
  | 'signatures'
  | 'mergeable'
  | 'labels'
  | 'landing_method'
  | 'lane_open'

/** What one requirement found: `reason` is for machines, `words` for people; outside text in them is not yet escaped. */
export interface Finding {
  readonly status: 'met' | 'unmet' | 'unknown'
  readonly reason: string
  readonly words: string
  /** What is waited for, in a word or two, where that fits after “Waiting for”. */
  readonly awaits?: string
  readonly evidence: readonly Evidence[]
}

export interface Verdict extends Finding {
  readonly code: RequirementCode
}

/** Everything that readiness may look at: one pull request, and the lane that it would land on. */
export interface Subject {
  readonly pull: PullRequest
  readonly view: Pick<
    LaneView,
    'repository' | 'lane' | 'pulls' | 'others' | 'checks' | 'permissions' | 'branches' | 'now'
  >
  readonly config: Config
  readonly target: string
  /** Where the target stands; null when it is not known. */
  readonly tip: string | null
}

/** A subject that GitHub was heard to speak of; before that, every requirement is unknown. */
export interface SeenSubject extends Subject {
  readonly seen: NonNullable<PullRequest['seen']>
}

export interface Requirement {
  readonly code: RequirementCode
  /** What it asks for, and when; one sentence for `docs/requirements.md`. */
  readonly asks: string
  /** Every reason that it can give, by what it says then; the met ones are left out. */
  readonly reasons: { readonly unmet: readonly string[]; readonly unknown: readonly string[] }
  /** The events after which the finding may be another. */
  readonly changesWith: readonly EventType[]
  /** Null: the configuration does not ask for this. */
  evaluate(subject: SeenSubject): Finding | null
}

export const met = (words: string, evidence: readonly Evidence[] = [], reason = 'met'): Finding => ({
  status: 'met',
  reason,
  words,
  evidence,
})
export const unmet = (reason: string, words: string, evidence: readonly Evidence[] = []): Finding => ({
  status: 'unmet',
  reason,
  words,
  evidence,
})
export const unknown = (reason: string, words: string, evidence: readonly Evidence[] = []): Finding => ({
  status: 'unknown',
  reason,
  words,
  evidence,
})
