// oxlint-disable vitest/expect-expect -- given(…).as(…) asserts
import { describe, expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { REQUIREMENTS } from '../../../src/core/readiness/evaluate.ts'
import {
  approved,
  check,
  commit,
  event,
  examined,
  headOf,
  integrated,
  permission,
  protection,
  pushed,
  readyFacts,
  retracted,
  seen,
  targetMoved,
} from '../../support/facts.ts'
import { given, pr } from '../../support/given.ts'

const ready = readyFacts(12)
const without = (...types: NewEvent['type'][]) => ready.filter(({ type }) => !types.includes(type))
const after = (...events: NewEvent[]) => given([...ready, ...events])
const newHead = commit('d1')

describe('readiness as a whole', () => {
  test('everything met is ready', () => {
    given(ready).evaluates(pr(12)).as('ready')
  })

  test('a pull request that GitHub was never heard of is unknown in everything, and not ready', () => {
    const { readiness } = given([]).evaluates(pr(12))
    expect(readiness.status).toBe('not_ready')
    expect(
      readiness.requirements.filter(({ code }) => code !== 'labels').every(({ status }) => status === 'unknown'),
    ).toBe(true)
  })

  test('requirements stand in one order, each once, each with the events that change it', () => {
    expect(REQUIREMENTS.map(({ code }) => code)).toEqual([
      'open',
      'targets_lane',
      'not_draft',
      'finalize_ready',
      'branch_pushed',
      'sha_reachable',
      'not_superseded',
      'not_integrated',
      'no_changes_requested',
      'review_approved',
      'code_owners_approved',
      'conversations_resolved',
      'dependencies_landed',
      'checks_passed',
      'permissions',
      'signatures',
      'mergeable',
      'labels',
      'landing_method',
      'lane_open',
    ])
    expect(REQUIREMENTS.every(({ changesWith, asks }) => changesWith.length > 0 && asks.endsWith('.'))).toBe(true)
  })

  test('each single fact that is taken away makes it not ready', () => {
    for (const type of [
      'protection_observed',
      'permission_observed',
      'pull_request_observed',
      'branch_pushed',
      'pull_request_examined',
      'review_approved',
      'finalize_ready',
      'check_reported',
    ] as const)
      expect([type, given(without(type)).evaluates(pr(12)).readiness.status]).toEqual([type, 'not_ready'])
  })
})

describe('what people said of it', () => {
  test.each([
    ['closed', after(seen(12, { state: 'closed' })), ['closed']],
    ['merged', after(seen(12, { state: 'merged' })), ['merged']],
    ['a draft', after(seen(12, { draft: true })), ['draft']],
    [
      'C26 rebased onto another target',
      after(seen(12, { base: 'release/1' })),
      ['other_base', 'head_not_examined', 'head_not_examined', 'head_not_examined'],
    ],
    ['never declared', given(without('finalize_ready')), ['not_declared']],
    [
      'withdrawn',
      after(event('finalize_withdrawn', { pull: 12, sha: headOf(12), by: 'ann', reason: 'cancelled' })),
      ['declaration_withdrawn'],
    ],
  ])('C27 %s is not ready, with a reason of its own', (_, what, reasons) => {
    what.evaluates(pr(12)).as('not_ready', reasons)
  })

  test('two states within one second leave it unknown until a live read', () => {
    const twice = after(seen(12, { title: 'Another' }, 'delivery:1'))
    twice.evaluates(pr(12)).as('not_ready', ['two_states_in_one_second'])
    twice
      .evaluates(pr(12))
      .saying('two_states_in_one_second', 'GitHub sent two states within one second; it is read again')
    const read = event('lane_observed', {
      scope: 'pulls',
      pulls: [12],
      users: [],
      build: null,
      tip: null,
      observed_at: '2026-01-05T12:00:05Z',
    })
    after(seen(12, { title: 'Another' }, 'delivery:1'), read)
      .evaluates(pr(12))
      .as('ready')
  })

  test('a newer head supersedes the declared commit, whatever else holds', () => {
    after(seen(12, { sha: newHead }), pushed(12, { sha: newHead }))
      .evaluates(pr(12))
      .as('superseded', [
        'declared_at_older_commit',
        'head_not_examined',
        'superseded',
        'head_not_examined',
        'approvals_missing',
        'checks_missing',
        'head_not_examined',
      ])
  })

  test('a newer head within one second supersedes nothing until it is read live', () => {
    const { readiness } = after(seen(12, { sha: newHead }, 'delivery:1')).evaluates(pr(12))
    expect(readiness.status).toBe('not_ready')
    expect(readiness.requirements.find(({ code }) => code === 'not_superseded')).toMatchObject({
      status: 'unknown',
      reason: 'head_uncertain',
    })
  })

  test.each([
    ['non_draft', 'not declared finished: taking it out of draft does so'],
    ['label', 'not declared finished: the label ready-to-land does so'],
    ['command', 'not declared finished: the command /merge does so'],
  ])('an undeclared pull request under `when: %s` is told how to declare it', (when, words) => {
    given(without('finalize_ready')).configured({ ready: { when } }).evaluates(pr(12)).saying('not_declared', words)
  })

  test('C27 labels are wanted and unwanted without regard to case', () => {
    const labels = { ready: { labels: { only: ['Ship'], unless: ['wip'] } } }
    given(ready).configured(labels).evaluates(pr(12)).as('not_ready', ['label_missing'])
    after(seen(12, { labels: ['ship'] }))
      .configured(labels)
      .evaluates(pr(12))
      .as('ready')
    after(seen(12, { labels: ['ship', 'WIP'] }))
      .configured(labels)
      .evaluates(pr(12))
      .as('not_ready', ['label_unwanted'])
  })
})

describe('the head commit', () => {
  test.each([
    ['its branch was never seen', given(without('branch_pushed')), ['branch_unseen']],
    ['its branch was seen elsewhere', after(pushed(12, { sha: newHead })), ['branch_elsewhere']],
    ['its fork was deleted', after(seen(12, { remote: null })), ['head_repository_gone']],
    [
      'it was never looked at live',
      given(without('pull_request_examined')),
      ['head_not_examined', 'head_not_examined', 'head_not_examined'],
    ],
    [
      'only an older head was looked at',
      after(examined(12, { sha: newHead })),
      ['head_not_examined', 'head_not_examined', 'head_not_examined'],
    ],
    ['it is not reachable', after(examined(12, { reachable: 'no' })), ['sha_unreachable']],
    ['its reachability is unknown', after(examined(12, { reachable: 'unknown' })), ['reachability_unknown']],
    ['it is contained in the target', after(examined(12, { integrated: 'yes' })), ['already_integrated']],
    [
      'it was contained in an older tip',
      after(examined(12, { integrated: 'yes' }), targetMoved({ after: newHead })),
      ['target_moved', 'target_unsettled'],
    ],
    ['whether it is contained is unknown', after(examined(12, { integrated: 'unknown' })), ['integration_unknown']],
    ['C27 GitHub said that it conflicts with this tip', after(examined(12, { mergeable: 'no' })), ['conflicts']],
  ])('is not ready when %s', (_, what, reasons) => {
    what.evaluates(pr(12)).as('not_ready', reasons)
  })

  test('a fork’s head is looked for in the fork', () => {
    const fork = 'eve/rocket'
    after(seen(12, { remote: fork }))
      .evaluates(pr(12))
      .as('not_ready', ['branch_unseen'])
    after(seen(12, { remote: fork }), pushed(12, { remote: fork }))
      .evaluates(pr(12))
      .as('ready')
  })

  test('C45 an unknown mergeability counts as met: assembly is the judge', () => {
    after(examined(12, { mergeable: 'unknown' }))
      .evaluates(pr(12))
      .as('ready')
  })

  test('a conflict with an older tip is no information', () => {
    after(examined(12, { mergeable: 'no' }), targetMoved({ after: newHead }))
      .evaluates(pr(12))
      .as('ready', ['target_unsettled'])
  })

  test('what landed by our own record is integrated, whatever ancestry says', () => {
    const landed = integrated(12)
    after(landed).evaluates(pr(12)).as('not_ready', ['landed'])
    after(landed, seen(12, { sha: newHead }), examined(12, { sha: newHead }))
      .evaluates(pr(12))
      .as('superseded', [
        'declared_at_older_commit',
        'branch_elsewhere',
        'superseded',
        'approvals_missing',
        'checks_missing',
      ])
  })
})

describe('reviews', () => {
  test('C39 a missing approval is counted', () => {
    given(without('review_approved'))
      .evaluates(pr(12))
      .as('not_ready', ['approvals_missing'])
      .saying('approvals_missing', '1 approval of b12b12b missing')
    given(ready)
      .configured({ ready: { approvals: { required: 3 } } })
      .evaluates(pr(12))
      .saying('approvals_missing', '2 approvals of b12b12b missing')
  })

  test('C23 an approval of an older commit does not count, and is named', () => {
    given([...without('review_approved'), approved(12, 'rob', { sha: newHead })])
      .evaluates(pr(12))
      .as('not_ready', ['approvals_missing'])
      .saying('approvals_missing', '1 approval of b12b12b missing; rob approved the older d1d1d1d')
  })

  test('C21 the author’s own approval does not count', () => {
    given([...without('review_approved'), permission('ann', 'admin'), approved(12, 'Ann')])
      .evaluates(pr(12))
      .as('not_ready', ['approvals_missing'])
  })

  test('C15 an approval without the permission does not count, and is named', () => {
    after(permission('rob', 'read'))
      .evaluates(pr(12))
      .as('not_ready', ['approvals_missing'])
      .saying('approvals_missing', '1 approval of b12b12b missing; rob approved without write permission')
  })

  test('C128 permission lost, regained and lost again is followed each time', () => {
    const lost = permission('rob', 'none')
    after(lost).evaluates(pr(12)).as('not_ready', ['approvals_missing'])
    after(lost, permission('rob')).evaluates(pr(12)).as('ready')
    after(lost, permission('rob'), lost).evaluates(pr(12)).as('not_ready', ['approvals_missing'])
  })

  test('an approver whose permission nobody asked for leaves it unknown', () => {
    given(without('permission_observed')).evaluates(pr(12)).as('not_ready', ['permission_unknown'])
    given(without('permission_observed'))
      .configured({ ready: { approvals: { required: 2 } } })
      .evaluates(pr(12))
      .as('not_ready', ['approvals_missing'])
  })

  test('logins are the same in any case', () => {
    given([...ready, retracted(12, 'ROB', { review_id: 300, reason: 'changes_requested' })])
      .evaluates(pr(12))
      .as('not_ready', ['changes_requested', 'approvals_missing'])
  })

  test('C39 changes requested by someone who may approve veto another’s approval', () => {
    after(permission('sue'), retracted(12, 'sue', { review_id: 200, reason: 'changes_requested' }))
      .evaluates(pr(12))
      .as('not_ready', ['changes_requested'])
      .saying('changes_requested', 'changes requested by sue')
  })

  test('changes requested by someone who may not approve veto nothing, by someone unknown leave it unknown', () => {
    const request = retracted(12, 'sue', { review_id: 200, reason: 'changes_requested' })
    after(permission('sue', 'read'), request).evaluates(pr(12)).as('ready')
    after(request).evaluates(pr(12)).as('not_ready', ['permission_unknown'])
  })

  test('C30 a dismissed approval does not count', () => {
    after(retracted(12, 'rob', { review_id: 112 }))
      .evaluates(pr(12))
      .as('not_ready', ['approvals_missing'])
  })

  test('C133 a dismissal that arrives before the approval it dismisses leaves it not approved', () => {
    given([retracted(12, 'rob', { review_id: 112 }), ...ready])
      .evaluates(pr(12))
      .as('not_ready', ['approvals_missing'])
  })

  test.each([
    ['approved', []],
    [null, []],
    ['review_required', ['review_required']],
    ['changes_requested', ['changes_requested', 'changes_requested']],
  ] as const)('GitHub’s own decision %s only vetoes', (review_decision, reasons) => {
    after(examined(12, { review_decision }))
      .evaluates(pr(12))
      .as(reasons.length === 0 ? 'ready' : 'not_ready', reasons)
    given([...without('review_approved'), examined(12, { review_decision: 'approved' })])
      .evaluates(pr(12))
      .as('not_ready', ['approvals_missing'])
  })

  test('a decision about another head is no information', () => {
    after(examined(12, { sha: newHead, review_decision: 'changes_requested' }))
      .evaluates(pr(12))
      .as('not_ready', ['head_not_examined', 'head_not_examined', 'head_not_examined'])
  })
})

describe('the head’s checks', () => {
  test.each([
    ['not reported', given(without('check_reported')), ['checks_missing'], 'not reported: test'],
    [
      'running',
      after(check({ run: 2, status: 'in_progress', conclusion: null })),
      ['checks_pending'],
      'still running: test',
    ],
    ['failed', after(check({ run: 2, conclusion: 'failure' })), ['checks_failed'], 'test failed'],
    ['cancelled', after(check({ run: 2, conclusion: 'cancelled' })), ['checks_failed'], 'test ended as cancelled'],
    ['timed out', after(check({ run: 2, conclusion: 'timed_out' })), ['checks_failed'], 'test ended as timed out'],
  ])('C33 a required check that is %s keeps it waiting by name', (_, what, reasons, words) => {
    what
      .evaluates(pr(12))
      .as('not_ready', reasons)
      .saying(reasons[0] ?? '', words)
  })

  test('C35 failures are told before what is still missing, and all of them by name', () => {
    given([
      ...ready,
      protection({ required: ['a', 'b', 'c'].map((context) => ({ context, app_id: null })) }),
      check({ context: 'a', conclusion: 'failure' }),
      check({ context: 'b', app: null, app_id: null, conclusion: 'error' }),
    ])
      .evaluates(pr(12))
      .as('not_ready', ['checks_failed'])
      .saying('checks_failed', 'a failed, b ended as error')
  })

  test('C36 a check that nobody requires is ignored', () => {
    after(check({ context: 'optional', conclusion: 'failure' }))
      .evaluates(pr(12))
      .as('ready')
  })

  test('protection that was never read leaves it unknown, unless the configuration lists the checks', () => {
    given(without('protection_observed')).evaluates(pr(12)).as('not_ready', ['protection_unknown'])
    given(without('protection_observed'))
      .configured({ checks: { required: ['test'] } })
      .evaluates(pr(12))
      .as('ready')
  })

  test('they are not waited for where the configuration leaves them to the build', () => {
    given(without('check_reported', 'protection_observed'))
      .configured({ ready: { checks: 'build' } })
      .evaluates(pr(12))
      .as('ready')
  })

  test('a target that requires nothing leaves the head nothing to wait for', () => {
    given([...ready, protection({ required: [] }), check({ conclusion: 'failure', run: 9 })])
      .evaluates(pr(12))
      .as('ready')
  })
})
