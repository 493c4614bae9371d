/**
 * The requirements that follow from what the target demands beyond reviews and checks, and from what the App itself may do:
 * resolved conversations, workflow files, signed commits. Found out before anything is built, for GitHub would refuse it last.
 */
import { chosenMethod } from '../../landing-method.ts'
import { met, type Requirement, type SeenSubject, unknown, unmet } from '../requirement.ts'
import { examinedHead, notExamined } from './commit.ts'

/** Whether a rule of the target demands it; 'unknown' where its rules were never read. */
function demands({ view, target }: SeenSubject, rule: string): boolean | 'unknown' {
  return view.repository.protections[target]?.rules.includes(rule) ?? 'unknown'
}

export const conversationsResolved: Requirement = {
  code: 'conversations_resolved',
  asks: 'Every conversation of its reviews is resolved. Asked where a rule of the target demands it, or `ready.conversations` is `resolved`.',
  reasons: {
    unmet: ['conversations_open'],
    unknown: ['head_not_examined', 'conversations_unknown', 'protection_unknown'],
  },
  changesWith: [
    'conversation_touched',
    'pull_request_examined',
    'lane_observed',
    'protection_observed',
    'config_changed',
  ],
  evaluate(subject) {
    const demanded =
      subject.config.ready.conversations === 'resolved' ? true : demands(subject, 'required_conversation_resolution')
    if (demanded === false) return null
    const examined = examinedHead(subject)
    if (!examined) return notExamined(subject.seen)
    const open = examined.threads_unresolved
    if (open === 0) return met('every conversation is resolved')
    if (demanded === 'unknown') return unknown('protection_unknown', `what ${subject.target} demands is not known yet`)
    if (open === null) return unknown('conversations_unknown', 'how many conversations are open is not known')
    const words = open === 1 ? '1 conversation is' : `${open} conversations are`
    return {
      ...unmet('conversations_open', `${words} not resolved`, [{ kind: 'review', text: `${words} not resolved` }]),
      awaits: open === 1 ? '1 conversation to be resolved' : `${open} conversations to be resolved`,
    }
  },
}

export const permissions: Requirement = {
  code: 'permissions',
  asks: 'The App may land what it touches: files under `.github/workflows` need the permission `workflows: write`.',
  reasons: { unmet: ['workflows_forbidden'], unknown: ['head_not_examined', 'files_unknown', 'rights_unknown'] },
  changesWith: ['pull_request_examined', 'pull_request_observed'],
  evaluate(subject) {
    const examined = examinedHead(subject)
    if (!examined) return notExamined(subject.seen)
    if (examined.workflow_files === 'no') return met('needs no further permission')
    if (examined.may_write_workflows === 'yes') return met('the App may change workflows')
    if (examined.workflow_files === 'unknown')
      return unknown('files_unknown', 'whether it changes files under .github/workflows is not known')
    if (examined.may_write_workflows === 'unknown')
      return unknown('rights_unknown', 'whether the App may change workflows is not known')
    return unmet('workflows_forbidden', 'it changes files under .github/workflows, and the App may not', [
      { kind: 'rule', text: 'the App lacks the permission workflows: write' },
    ])
  },
}

export const signatures: Requirement = {
  code: 'signatures',
  asks: 'Every commit of it carries a valid signature. Asked where a rule of the target demands signed commits and its own commits land, by `merge` or `fast-forward`.',
  reasons: { unmet: ['unsigned_commits'], unknown: ['head_not_examined', 'signatures_unknown'] },
  changesWith: ['pull_request_examined', 'protection_observed', 'config_changed', 'pull_request_observed'],
  evaluate(subject) {
    const { method } = chosenMethod(subject.seen.labels, subject.config)
    if (method !== 'merge' && method !== 'fast-forward') return null
    // A target whose rules were never read is not built for: the plan reads them first.
    if (demands(subject, 'required_signatures') !== true) return null
    const examined = examinedHead(subject)
    if (!examined) return notExamined(subject.seen)
    const { unsigned } = examined
    if (unsigned === null) return unknown('signatures_unknown', 'whether its commits are signed is not known')
    if (unsigned === 0) return met('every commit is signed')
    const words = unsigned === 1 ? '1 commit has' : `${unsigned} commits have`
    return unmet('unsigned_commits', `${words} no valid signature, and ${subject.target} demands one`, [
      { kind: 'rule', text: 'required_signatures' },
    ])
  },
}
