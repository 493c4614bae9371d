/** The follow-up issue, from its opening to its closing words. */
import { describe, expect, test } from 'vitest'
import { renderFollowUp, renderFollowUpClosing } from '../../../src/core/render/follow-up.ts'
import { blocked, commit, followUpOpened, integrated, queued, seen } from '../../support/facts.ts'
import { checkRun, conflict, explained, newHead, ready, remembered, resumeAsked } from './explained.ts'

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
