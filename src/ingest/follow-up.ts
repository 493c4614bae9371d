/**
 * Follow-up issues as facts, in one form for webhooks and the sweep: how one is recognised, what it looks like, and when
 * its labels or its closing ask that work be taken up again. Who may ask is not judged here.
 */
import type { NewEvent, PayloadOf } from '../core/events.ts'
import { instant, iso } from '../core/ids.ts'

/** What webhook and read both tell of an issue. */
export interface FollowUpIssue {
  readonly number: number
  readonly body: string | null
  /** The login of whoever opened it. */
  readonly author: string
  readonly state: 'open' | 'closed'
  readonly state_reason: string | null
  readonly labels: readonly string[]
  readonly locked: boolean
  readonly updated_at: string
}

export interface FollowUpMark {
  readonly pull: number
  readonly target: string
}

const MARKER = /<!-- mainkeeper:follow-up target=(\S+) pull=([1-9]\d{0,8}) -->/

/** Which pull request and target an issue follows up; null when it is not one of ours: anybody can write a marker. */
export function followUpMark(issue: Pick<FollowUpIssue, 'body' | 'author'>, bot: string): FollowUpMark | null {
  const [, target, pull] = (issue.author === bot && MARKER.exec(issue.body ?? '')) || []
  // The marker is a comment, so its writer hides the two characters that could end one.
  return target === undefined ? null : { target: target.replaceAll(/%3[CE]/g, decodeURIComponent), pull: Number(pull) }
}

/** What the issue looks like; `actor` brought it into this state, where GitHub says who; `gone`: it is not there any more. */
export function followUpObserved(
  issue: FollowUpIssue,
  { pull, target }: FollowUpMark,
  told: { readonly actor: string | null; readonly source: string; readonly gone?: true },
): NewEvent<'follow_up_observed'> {
  return {
    type: 'follow_up_observed',
    occurred_at: issue.updated_at,
    source: told.source,
    payload: {
      issue: issue.number,
      pull,
      target,
      state: told.gone ? 'gone' : issue.state,
      state_reason: stateReason(issue.state_reason),
      labels: [...issue.labels].sort(),
      locked: issue.locked,
      actor: told.actor,
      updated_at: issue.updated_at,
    },
  }
}

/**
 * A request to resume that the issue itself carries. The request is named for the state of the issue, not for the message
 * that told it, so that a repeat and a look at the same state are the same request.
 */
export function resumeBy(
  via: 'label' | 'close',
  issue: FollowUpIssue,
  { pull }: FollowUpMark,
  told: { readonly by: string; readonly source: string },
): NewEvent<'resume_requested'> {
  return {
    type: 'resume_requested',
    occurred_at: issue.updated_at,
    source: told.source,
    payload: {
      pull,
      follow_up: issue.number,
      by: told.by,
      via,
      request: `${via}:${issue.number}:${iso(instant(issue.updated_at))}`,
    },
  }
}

type StateReason = PayloadOf<'follow_up_observed'>['state_reason']

const REASONS: readonly StateReason[] = ['completed', 'not_planned', 'duplicate', 'reopened']

const stateReason = (reason: string | null): StateReason => REASONS.find((known) => known === reason) ?? null
