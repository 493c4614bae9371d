/**
 * Every state that people see of a pull request, as its check run and its sticky comment say it. The table of requirements is
 * left out here: `check-run.test.ts` has it.
 */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import type { Standing } from '../../../src/core/queue/standing.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import type { ExplainedStatus } from '../../../src/core/readiness/explanation.ts'
import { unheardOf } from '../../../src/core/readiness/pull-request.ts'
import { renderCheckRun } from '../../../src/core/render/check-run.ts'
import { renderComment } from '../../../src/core/render/comment.ts'
import {
  blocked,
  check,
  commit,
  concluded,
  configWith,
  event,
  followUpFailed,
  followUpOpened,
  headOf,
  held,
  integrated,
  landing,
  planned,
  published,
  queued,
  readyFacts,
  seen,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const ready = readyFacts(12)
const others = [11, 13].flatMap((pull) => readyFacts(pull).slice(3))
const all = [...ready, ...others, queued(11), queued(12), queued(13)]

const shaOf = (build: string) => commit(`e${build.slice(1)}`)
const built = (
  build: string,
  pulls: readonly number[],
  purpose: 'land' | 'isolate' | 'confirm' = 'land',
): NewEvent[] => [planned(build, pulls, { purpose }), published(build, pulls, { sha: shaOf(build) })]
const ended = (build: string, pulls: readonly number[], conclusion: 'success' | 'failure'): NewEvent[] => {
  const state = conclusion === 'success' ? 'passed' : 'failed'
  const result = { context: 'test', app: 'ci', state, conclusion, url: 'https://ci.example/7' } as const
  return [
    ...built(build, pulls),
    check({ sha: shaOf(build), branch: `mainkeeper/queue/main/${build}`, conclusion }),
    concluded(build, { verdict: state, checks: [result], concluded_at: '2026-01-05T12:10:00Z' }),
  ]
}
/** Three builds of ten minutes, which tell how long one takes. */
const measured = ['b7', 'b8', 'b9'].flatMap((build) => [
  ...built(build, [11]),
  ...ended(build, [11], 'success').slice(2),
])
const refused = event('assembly_refused', {
  build: 'b1',
  pull: 12,
  reason: 'conflict_with_member',
  with: 11,
  files: ['src/a.ts'],
  message: 'merging conflicts',
})
const failed = blocked(12, {
  reason: 'checks_failed',
  conflict_evidence: [{ kind: 'check', text: 'test: failure', url: 'https://ci.example/7' }],
  diagnostics: ['test failed on the merge of #12 into main'],
})
const left = event('candidate_dequeued', { pull: 12, sha: headOf(12), reason: 'cancelled' })

type State =
  | Exclude<ExplainedStatus, 'queued' | 'testing'>
  | `${'queued' | 'testing'}: ${string}`
  | 'blocked, no issue can be made'

/** A state of the lane's own and a standing in the queue has no name here unless somebody shows it. */
const STATES: Readonly<
  Record<Exclude<ExplainedStatus, 'queued' | 'testing'> | Standing['code'], [State, readonly NewEvent[]]>
> = {
  waiting: ['waiting', ready.filter(({ type }) => type !== 'review_approved')],
  ready: ['ready', ready],
  held: ['held', [...all, held()]],
  waits_its_turn: ['queued: waits_its_turn', [...ready, ...others, queued(11), ...measured, queued(13), queued(12)]],
  waits_to_be_alone: ['queued: waits_to_be_alone', [...ready, queued(12, { alone: true })]],
  waits_for_conflict: [
    'queued: waits_for_conflict',
    [...all, ...built('b1', [11, 12]), refused, concluded('b1', { verdict: 'obsolete' })],
  ],
  waits_for_dependency: ['queued: waits_for_dependency', [...all, seen(12, { depends_on: [13] })]],
  testing: ['testing: testing', [...all, ...built('b1', [11, 12, 13])]],
  set_aside: [
    'testing: set_aside',
    [...all, ...ended('b1', [11, 12, 13], 'failure'), ...built('b2', [11, 12], 'isolate')],
  ],
  confirming: [
    'testing: confirming',
    [...ready, queued(12), ...ended('b1', [12], 'failure'), ...built('b2', [12], 'confirm')],
  ],
  passed: ['testing: passed', [...all, ...ended('b1', [11, 12], 'success')]],
  landing: ['landing', [...ready, queued(12), ...ended('b1', [12], 'success'), landing('b1')]],
  blocked: ['blocked', [...ready, queued(12), failed, followUpOpened(12)]],
  landed: ['landed', [...ready, integrated(12), seen(12, { state: 'merged' })]],
  left: ['left', [...ready, queued(12), left]],
  closed: ['closed', [...ready, seen(12, { state: 'closed' })]],
}

const CASES = [
  ...Object.values(STATES),
  ['blocked, no issue can be made', [...ready, queued(12), failed, followUpFailed(12)]] as const,
]

function explained(events: readonly NewEvent[]) {
  const view = viewOf(events)
  return explain(view, configWith(), view.pulls.get(12) ?? unheardOf(12))
}

test.each(CASES)('%s is that state', (name, events) => {
  const { status, queue } = explained(events)
  const inQueue = status === 'queued' || status === 'testing'
  expect(name.split(', ')[0]).toBe(inQueue ? `${status}: ${queue?.standing.code}` : status)
})

test('the check run of every state', () => {
  const shown = CASES.map(([name, events]) => {
    const { status, conclusion, title, summary } = renderCheckRun(explained(events))
    const short = summary.replace(/\| \| Requirement[^]*?(?=\n\n|$)/, '(requirements)')
    return `=== ${name}: ${conclusion ?? status}\n${title}\n\n${short}`
  })
  expect(shown.join('\n\n')).toMatchInlineSnapshot(`
    "=== waiting: neutral
    Waiting for 1 approval

    (requirements)

    **Next:** Have b12b12b approved.

    === ready: in_progress
    Ready, about to be queued

    (requirements)

    === held: in_progress
    Held: until the release is out

    Place 2 in the queue.

    \`main\` is held by max since 2026-01-05T12:00:00Z: until the release is out

    (requirements)

    **Next:** A maintainer releases the branch with /release.

    === queued: waits_its_turn: in_progress
    Queued, 3rd; 10–25 min

    Place 3 in the queue.

    (requirements)

    === queued: waits_to_be_alone: in_progress
    Queued to be built alone, 1st

    Place 1 in the queue (alone).

    (requirements)

    === queued: waits_for_conflict: in_progress
    Queued: waits for #11, both change the same lines

    Place 2 in the queue.

    (requirements)

    === queued: waits_for_dependency: in_progress
    Queued: waits for #13 to land

    Place 2 in the queue.

    (requirements)

    === testing: testing: in_progress
    Testing with #11 and #13

    Place 2 in the queue.

    Build \`b1\`: CI proves e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1 on c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0.

    (requirements)

    === testing: set_aside: in_progress
    Set aside: one of #11, #12 and #13 breaks test; tested again with #11

    Place 2 in the queue.

    Build \`b1\` of #11, #12 and #13 did not pass: [test: failure](https://ci.example/7).

    Build \`b2\`: CI proves e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2 on c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0.

    (requirements)

    === testing: confirming: in_progress
    Confirming: test failed, and is tried once more

    Place 1 in the queue.

    Build \`b1\` of #12 did not pass: [test: failure](https://ci.example/7).

    Build \`b2\`: CI proves e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2 on c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0.

    (requirements)

    === testing: passed: in_progress
    Passed, about to land

    Place 2 in the queue.

    Build \`b1\`: CI passed e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1 on c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0.

    (requirements)

    === landing: in_progress
    Landing

    Place 1 in the queue.

    Build \`b1\`: CI passed e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1 on c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0.

    (requirements)

    === blocked: action_required
    Blocked: test failed on the merge of #12 into main — see #57

    ### Reason

    \`checks_failed\`: a required check failed

    ### Candidate

    #12, branch \`topic-12\` at b12b12b12b12b12b12b12b12b12b12b12b12b12b, for \`main\`

    ### Evidence

    - [test: failure](https://ci.example/7)

    ### Diagnostics

    - test failed on the merge of #​12 into main

    ### Next action

    Fix what the checks found and push; the new commit is queued by itself as soon as it is approved. If they failed by chance, re-run them: once green, the work is taken up again.

    ### Resume

    Any one of these, by somebody with write permission:

    - comment \`/resume\` on #12
    - add the label \`mainkeeper:resume\` to #57
    - press Resume on the check run

    (requirements)

    === landed: success
    Landed as e1e1e1e

    b12b12b12b12b12b12b12b12b12b12b12b12b12b landed on \`main\` as e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1.

    === left: neutral
    Out of the queue: cancelled

    (requirements)

    **Next:** Comment /merge to queue it again.

    === closed: neutral
    Closed without landing



    === blocked, no issue can be made: action_required
    Blocked: test failed on the merge of #12 into main

    The follow-up issue could not be opened (Issues are disabled for this repo), so this is its text. It is tried again.

    ### Reason

    \`checks_failed\`: a required check failed

    ### Candidate

    #12, branch \`topic-12\` at b12b12b12b12b12b12b12b12b12b12b12b12b12b, for \`main\`

    ### Evidence

    - [test: failure](https://ci.example/7)

    ### Diagnostics

    - test failed on the merge of #​12 into main

    ### Next action

    Fix what the checks found and push; the new commit is queued by itself as soon as it is approved. If they failed by chance, re-run them: once green, the work is taken up again.

    ### Resume

    Any one of these, by somebody with write permission:

    - comment \`/resume\` on #12
    - press Resume on the check run

    (requirements)"
  `)
})

test('the sticky comment of every state, once it is there', () => {
  const written = event('comment_written', { pull: 12, comment: 9, content: '0' })
  const shown = CASES.map(
    ([name, events]) =>
      `=== ${name}\n${renderComment(explained([...events, written]))
        ?.split('\n')
        .slice(1)
        .join('\n')}`,
  )
  expect(shown.join('\n\n')).toMatchInlineSnapshot(`
    "=== waiting
    **Waiting for 1 approval**

    === ready
    **Ready, about to be queued**

    === held
    **Held: until the release is out**

    === queued: waits_its_turn
    **Queued**

    === queued: waits_to_be_alone
    **Queued to be built alone**

    === queued: waits_for_conflict
    **Queued: waits for #​11, both change the same lines**

    === queued: waits_for_dependency
    **Queued: waits for #​13 to land**

    === testing: testing
    **Testing with #​11 and #​13**

    === testing: set_aside
    **Set aside: one of #​11, #​12 and #​13 breaks test; tested again with #​11**

    === testing: confirming
    **Confirming: test failed, and is tried once more**

    === testing: passed
    **Passed, about to land**

    === landing
    **Landing**

    === blocked
    **Blocked** at b12b12b on the way to main: test failed on the merge of #​12 into main. What to do is in #57.

    ### Resume

    Any one of these, by somebody with write permission:

    - comment \`/resume\` on #12
    - add the label \`mainkeeper:resume\` to #57
    - press Resume on the check run

    === landed
    **Landed as e1e1e1e**

    === left
    **Out of the queue: cancelled**

    === closed
    **Closed without landing**

    === blocked, no issue can be made
    **Blocked** at b12b12b on the way to main: test failed on the merge of #​12 into main.

    The follow-up issue could not be opened (Issues are disabled for this repo), so this is its text. It is tried again.

    ### Reason

    \`checks_failed\`: a required check failed

    ### Candidate

    #12, branch \`topic-12\` at b12b12b12b12b12b12b12b12b12b12b12b12b12b, for \`main\`

    ### Evidence

    - [test: failure](https://ci.example/7)

    ### Diagnostics

    - test failed on the merge of #​12 into main

    ### Next action

    Fix what the checks found and push; the new commit is queued by itself as soon as it is approved. If they failed by chance, re-run them: once green, the work is taken up again.

    ### Resume

    Any one of these, by somebody with write permission:

    - comment \`/resume\` on #12
    - press Resume on the check run"
  `)
})

test('without having been written before there is a comment where something is blocked, and nowhere else', () => {
  const there = CASES.filter(([, events]) => renderComment(explained(events)) !== null).map(([name]) => name)
  expect(there).toEqual(['blocked', 'blocked, no issue can be made'])
})
