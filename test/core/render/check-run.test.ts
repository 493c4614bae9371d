/** The check run `mainkeeper` as people read it. */
import { describe, expect, test } from 'vitest'
import type { PayloadOf } from '../../../src/core/events.ts'
import {
  approved,
  commit,
  concluded,
  event,
  followUpFailed,
  followUpOpened,
  headOf,
  held,
  integrated,
  planned,
  published,
  queued,
  seen,
} from '../../support/facts.ts'
import { checkRun, conflict, newHead, others, ready, without } from './explained.ts'

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
