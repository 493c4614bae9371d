/**
 * One pull request as the log tells it: what was observed, who reviewed which commit, what was declared finished.
 * Folded from its events alone; it judges nothing and knows no lane.
 */
import type { LoggedEvent, PayloadOf } from '../events.ts'

export interface Review {
  readonly review_id: number
  readonly reviewer: string
  /** Null for what is no approval (any more). */
  readonly sha: string | null
  readonly verdict: 'approved' | 'changes_requested'
  readonly dismissed: boolean
  /** When an approval was given; null for what is none. */
  readonly at: string | null
  readonly position: number
}

export interface Declaration {
  readonly sha: string
  readonly by: string
  readonly via: PayloadOf<'finalize_ready'>['via']
  readonly priority: number | null
  readonly alone: boolean
  readonly interrupt: boolean
  readonly ready_at: string
  readonly position: number
}

export interface PullRequest {
  readonly number: number
  /** Null until GitHub was heard to speak of it. */
  readonly seen: PayloadOf<'pull_request_observed'> | null
  /** Log position of the last observation that changed the head. */
  readonly head_since: number
  /** True when two webhooks disagree within one of GitHub's seconds: only a live read can tell which is newer. */
  readonly uncertain: boolean
  /** True when it is known to have changed in what only a live read tells. */
  readonly unread: boolean
  readonly examined: PayloadOf<'pull_request_examined'> | null
  /** What it would make of the configuration file; null until that was read. */
  readonly proposed: PayloadOf<'config_proposed'> | null
  readonly reviews: Readonly<Record<string, Review>>
  readonly declaration: Declaration | null
  /** What was said of its place in the queue: kept by whatever declares it next, until a declaration is cancelled. */
  readonly wishes: Pick<Declaration, 'priority' | 'alone' | 'interrupt'>
  /** Whom somebody gave the right over it, in lower case. */
  readonly delegates: readonly string[]
  readonly withdrawn: {
    readonly sha: string
    readonly reason: PayloadOf<'finalize_withdrawn'>['reason']
    readonly position: number
  } | null
  /** The outcome of landing, which outranks every comparison of trees or ancestry. */
  readonly landed: { readonly sha: string; readonly landed_sha: string; readonly position: number } | null
}

const NO_WISHES: PullRequest['wishes'] = { priority: null, alone: false, interrupt: false }

export const unheardOf = (number: number): PullRequest => ({
  number,
  seen: null,
  head_since: 0,
  uncertain: false,
  unread: false,
  examined: null,
  proposed: null,
  reviews: {},
  declaration: null,
  wishes: NO_WISHES,
  delegates: [],
  withdrawn: null,
  landed: null,
})

/** Folds one event into the pull request it names; an event about anything else returns the state as it was. */
export function evolvePull(pull: PullRequest, event: LoggedEvent): PullRequest {
  switch (event.type) {
    case 'pull_request_observed':
      return observed(pull, event)
    case 'pull_request_examined':
      return { ...pull, examined: event.payload }
    case 'config_proposed':
      return { ...pull, proposed: event.payload }
    case 'lane_observed':
      return event.payload.scope === 'pulls' && (pull.uncertain || pull.unread)
        ? { ...pull, uncertain: false, unread: false }
        : pull
    case 'conversation_touched':
      return { ...pull, unread: true }
    case 'review_approved': {
      const { review_id, reviewer, sha, approved_at } = event.payload
      return reviewed(pull, {
        review_id,
        reviewer,
        sha,
        verdict: 'approved',
        dismissed: false,
        at: approved_at,
        position: event.position,
      })
    }
    case 'review_retracted': {
      const { review_id, reviewer, reason } = event.payload
      const common = { review_id, reviewer, sha: null, at: null, position: event.position }
      return reason === 'changes_requested'
        ? reviewed(pull, { ...common, verdict: 'changes_requested', dismissed: false })
        : reviewed(pull, { ...common, verdict: 'approved', dismissed: true })
    }
    case 'finalize_ready': {
      const { sha, declared_by, via, ready_at } = event.payload
      const wishes = {
        priority: event.payload.priority ?? pull.wishes.priority,
        alone: event.payload.alone ?? pull.wishes.alone,
        interrupt: event.payload.interrupt ?? pull.wishes.interrupt,
      }
      const declaration = { sha, by: declared_by, via, ...wishes, ready_at, position: event.position }
      return { ...pull, declaration, wishes, withdrawn: null }
    }
    case 'finalize_withdrawn': {
      const { sha, reason } = event.payload
      const wishes = reason === 'cancelled' ? NO_WISHES : pull.wishes
      return { ...pull, declaration: null, wishes, withdrawn: { sha, reason, position: event.position } }
    }
    case 'delegated': {
      const to = event.payload.to.toLowerCase()
      return { ...pull, delegates: [...pull.delegates.filter((one) => one !== to), to] }
    }
    case 'undelegated': {
      const from = event.payload.from.toLowerCase()
      return { ...pull, delegates: pull.delegates.filter((one) => one !== from) }
    }
    case 'integration_completed':
      return {
        ...pull,
        landed: { sha: event.payload.sha, landed_sha: event.payload.landed_sha, position: event.position },
      }
    default:
      return pull
  }
}

function observed(pull: PullRequest, event: LoggedEvent<'pull_request_observed'>): PullRequest {
  const before = pull.seen
  const sameSecond = before !== null && Date.parse(before.updated_at) === Date.parse(event.payload.updated_at)
  const live = !event.source.startsWith('delivery:')
  return {
    ...pull,
    seen: event.payload,
    head_since: before?.sha === event.payload.sha ? pull.head_since : event.position,
    uncertain: sameSecond && !live,
    unread: pull.unread || (before !== null && before.base !== event.payload.base),
  }
}

/** A dismissal is final, in whichever order it and the review arrive; what was dismissed counts for nothing else. */
function reviewed(pull: PullRequest, review: Review): PullRequest {
  const final = pull.reviews[review.review_id]?.dismissed ?? false
  return final ? pull : { ...pull, reviews: { ...pull.reviews, [review.review_id]: review } }
}

/**
 * Of each reviewer the review that counts: the highest id that approves or requests changes. Where that one was dismissed
 * none does: an older approval does not come to life again.
 */
export function standingReviews({ reviews }: PullRequest): readonly Review[] {
  const known = STANDING.get(reviews)
  if (known) return known
  const latest = new Map<string, Review>()
  for (const review of Object.values(reviews)) {
    const reviewer = review.reviewer.toLowerCase()
    const other = latest.get(reviewer)
    if (!other || other.review_id < review.review_id) latest.set(reviewer, review)
  }
  const standing = [...latest.values()].filter(({ dismissed }) => !dismissed).sort((a, b) => a.review_id - b.review_id)
  STANDING.set(reviews, standing)
  return standing
}

/** Every rule asks for them, of every pull request. */
const STANDING = new WeakMap<PullRequest['reviews'], readonly Review[]>()
