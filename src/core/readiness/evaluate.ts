/**
 * Readiness: every requirement of one pull request on one lane, judged at one position of the log, and what follows from
 * them together. Pure and total: it knows no queue, and decides nothing about one.
 */

import { type Requirement, type Subject, unknown, type Verdict } from './requirement.ts'
import { checksPassed } from './requirements/checks-passed.ts'
import { branchPushed, mergeable, notIntegrated, shaReachable } from './requirements/commit.ts'
import { finalizeReady, labels, notDraft, notSuperseded, open, targetsLane } from './requirements/declared.ts'
import { dependenciesLanded } from './requirements/dependencies.ts'
import { landingMethod } from './requirements/landing-method.ts'
import { laneOpen } from './requirements/lane-open.ts'
import { codeOwnersApproved } from './requirements/owners.ts'
import { noChangesRequested, reviewApproved } from './requirements/review.ts'
import { conversationsResolved, permissions, signatures } from './requirements/target-rules.ts'

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
  codeOwnersApproved,
  conversationsResolved,
  dependenciesLanded,
  checksPassed,
  permissions,
  signatures,
  mergeable,
  labels,
  landingMethod,
  laneOpen,
]

/**
 * Judges a pull request for a lane. Ready means that every requirement of its own is met: an unknown one never is. Superseded
 * means that a newer head took the place of the declared commit.
 */
export function evaluate(subject: Subject): Readiness {
  const requirements = verdictsOn(subject)
  if (requirements.some(({ code, status }) => code === 'not_superseded' && status === 'unmet'))
    return { status: 'superseded', requirements }
  const own = requirements.filter(isItsOwn)
  return { status: own.every(({ status }) => status === 'met') ? 'ready' : 'not_ready', requirements }
}

/** A lane that is not open lets nothing land, but what is ready is queued all the same and keeps its place. */
export const isItsOwn = ({ code }: Verdict): boolean => code !== 'lane_open'

function verdictsOn(subject: Subject): Verdict[] {
  const { seen } = subject.pull
  const known = seen && { ...subject, seen }
  const verdicts: Verdict[] = []
  for (const requirement of REQUIREMENTS) {
    const finding = known
      ? requirement.evaluate(known)
      : unknown('pull_request_unseen', 'GitHub was not asked about it yet')
    if (finding) verdicts.push({ code: requirement.code, ...finding })
  }
  return verdicts
}
