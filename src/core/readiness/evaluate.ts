/**
 * Readiness: every requirement of one pull request on one lane, judged at one position of the log, and what follows from
 * them together. Pure and total: it knows no queue, and decides nothing about one.
 */
import { checksPassed } from './checks-passed.ts'
import { branchPushed, mergeable, notIntegrated, shaReachable } from './commit.ts'
import { finalizeReady, labels, notDraft, notSuperseded, open, targetsLane } from './declared.ts'
import { type Requirement, type Subject, unknown, type Verdict } from './requirement.ts'
import { noChangesRequested, reviewApproved } from './review.ts'

export interface Readiness {
  readonly status: 'not_ready' | 'ready' | 'superseded'
  readonly requirements: readonly Verdict[]
}

/** In the order in which people read them: the first that is unmet is the reason that is told first. */
export const REQUIREMENTS: readonly Requirement[] = [
  open,
  targetsLane,
  notDraft,
  finalizeReady,
  branchPushed,
  shaReachable,
  notSuperseded,
  notIntegrated,
  noChangesRequested,
  reviewApproved,
  checksPassed,
  mergeable,
  labels,
]

/**
 * Judges a pull request for a lane. Ready means that every requirement is met: an unknown one never is. Superseded means that
 * a newer head took the place of the declared commit.
 */
export function evaluate(subject: Subject): Readiness {
  const requirements = REQUIREMENTS.flatMap((requirement) => verdictOf(requirement, subject))
  if (requirements.some(({ code, status }) => code === 'not_superseded' && status === 'unmet'))
    return { status: 'superseded', requirements }
  return { status: requirements.every(({ status }) => status === 'met') ? 'ready' : 'not_ready', requirements }
}

function verdictOf(requirement: Requirement, subject: Subject): Verdict[] {
  const { seen } = subject.pull
  const finding = seen
    ? requirement.evaluate({ ...subject, seen })
    : unknown('pull_request_unseen', 'GitHub was not asked about it yet')
  return finding ? [{ code: requirement.code, ...finding }] : []
}
