/**
 * The requirements about the head commit itself: that its branch stands there, that it is reachable, not integrated yet,
 * and not known to conflict. They rest on observations bound to that very commit; an older one is no answer.
 */
import { short } from '../../ids.ts'
import { met, type Requirement, type SeenSubject, unknown, unmet } from '../requirement.ts'

export const branchPushed: Requirement = {
  code: 'branch_pushed',
  asks: 'Its branch stands at the head, in whichever repository it is.',
  reasons: { unmet: ['head_repository_gone'], unknown: ['branch_unseen', 'branch_elsewhere'] },
  changesWith: ['branch_pushed', 'pull_request_observed'],
  evaluate({ seen, view }) {
    if (seen.remote === null) return unmet('head_repository_gone', 'the repository of its branch was deleted')
    const standsAt = view.branches.get(`${seen.remote}:${seen.branch}`)
    if (standsAt === undefined) return unknown('branch_unseen', `where ${seen.branch} stands is not known yet`)
    const evidence = [{ kind: 'commit' as const, text: standsAt }]
    if (standsAt === seen.sha) return met(`${seen.branch} stands at ${short(seen.sha)}`, evidence)
    return unknown(
      'branch_elsewhere',
      `${seen.branch} was last seen at ${short(standsAt)}, the pull request at ${short(seen.sha)}`,
      evidence,
    )
  },
}

/** The live read of this very head; null when there is none, or when it is known to be out of date. */
export function examinedHead({ pull, seen }: SeenSubject): NonNullable<SeenSubject['pull']['examined']> | null {
  return pull.examined?.sha === seen.sha && !pull.unread ? pull.examined : null
}

export const notExamined = (seen: SeenSubject['seen']) =>
  unknown('head_not_examined', `${short(seen.sha)} was not looked at on GitHub yet`)

export const shaReachable: Requirement = {
  code: 'sha_reachable',
  asks: 'The head is reachable from its branch.',
  reasons: { unmet: ['sha_unreachable'], unknown: ['head_not_examined', 'reachability_unknown'] },
  changesWith: ['pull_request_examined', 'pull_request_observed'],
  evaluate(subject) {
    const examined = examinedHead(subject)
    const at = short(subject.seen.sha)
    if (!examined) return notExamined(subject.seen)
    if (examined.reachable === 'yes') return met(`${at} is reachable from its branch`)
    if (examined.reachable === 'no')
      return unmet('sha_unreachable', `${at} is not reachable from its branch any more`, [
        { kind: 'commit', text: examined.sha },
      ])
    return unknown('reachability_unknown', `GitHub did not tell whether ${at} is reachable`)
  },
}

export const notIntegrated: Requirement = {
  code: 'not_integrated',
  asks: 'The head did not land yet, and the target does not contain it.',
  reasons: {
    unmet: ['landed', 'already_integrated'],
    unknown: ['head_not_examined', 'target_moved', 'integration_unknown'],
  },
  changesWith: ['integration_completed', 'pull_request_examined', 'target_moved', 'pull_request_observed'],
  evaluate(subject) {
    const { pull, seen, target, tip } = subject
    // The recorded outcome comes first: after a squash neither ancestry nor trees would tell.
    if (pull.landed?.sha === seen.sha)
      return unmet('landed', `landed on ${target} as ${short(pull.landed.landed_sha)}`, [
        { kind: 'commit', text: pull.landed.landed_sha },
      ])
    const examined = examinedHead(subject)
    if (!examined) return notExamined(seen)
    if (examined.integrated === 'no') return met(`not part of ${target} yet`)
    if (examined.integrated === 'yes' && examined.tip === tip)
      return unmet('already_integrated', `${target} already contains ${short(seen.sha)}`, [
        { kind: 'commit', text: examined.tip },
      ])
    if (examined.integrated === 'yes')
      return unknown('target_moved', `${target} moved since it was found to contain ${short(seen.sha)}`)
    return unknown('integration_unknown', `GitHub did not tell whether ${target} contains ${short(seen.sha)}`)
  },
}

export const mergeable: Requirement = {
  code: 'mergeable',
  asks: 'GitHub did not say that the head conflicts with the present tip. Not knowing counts as met, here alone: the assembly is the judge.',
  reasons: { unmet: ['conflicts'], unknown: [] },
  changesWith: ['pull_request_examined', 'target_moved', 'pull_request_observed'],
  evaluate(subject) {
    const examined = examinedHead(subject)
    if (examined?.mergeable === 'no' && examined.tip === subject.tip)
      return unmet('conflicts', `it conflicts with ${subject.target} at ${short(examined.tip)}`, [
        { kind: 'commit', text: examined.tip },
      ])
    // Not knowing counts as met, here alone: GitHub computes it late, and the assembly is the judge. The words are the same
    // where it does know, so that nothing has to be said again when it has found out.
    return met('no conflict is known')
  },
}
