/**
 * The requirements about reviews: enough approvals of the head commit by people who may give them, and no standing request
 * for changes. Whether someone may is what GitHub last said of their permission; GitHub's own decision can only veto.
 */
import { allows } from '../../config.ts'
import type { Evidence } from '../../events/shapes.ts'
import { instant, short } from '../../ids.ts'
import { type Review, standingReviews } from '../pull-request.ts'
import { type Finding, met, type Requirement, type SeenSubject, unknown, unmet } from '../requirement.ts'
import { examinedHead } from './commit.ts'

/** 'unknown': nobody asked GitHub yet what this person may do. */
function mayApprove({ view, config }: SeenSubject, reviewer: string): boolean | 'unknown' {
  const held = view.permissions.get(reviewer.toLowerCase())
  return held === undefined ? 'unknown' : allows(held, config.permissions.approve)
}

/** GitHub's decision about this very head; null is no information. */
const decisionOf = (subject: SeenSubject) => examinedHead(subject)?.review_decision ?? null

const names = (reviews: readonly Review[]): string => reviews.map((review) => review.reviewer).join(', ')

const evidenceOf = (review: Review): Evidence => ({
  kind: 'review',
  text: `${review.verdict === 'approved' ? 'approved' : 'changes requested'} by ${review.reviewer}${review.sha ? ` at ${short(review.sha)}` : ''} (review ${review.review_id})`,
})

export const noChangesRequested: Requirement = {
  code: 'no_changes_requested',
  asks: 'Nobody who may approve has a standing request for changes.',
  reasons: { unmet: ['changes_requested'], unknown: ['permission_unknown'] },
  changesWith: [
    'review_approved',
    'review_retracted',
    'permission_observed',
    'pull_request_examined',
    'config_changed',
  ],
  evaluate(subject) {
    const requests = standingReviews(subject.pull).filter((review) => review.verdict === 'changes_requested')
    const counting = requests.filter((review) => mayApprove(subject, review.reviewer) === true)
    if (counting.length > 0)
      return unmet('changes_requested', `changes requested by ${names(counting)}`, counting.map(evidenceOf))
    if (decisionOf(subject) === 'changes_requested')
      return unmet('changes_requested', 'GitHub says that changes are requested', [
        { kind: 'rule', text: 'review decision: changes requested' },
      ])
    const unsure = requests.filter((review) => mayApprove(subject, review.reviewer) === 'unknown')
    if (unsure.length > 0)
      return unknown(
        'permission_unknown',
        `whether the request for changes by ${names(unsure)} counts is not known yet`,
        unsure.map(evidenceOf),
      )
    return met('no changes requested')
  },
}

const byRule = (text: string): Evidence[] => [{ kind: 'rule', text }]

interface Approvals {
  readonly counting: readonly Review[]
  /** At the head, by people whose permission nobody asked for yet. */
  readonly unsure: readonly Review[]
  /** At the head, by people who may not. */
  readonly powerless: readonly Review[]
  /** At the head, but of what it was against another base. */
  readonly otherBase: readonly Review[]
  /** Of another commit than the head. */
  readonly older: readonly Review[]
}

/** The standing approvals of a pull request, sorted by what they are worth for its head. The author's own are left out. */
export function approvalsOf(subject: SeenSubject): Approvals {
  const author = subject.seen.author.toLowerCase()
  const approvals = standingReviews(subject.pull).filter(
    (review) => review.verdict === 'approved' && review.reviewer.toLowerCase() !== author,
  )
  const ofHead = approvals.filter((review) => review.sha === subject.seen.sha)
  const atHead = ofHead.filter((review) => isAfterBaseChange(review, subject))
  const those = (answer: boolean | 'unknown') =>
    atHead.filter((review) => mayApprove(subject, review.reviewer) === answer)
  return {
    counting: those(true),
    unsure: those('unknown'),
    powerless: those(false),
    otherBase: ofHead.filter((review) => !atHead.includes(review)),
    older: approvals.filter((review) => review.sha !== subject.seen.sha),
  }
}

/**
 * Against another base the same head is another change: what came along from there was not reviewed. Within one second GitHub
 * gives no order, so such an approval does not count.
 */
function isAfterBaseChange({ at }: Review, { pull }: SeenSubject): boolean {
  const changed = pull.examined?.base_changed ?? null
  return changed === null || (at !== null && instant(at) > instant(changed))
}

export const reviewApproved: Requirement = {
  code: 'review_approved',
  asks: 'Enough people approved this very head after its base was last changed, each with the permission of `permissions.approve` at that time, none of them the author.',
  reasons: { unmet: ['approvals_missing', 'review_required', 'changes_requested'], unknown: ['permission_unknown'] },
  changesWith: [
    'review_approved',
    'review_retracted',
    'permission_observed',
    'pull_request_observed',
    'pull_request_examined',
    'config_changed',
  ],
  evaluate(subject) {
    const approvals = approvalsOf(subject)
    const missing = subject.config.ready.approvals.required - approvals.counting.length
    const { counting, unsure, powerless, otherBase, older } = approvals
    const evidence = [...counting, ...unsure, ...powerless, ...otherBase, ...older].map(evidenceOf)
    if (missing > approvals.unsure.length) {
      const awaits = `${missing} ${missing === 1 ? 'approval' : 'approvals'}`
      return { ...unmet('approvals_missing', missingWords(subject, approvals, awaits), evidence), awaits }
    }
    if (missing > 0)
      return unknown('permission_unknown', `whether ${names(approvals.unsure)} may approve is not known yet`, evidence)
    return vetoOf(subject) ?? met(`approved by ${names(approvals.counting)}`, evidence)
  },
}

function missingWords({ seen, config }: SeenSubject, approvals: Approvals, missing: string): string {
  const words = [`${missing} of ${short(seen.sha)} missing`]
  for (const review of approvals.older)
    words.push(`${review.reviewer} approved ${review.sha ? `the older ${short(review.sha)}` : 'an older commit'}`)
  if (approvals.otherBase.length > 0) words.push(`${names(approvals.otherBase)} approved it against another base`)
  if (approvals.powerless.length > 0)
    words.push(`${names(approvals.powerless)} approved without ${config.permissions.approve} permission`)
  return words.join('; ')
}

function vetoOf(subject: SeenSubject): Finding | null {
  const decision = decisionOf(subject)
  if (decision === 'review_required')
    return unmet('review_required', 'GitHub asks for a further review', byRule('review decision: review required'))
  if (decision === 'changes_requested')
    return unmet(
      'changes_requested',
      'GitHub says that changes are requested',
      byRule('review decision: changes requested'),
    )
  return null
}
