/**
 * The requirements about what people said of a pull request as a whole: that it is open, aimed at this lane, out of draft,
 * declared finished at its present head, and labelled as wanted. They look at no commit and at no review.
 */
import type { Evidence } from '../../events/shapes.ts'
import { short } from '../../ids.ts'
import { met, type Requirement, type SeenSubject, unknown, unmet } from '../requirement.ts'
import { parentOf } from '../stack.ts'

const commit = (sha: string): Evidence => ({ kind: 'commit', text: sha })

export const open: Requirement = {
  code: 'open',
  asks: 'The pull request is open.',
  reasons: { unmet: ['closed', 'merged'], unknown: ['two_states_in_one_second'] },
  changesWith: ['pull_request_observed', 'lane_observed'],
  evaluate({ pull, seen }) {
    if (pull.uncertain)
      return unknown('two_states_in_one_second', 'GitHub sent two states within one second; it is read again')
    if (seen.state === 'open') return met('open')
    return unmet(seen.state, `the pull request is ${seen.state}`)
  },
}

export const targetsLane: Requirement = {
  code: 'targets_lane',
  asks: 'Its base is the target. One that is stacked on another pull request waits for that one, and then gets the target as its base.',
  reasons: { unmet: ['other_base', 'stacked'], unknown: [] },
  changesWith: ['pull_request_observed'],
  evaluate({ seen, target, view }) {
    if (seen.base === target) return met(`targets ${target}`)
    const parent = parentOf(view, seen)
    if (parent)
      return {
        ...unmet('stacked', `stacked on #${parent.number}: once that landed, ${target} becomes its base`, [
          { kind: 'pull_request', text: `#${parent.number}` },
        ]),
        awaits: `#${parent.number} to land`,
      }
    return unmet('other_base', `its base is ${seen.base}, not ${target}`)
  },
}

export const notDraft: Requirement = {
  code: 'not_draft',
  asks: 'It is not a draft.',
  reasons: { unmet: ['draft'], unknown: [] },
  changesWith: ['pull_request_observed'],
  evaluate: ({ seen }) => (seen.draft ? unmet('draft', 'it is a draft') : met('not a draft')),
}

export const finalizeReady: Requirement = {
  code: 'finalize_ready',
  asks: 'Its head was declared finished, in the way that `ready.when` names or by `/merge`.',
  reasons: { unmet: ['not_declared', 'declared_at_older_commit', 'declaration_withdrawn'], unknown: [] },
  changesWith: ['finalize_ready', 'finalize_withdrawn', 'pull_request_observed'],
  evaluate(subject) {
    const { pull, seen } = subject
    const { declaration, withdrawn } = pull
    if (declaration?.sha === seen.sha)
      return met(`declared finished at ${short(seen.sha)} by ${declaration.by}`, [commit(seen.sha)])
    if (declaration)
      return unmet(
        'declared_at_older_commit',
        `declared finished at ${short(declaration.sha)}, but the head is ${short(seen.sha)}`,
        [commit(declaration.sha), commit(seen.sha)],
      )
    if (withdrawn)
      return unmet('declaration_withdrawn', `no longer declared finished: ${WITHDRAWN[withdrawn.reason]}`, [
        commit(withdrawn.sha),
      ])
    return unmet('not_declared', `not declared finished: ${howToDeclare(subject)}`)
  },
}

const WITHDRAWN = {
  cancelled: 'it was cancelled',
  draft: 'it became a draft',
  closed: 'it was closed',
  base_changed: 'its base was changed',
  label_removed: 'the label was removed',
  auto_merge_off: 'auto-merge was switched off',
  pushed: 'new commits were pushed',
} as const

function howToDeclare({ config }: SeenSubject): string {
  switch (config.ready.when) {
    case 'non_draft':
      return 'taking it out of draft does so'
    case 'label':
      return `the label ${config.ready.label} does so`
    case 'auto_merge':
      return 'switching auto-merge on does so'
    case 'command':
      return 'the command /merge does so'
    default:
      return config.ready.when satisfies never
  }
}

export const notSuperseded: Requirement = {
  code: 'not_superseded',
  asks: 'The declared commit is the head.',
  reasons: { unmet: ['superseded'], unknown: ['head_uncertain'] },
  changesWith: ['finalize_ready', 'finalize_withdrawn', 'pull_request_observed', 'lane_observed'],
  evaluate({ pull, seen }) {
    const { declaration } = pull
    if (!declaration || declaration.sha === seen.sha) return met('no newer commit')
    const evidence = [commit(declaration.sha), commit(seen.sha)]
    if (pull.uncertain)
      return unknown('head_uncertain', 'GitHub sent two heads within one second; it is read again', evidence)
    return unmet('superseded', `${short(seen.sha)} took the place of ${short(declaration.sha)}`, evidence)
  },
}

export const labels: Requirement = {
  code: 'labels',
  asks: 'It has the labels of `ready.labels.only` and none of `ready.labels.unless`. Asked where one of them is set.',
  reasons: { unmet: ['label_unwanted', 'label_missing'], unknown: [] },
  changesWith: ['pull_request_observed', 'config_changed'],
  evaluate({ seen, config }) {
    const { only, unless } = config.ready.labels
    if (only.length === 0 && unless.length === 0) return null
    const has = (label: string) => isLabelled(seen, label)
    const unwanted = unless.filter(has)
    if (unwanted.length > 0) return unmet('label_unwanted', `labelled ${unwanted.join(', ')}`, unwanted.map(rule))
    const wanted = only.filter((label) => !has(label))
    if (wanted.length > 0) return unmet('label_missing', `not labelled ${wanted.join(', ')}`, wanted.map(rule))
    return met('labelled as wanted')
  },
}

/** GitHub takes two labels that differ in case alone for one. */
export const isLabelled = ({ labels: all }: Pick<SeenSubject['seen'], 'labels'>, label: string): boolean =>
  all.some((one) => one.toLowerCase() === label.toLowerCase())

const rule = (label: string): Evidence => ({ kind: 'rule', text: `label ${label}` })
