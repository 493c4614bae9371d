/** The one line that says where a pull request stands, in each of its states. */
import { describe, expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { ordinal } from '../../../src/core/render/words/headline.ts'
import {
  blocked,
  check,
  concluded,
  event,
  examined,
  followUpOpened,
  headOf,
  held,
  integrated,
  landing,
  permission,
  planned,
  published,
  pushed,
  queued,
  retracted,
  seen,
} from '../../support/facts.ts'
import {
  checkRun,
  conflict,
  explained,
  measured,
  newHead,
  others,
  ready,
  remembered,
  resumeAsked,
  without,
} from './explained.ts'

test('C46 of all that is missing the first is told, in one line that fits, and how many more there are', () => {
  const long = 'x'.repeat(300)
  const blocked = { ready: { labels: { unless: [long] } } }
  const told = explained([...ready, seen(12, { labels: [long] })], blocked)
  expect(told.headline.length).toBeLessThanOrEqual(140)
  expect(told.headline).toMatch(/^Waiting: labelled x+…$/)
  const both = explained([...without('review_approved', 'check_reported'), examined(12, { mergeable: 'no' })])
  expect(both.headline).toBe('Waiting for 1 approval (+2 more)')
})

describe('C119 C123 the check run says each state in one line', () => {
  const table: [string, readonly NewEvent[], string, string, Record<string, unknown>?][] = [
    ['never examined', without('pull_request_examined'), 'Looking: b12b12b was not looked at on GitHub yet', 'neutral'],
    ['an approval missing', without('review_approved'), 'Waiting for 1 approval', 'neutral'],
    [
      'two approvals missing',
      without('review_approved'),
      'Waiting for 2 approvals',
      'neutral',
      { ready: { approvals: { required: 2 } } },
    ],
    [
      'C46 several things missing',
      [...without('review_approved', 'check_reported'), seen(12, { draft: true })],
      'Waiting: it is a draft (+2 more)',
      'neutral',
    ],
    ['a check missing', without('check_reported'), 'Waiting for test', 'neutral'],
    [
      'a check running',
      [...ready, check({ run: 2, status: 'in_progress', conclusion: null })],
      'Waiting for test',
      'neutral',
    ],
    ['a check failed', [...ready, check({ run: 2, conclusion: 'failure' })], 'Waiting: test failed', 'neutral'],
    [
      'changes requested',
      [...ready, permission('sue'), retracted(12, 'sue', { review_id: 200, reason: 'changes_requested' })],
      'Waiting: changes requested by sue',
      'neutral',
    ],
    [
      'a conflict foreseen',
      [...ready, examined(12, { mergeable: 'no' })],
      'Waiting: it conflicts with main at c0c0c0c',
      'neutral',
    ],
    ['ready', ready, 'Ready, about to be queued', 'in_progress'],
    ['paused', ready, 'Ready; Mainkeeper is paused', 'in_progress', { mode: 'paused' }],
    ['queued', [...ready, queued(12)], 'Queued, 1st', 'in_progress'],
    ['queued third', [...ready, ...others, queued(11), queued(13), queued(12)], 'Queued, 3rd', 'in_progress'],
    [
      'queued, once three builds were measured',
      [...ready, ...measured, queued(12)],
      'Queued, 1st; 10–17 min',
      'in_progress',
    ],
    ['queued alone', [...ready, queued(12, { alone: true })], 'Queued to be built alone, 1st', 'in_progress'],
    [
      'queued while paused',
      [...ready, queued(12)],
      'Queued, while Mainkeeper is paused, 1st',
      'in_progress',
      { mode: 'paused' },
    ],
    ['testing alone', [...ready, queued(12), planned('b1', [12])], 'Testing', 'in_progress'],
    [
      'testing with others',
      [
        ...ready,
        ...others,
        queued(11),
        queued(12),
        queued(13),
        planned('b1', [11, 12, 13]),
        published('b1', [11, 12, 13]),
      ],
      'Testing with #11 and #13',
      'in_progress',
    ],
    [
      'landing',
      [...ready, queued(12), planned('b1', [12]), published('b1', [12]), concluded('b1'), landing('b1')],
      'Landing',
      'in_progress',
    ],
    ['blocked by a conflict', conflict, 'Blocked: merge conflict in src/a.ts', 'action_required'],
    [
      'blocked with a follow-up',
      [...conflict, followUpOpened(12)],
      'Blocked: merge conflict in src/a.ts — see #57',
      'action_required',
    ],
    [
      'blocked and to be resumed',
      [...conflict, followUpOpened(12), resumeAsked, remembered],
      'Blocked: merge conflict in src/a.ts, resumes when ready — see #57',
      'action_required',
    ],
    [
      'blocked by checks',
      [
        ...ready,
        queued(12),
        blocked(12, { reason: 'checks_failed', diagnostics: ['test failed on the merge of #12 into main'] }),
      ],
      'Blocked: test failed on the merge of #12 into main',
      'action_required',
    ],
    [
      'blocked by a permission',
      [...ready, queued(12), blocked(12, { reason: 'permission_missing' })],
      'Blocked: the App lacks a permission',
      'action_required',
    ],
    ['held while ready', [...ready, held()], 'Held: until the release is out', 'in_progress'],
    ['held while queued', [...ready, queued(12), held()], 'Held: until the release is out', 'in_progress'],
    ['C50 excepted from the hold', [...ready, queued(12), held({ allow: [12] })], 'Queued, 1st', 'in_progress'],
    ['landed', [...ready, integrated(12), seen(12, { state: 'merged' })], 'Landed as e1e1e1e', 'success'],
    [
      'a newer head after landing',
      [
        ...without('review_approved'),
        integrated(12),
        seen(12, { sha: newHead }),
        pushed(12, { sha: newHead }),
        examined(12, { sha: newHead }),
      ],
      'Waiting: declared finished at b12b12b, but the head is d1d1d1d (+3 more)',
      'neutral',
    ],
    [
      'out of the queue',
      [...ready, queued(12), event('candidate_dequeued', { pull: 12, sha: headOf(12), reason: 'gone' })],
      'Out of the queue: gone',
      'neutral',
    ],
    ['closed', [...ready, seen(12, { state: 'closed' })], 'Closed without landing', 'neutral'],
    ['merged by hand', [...ready, seen(12, { state: 'merged' })], 'Merged outside of the queue', 'neutral'],
  ]

  test.each(table)('%s', (_, events, title, end, file) => {
    const { status, conclusion, ...run } = checkRun(events, file)
    expect([run.title, conclusion ?? status]).toEqual([title, end])
    expect(status).toBe(conclusion === null ? 'in_progress' : 'completed')
  })
})

test.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [11, '11th'],
  [12, '12th'],
  [13, '13th'],
  [21, '21st'],
  [112, '112th'],
  [20, '20th'],
])('%i is written as %s', (number, words) => {
  expect(ordinal(number)).toBe(words)
})
