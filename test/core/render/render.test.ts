import { describe, expect, test } from 'vitest'
import type { NewEvent, PayloadOf } from '../../../src/core/events.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import { renderCheckRun } from '../../../src/core/render/check-run.ts'
import { COMMENT_MARKER, renderComment } from '../../../src/core/render/comment.ts'
import { renderFollowUp, renderFollowUpClosing } from '../../../src/core/render/follow-up.ts'
import * as reply from '../../../src/core/render/reply.ts'
import { ordinal } from '../../../src/core/render/words/headline.ts'
import {
  approved,
  blocked,
  check,
  commit,
  concluded,
  configWith,
  event,
  examined,
  followUpFailed,
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
  readyFacts,
  retracted,
  seen,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const ready = readyFacts(12)
const without = (...types: NewEvent['type'][]) => ready.filter(({ type }) => !types.includes(type))
const others = [11, 13].flatMap((pull) => readyFacts(pull).slice(3))

function explained(events: readonly NewEvent[], file: Record<string, unknown> = {}, number = 12) {
  const view = viewOf(events)
  const pull = view.pulls.get(number)
  if (!pull) throw new Error(`no pull request ${number} in these events`)
  return explain(view, configWith(file), pull)
}

const checkRun = (events: readonly NewEvent[], file: Record<string, unknown> = {}) =>
  renderCheckRun(explained(events, file))

/** Three builds of ten minutes, of somebody who left. */
const measured = [
  queued(9),
  ...['b1', 'b2', 'b3'].flatMap((build) => [
    planned(build, [9]),
    published(build, [9]),
    concluded(build, { verdict: 'failed', concluded_at: '2026-01-05T12:10:00Z' }),
  ]),
  event('candidate_dequeued', { pull: 9, sha: headOf(9), reason: 'closed' }),
]

const conflict = [...ready, queued(12), blocked(12)]
const newHead = commit('d1')
const resumeAsked = event('resume_requested', { pull: 12, follow_up: 57, by: 'max', via: 'label', request: 'r1' })
const remembered = event('resume_answered', { pull: 12, request: 'r1', result: 'remembered', reason: 'not_ready' })

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

describe('the check run', () => {
  test('tells every requirement with its evidence, and the next step', () => {
    expect(
      checkRun([...without('review_approved'), approved(12, 'rob', { sha: newHead })]).summary,
    ).toMatchInlineSnapshot(`
      "| | Requirement | Why | Evidence |
      | - | - | - | - |
      | ✅ met | \`open\` | open |  |
      | ✅ met | \`targets_lane\` | targets main |  |
      | ✅ met | \`not_draft\` | not a draft |  |
      | ✅ met | \`finalize_ready\` | declared finished at b12b12b by ann | b12b12b12b12b12b12b12b12b12b12b12b12b12b |
      | ✅ met | \`branch_pushed\` | topic-12 stands at b12b12b | b12b12b12b12b12b12b12b12b12b12b12b12b12b |
      | ✅ met | \`sha_reachable\` | b12b12b is reachable from its branch |  |
      | ✅ met | \`not_superseded\` | no newer commit |  |
      | ✅ met | \`not_integrated\` | not part of main yet |  |
      | ✅ met | \`no_changes_requested\` | no changes requested |  |
      | ❌ unmet | \`review_approved\` | 1 approval of b12b12b missing; rob approved the older d1d1d1d | approved by rob at d1d1d1d (review 100) |
      | ✅ met | \`checks_passed\` | passed: test | [test: passed](https://ci.example/1) |
      | ✅ met | \`permissions\` | needs no further permission |  |
      | ✅ met | \`mergeable\` | no conflict is known |  |
      | ✅ met | \`lane_open\` | main is open |  |

      **Next:** Have b12b12b approved."
    `)
  })

  test('C50 tells who holds the branch, and why', () => {
    expect(
      checkRun([
        ...ready,
        queued(12),
        held({ evidence: [{ kind: 'check', text: 'nightly: failure', url: 'https://ci.example/9' }] }),
      ]).summary.split('| |')[0],
    ).toMatchInlineSnapshot(`
      "Place 1 in the queue.

      \`main\` is held by max since 2026-01-05T12:00:00Z: until the release is out

      - [nightly: failure](https://ci.example/9)

      "
    `)
  })

  test('tells the place and the build', () => {
    expect(
      checkRun([
        ...ready,
        queued(12, { priority: 10, alone: true, interrupt: true }),
        planned('b1', [12]),
        published('b1', [12]),
      ]).summary.split('| |')[0],
    ).toMatchInlineSnapshot(`
      "Place 1 in the queue (interrupt, priority 10, alone).

      Build \`b1\`: CI proves e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1 on c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0.

      "
    `)
  })

  test('tells what is wrong with the configuration file that the pull request proposes at its head', () => {
    const proposed = (rest: Partial<PayloadOf<'config_proposed'>> = {}) =>
      checkRun([
        ...ready,
        event('config_proposed', { pull: 12, sha: headOf(12), blob: commit('d1'), errors: [], ...rest }),
      ]).summary.split('| |')[0]
    const judged = 'This pull request is judged by the file of `main`, not by its own.\n\n'
    const error = { line: 3, column: 5, key: 'ci.timeout', value: '10', fix: 'it has to be text' }
    expect(proposed()).toBe(`It changes \`.github/mainkeeper.yml\`, and the new one is right. ${judged}`)
    expect(proposed({ blob: null })).toBe(`It removes \`.github/mainkeeper.yml\`. ${judged}`)
    expect(proposed({ errors: [error] })).toBe(
      `**It changes \`.github/mainkeeper.yml\`, and the new one is broken.** ${judged}- line 3, column 5: \`ci.timeout\` is \`10\`: it has to be text\n\n`,
    )
    expect(proposed({ sha: newHead, errors: [error] })).toBe('')
  })

  test('carries the blocked text and its button within GitHub’s limits', () => {
    const { summary, actions } = checkRun([...conflict, followUpOpened(12)])
    expect(actions.map(({ identifier }) => identifier)).toEqual(['resume', 'retry', 'why'])
    for (const { label, description } of actions) expect(label.length <= 20 && description.length <= 40).toBe(true)
    expect(summary.split('| |')[0]).toMatchInlineSnapshot(`
      "### Reason

      \`merge_conflict\`: merge conflict

      ### Candidate

      #12, branch \`topic-12\` at b12b12b12b12b12b12b12b12b12b12b12b12b12b, for \`main\`

      ### Evidence

      - \`src/a.ts\`

      ### Diagnostics

      - Merge conflict

      ### Next action

      Merge the target branch into this one, resolve the conflict and push. The new commit is queued by itself as soon as it is approved.

      ### Resume

      Any one of these, by somebody with write permission:

      - comment \`/resume\` on #12
      - add the label \`mainkeeper:resume\` to #57
      - press Resume on the check run

      "
    `)
  })

  test('carries the whole text and how to resume where no issue can be made', () => {
    expect(checkRun([...conflict, followUpFailed(12)]).summary.split('| |')[0]).toMatchInlineSnapshot(`
      "The follow-up issue could not be opened (Issues are disabled for this repo), so this is its text. It is tried again.

      ### Reason

      \`merge_conflict\`: merge conflict

      ### Candidate

      #12, branch \`topic-12\` at b12b12b12b12b12b12b12b12b12b12b12b12b12b, for \`main\`

      ### Evidence

      - \`src/a.ts\`

      ### Diagnostics

      - Merge conflict

      ### Next action

      Merge the target branch into this one, resolve the conflict and push. The new commit is queued by itself as soon as it is approved.

      ### Resume

      Any one of these, by somebody with write permission:

      - comment \`/resume\` on #12
      - press Resume on the check run

      "
    `)
  })

  test('of what landed tells the commit alone', () => {
    expect(checkRun([...ready, integrated(12)]).summary).toMatchInlineSnapshot(
      `"b12b12b12b12b12b12b12b12b12b12b12b12b12b landed on \`main\` as e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1."`,
    )
  })

  test('of a mere move in the queue changes only what is not lasting', () => {
    const second = checkRun([...ready, ...others, queued(11), queued(12)])
    const first = checkRun([...ready, ...others, queued(12), queued(11)])
    expect(first.title).not.toBe(second.title)
    expect(first.lasting).toBe(second.lasting)
    expect(checkRun([...ready, queued(12), held()]).lasting).not.toBe(first.lasting)
  })

  test('of a build that goes on under a hold says so, and of a build that is given up says nothing', () => {
    const building = [...ready, queued(12), planned('b1', [12]), held()]
    expect(checkRun(building).title).toBe('Testing')
    expect(checkRun([...building, concluded('b1', { verdict: 'never_started' })]).title).toBe(
      'Held: until the release is out',
    )
    expect(checkRun([...building, concluded('b1', { verdict: 'never_started' })]).summary).not.toContain('`b1`')
  })

  test('of a newer head than the blocked one says where the older is', () => {
    const { summary, actions } = checkRun([...conflict, followUpOpened(12), seen(12, { sha: newHead })])
    expect(summary.split('\n')[0]).toBe(`An earlier commit, ${headOf(12)}, is blocked: see #57.`)
    expect(actions).toEqual([])
  })
})

describe('the sticky comment', () => {
  test.each([
    ['waiting', without('review_approved')],
    ['queued', [...ready, queued(12)]],
    ['landed', [...ready, integrated(12)]],
  ])('is not written while %s', (_, events) => {
    expect(renderComment(explained(events))).toBeNull()
  })

  test('links the follow-up when blocked', () => {
    expect(renderComment(explained([...conflict, followUpOpened(12)]))).toMatchInlineSnapshot(`
      "<!-- mainkeeper:pull -->
      **Blocked** at b12b12b on the way to main: merge conflict in src/a.ts. What to do is in #57.

      ### Resume

      Any one of these, by somebody with write permission:

      - comment \`/resume\` on #12
      - add the label \`mainkeeper:resume\` to #57
      - press Resume on the check run"
    `)
  })

  test('carries the text where no issue can be made', () => {
    expect(renderComment(explained([...conflict, followUpFailed(12)]))).toContain('### Resume')
  })

  test('says how it went on once it is there', () => {
    const written = event('comment_written', { pull: 12, comment: 9, content: '0' })
    const body = renderComment(explained([...conflict, followUpOpened(12), written, queued(12, { resumed: true })]))
    expect(body).toBe(`${COMMENT_MARKER}\n**Queued**`)
    expect(renderComment(explained([...conflict, written, integrated(12)]))).toBe(
      `${COMMENT_MARKER}\n**Landed as e1e1e1e**`,
    )
  })
})

describe('the follow-up issue', () => {
  test('tells reason, candidate, evidence, diagnostics, next action, how to resume and the history', () => {
    expect(renderFollowUp(explained([...conflict, followUpOpened(12)]))).toMatchInlineSnapshot(`
      {
        "body": "<!-- mainkeeper:follow-up target=main pull=12 -->

      #12 can not land on \`main\` until somebody does something. Nothing else in the queue waits for it.

      ### Reason

      \`merge_conflict\`: merge conflict

      ### Candidate

      #12, branch \`topic-12\` at b12b12b12b12b12b12b12b12b12b12b12b12b12b, for \`main\`

      ### Evidence

      - \`src/a.ts\`

      ### Diagnostics

      - Merge conflict

      ### Next action

      Merge the target branch into this one, resolve the conflict and push. The new commit is queued by itself as soon as it is approved.

      ### Resume

      Any one of these, by somebody with write permission:

      - comment \`/resume\` here or on #12
      - add the label \`mainkeeper:resume\` to this issue
      - close this issue as completed
      - press Resume on the check run of #12

      ### History

      - 2026-01-05 12:00 UTC: \`merge_conflict\` at b12b12b: Merge conflict",
        "title": "Mainkeeper: #12 is blocked: merge conflict in src/a.ts",
      }
    `)
  })

  test('of failed checks links them', () => {
    const conflict_evidence = [{ kind: 'check' as const, text: 'test: failure', url: 'https://ci.example/7' }]
    const { title, body } = renderFollowUp(
      explained([
        ...ready,
        queued(12),
        blocked(12, { reason: 'checks_failed', conflict_evidence, diagnostics: ['test failed'] }),
      ]),
    )
    expect(title).toBe('Mainkeeper: #12 is blocked: test failed')
    expect(body).toContain('- [test: failure](https://ci.example/7)')
  })

  test('appends a line for each block, and asks for force after three', () => {
    const again = [queued(12, { resumed: true }), blocked(12)]
    const { body } = renderFollowUp(explained([...conflict, ...again, ...again]))
    expect(body.match(/`merge_conflict` at/g)).toHaveLength(3)
    expect(body).toContain('This commit was blocked 3 times for the same reason')
    expect(body).toContain('comment `/resume force` here or on #12')
  })

  test('says that a resume is remembered, and that a newer head is judged by itself', () => {
    const { body } = renderFollowUp(
      explained([...conflict, followUpOpened(12), resumeAsked, remembered, seen(12, { sha: newHead })]),
    )
    expect(body).toContain('A resume is remembered: it is queued as soon as it is ready.')
    expect(body).toContain(`A newer head, ${newHead}, is judged by itself: Waiting`)
  })

  test('says so when the work was taken up again, and when it landed', () => {
    const { title, body } = renderFollowUp(explained([...conflict, followUpOpened(12), queued(12, { resumed: true })]))
    expect([title, body.split('\n\n')[1]]).toEqual([
      'Mainkeeper: #12 was blocked and is taken up again',
      '#12 was blocked on `main` and is taken up again. Now: Queued',
    ])
    const over = [[integrated(12)], [seen(12, { state: 'closed' as const })]].map((end) =>
      renderFollowUp(explained([...conflict, ...end])),
    )
    expect(over.map(({ title, body }) => [title, body.split('\n\n')[1]])).toEqual([
      ['Mainkeeper: #12 was blocked: Landed as e1e1e1e', '#12 was blocked on `main`. Now: Landed as e1e1e1e'],
      ['Mainkeeper: #12 was blocked: Closed without landing', '#12 was blocked on `main`. Now: Closed without landing'],
    ])
    expect(renderFollowUpClosing(explained([...conflict, integrated(12)]))).toBe(
      `#12 landed on \`main\` as ${commit('e1')}.`,
    )
    expect(renderFollowUpClosing(explained([...conflict, seen(12, { state: 'closed' })]))).toBe(
      '#12: Closed without landing. Nothing is left to do here.',
    )
  })

  test('keeps within what GitHub takes, however much there is to say', () => {
    const long = '<'.repeat(2000)
    const conflict_evidence = Array.from({ length: 500 }, () => ({ kind: 'message' as const, text: long }))
    const events = [
      ...ready,
      ...Array.from({ length: 60 }, () => [
        queued(12, { resumed: true }),
        blocked(12, { conflict_evidence, diagnostics: Array.from({ length: 50 }, () => long) }),
      ]).flat(),
    ]
    expect(renderFollowUp(explained(events)).body.length).toBeLessThan(65_536)
    expect(checkRun(events).summary.length).toBeLessThan(65_536)
  })
})

describe('replies', () => {
  test('/why tells the headline, what is missing and the next step', () => {
    expect(reply.why(explained(without('review_approved', 'permission_observed')))).toMatchInlineSnapshot(`
      "**Waiting for 1 approval**

      - \`review_approved\` unmet: 1 approval of b12b12b missing

      Next: Have b12b12b approved."
    `)
  })

  test('/why of blocked work tells the reason, its evidence and where to read on', () => {
    expect(reply.why(explained([...conflict, followUpOpened(12), held()]))).toMatchInlineSnapshot(`
      "**Blocked: merge conflict in src/a.ts — see #​57**

      \`merge_conflict\` at b12b12b. What to do is in #57.

      - \`src/a.ts\`

      The branch is held by max: until the release is out

      Next: Merge the target branch into this one, resolve the conflict and push. The new commit is queued by itself as soon as it is approved."
    `)
  })

  test('C14 /help lists what can be asked for', () => {
    expect(reply.help()).toMatchInlineSnapshot(`
      "Commands, each at the start of a line:

      - \`/merge [commit] [priority=low|normal|high|0…100] [alone] [interrupt]\` declares the head finished; \`interrupt\` puts it in front of what is being built
      - \`/merge cancel\` takes that back
      - \`/why\` says why it is not landing
      - \`/resume [force]\` takes blocked work up again once it is ready
      - \`/retry\` builds a blocked commit again, now
      - \`/try [commit] [parent=last|commit]\` builds the head as if it landed, and lands nothing; \`/try cancel\` takes that back
      - \`/delegate [@user]\` gives the author, or whoever is named, the right over this pull request alone; \`/undelegate [@user]\` takes it back
      - \`/hold [reason] [except #12 #13]\` stops the target branch, \`/release\` lets it go on"
    `)
  })

  test('refusals are one sentence, with who may or what is wrong', () => {
    expect([
      reply.forbidden('merge', 'write'),
      reply.unknownCommand('retry'),
      reply.unknownPull(12),
      reply.notOpen(12),
      reply.otherHead('1a2b3c4', headOf(12)),
      reply.declared(headOf(12)),
    ]).toMatchInlineSnapshot(`
      [
        "\`/merge\` needs write permission on this repository.",
        "\`/retry\` is nothing that can be asked for here; see \`/help\`.",
        "Nothing is known of #12 on this branch yet.",
        "#12 is not open.",
        "\`1a2b3c4\` is not the head any more; that is b12b12b.",
        "b12b12b is declared finished, and lands once every requirement is met.",
      ]
    `)
  })

  test('C134 a resume that has to wait is told once what is missing', () => {
    const waiting = explained([...conflict, resumeAsked, remembered, seen(12, { draft: true })])
    expect(reply.resume({ pull: 12, result: 'remembered', reason: 'not_ready' }, waiting)).toMatchInlineSnapshot(`
      "Remembered: it is queued as soon as it is ready. Missing:

      - \`not_draft\` unmet: it is a draft"
    `)
    expect(reply.resume({ pull: 12, result: 'remembered', reason: 'ready' }, waiting)).toBeNull()
  })

  test('a resume that is refused or late is told why', () => {
    const three = explained([
      ...conflict,
      queued(12, { resumed: true }),
      blocked(12),
      queued(12, { resumed: true }),
      blocked(12),
    ])
    const inQueue = explained([...ready, queued(12)])
    expect([
      reply.resume({ pull: 12, result: 'refused', reason: 'permission' }, three),
      reply.resume({ pull: 12, result: 'refused', reason: 'not_open' }, null),
      reply.resume({ pull: 12, result: 'refused', reason: 'needs_force' }, three),
      reply.resume({ pull: 12, result: 'obsolete', reason: 'queued' }, inQueue),
      reply.resume({ pull: 12, result: 'obsolete', reason: 'not_blocked' }, explained([...ready, integrated(12)])),
    ]).toMatchInlineSnapshot(`
      [
        "\`/resume\` needs write permission on this repository.",
        "#12 is not open.",
        "This commit was blocked 3 times for the same reason (Merge conflict). \`/resume force\` tries it all the same.",
        "#12 is in the queue already, at place 1 of 1.",
        "#12 is not blocked: Landed as e1e1e1e.",
      ]
    `)
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
