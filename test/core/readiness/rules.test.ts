// oxlint-disable vitest/expect-expect -- given(…).as(…) asserts
/** What readiness makes of code owners, conversations, dependencies, stacks, rights, signatures and an open lane. */
import { describe, expect, test } from 'vitest'
import { dependsOn } from '../../../src/core/depends-on.ts'
import type { NewEvent } from '../../../src/core/events.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import {
  approved,
  commit,
  configWith,
  event,
  examined,
  headOf,
  held,
  integrated,
  permission,
  protection,
  pushed,
  queued,
  readyFacts,
  seen,
  targetMoved,
} from '../../support/facts.ts'
import { given, pr, viewOf } from '../../support/given.ts'

const ready = readyFacts(12)
const after = (...events: NewEvent[]) => given([...ready, ...events])
const looked = (...pulls: number[]) =>
  event('lane_observed', {
    scope: 'pulls',
    pulls,
    users: [],
    build: null,
    tip: null,
    observed_at: '2026-01-05T12:01:00Z',
  })
const rules = (...names: string[]) => protection({ rules: names })

describe('code owners', () => {
  const owned = { ready: { approvals: { code_owners: true } } }
  const web = { file: 'web/a.ts', owners: ['acme/web', 'sue'] }
  const team = (...members: string[]) => event('team_observed', { team: 'acme/web', members })
  const touching = (...owners: { file: string; owners: string[] }[]) => examined(12, { owners })

  test('C40 are asked for only where the configuration says so', () => {
    after(touching(web)).evaluates(pr(12)).as('ready')
  })

  test.each([
    ['nobody owns what it touches', [touching()]],
    ['the approver is the owner, in any case', [touching({ file: 'a', owners: ['ROB'] })]],
    ['the approver is one of several owners', [touching({ file: 'a', owners: ['ann', 'rob'] })]],
    ['the approver belongs to the team that owns it', [touching(web), team('Rob', 'ann')]],
  ])('C40 it is ready when %s', (_, events) => {
    after(...events)
      .configured(owned)
      .evaluates(pr(12))
      .as('ready')
  })

  test.each<[string, NewEvent[], string, string]>([
    ['another owns it', [touching({ file: 'a', owners: ['sue'] })], 'code_owners_missing', 'a needs @sue'],
    ['the owner is the author', [touching({ file: 'a', owners: ['ann'] })], 'code_owners_missing', 'a needs @ann'],
    [
      'of two files one owner is missing',
      [touching({ file: 'a', owners: ['rob'] }, { file: 'b', owners: ['x@y.example'] })],
      'code_owners_missing',
      'b needs x@y.example',
    ],
    [
      'nobody of the team approved',
      [touching(web), team('ann')],
      'code_owners_missing',
      'web/a.ts needs @acme/web, @sue',
    ],
    [
      'the team was not read',
      [touching(web)],
      'team_unknown',
      'who belongs to the owners of web/a.ts (@acme/web, @sue) is not known yet',
    ],
    [
      'the team can not be read',
      [touching(web), event('team_observed', { team: 'acme/web', members: null })],
      'team_unreadable',
      'who belongs to the owners of web/a.ts (@acme/web, @sue) can not be read: no such team, or the App lacks members: read',
    ],
    [
      'nobody worked them out',
      [examined(12)],
      'code_owners_unknown',
      'who owns the files that it touches could not be worked out',
    ],
  ])('C40 it is not ready when %s', (_, events, reason, words) => {
    after(...events)
      .configured(owned)
      .evaluates(pr(12))
      .as('not_ready', [reason])
      .saying(reason, words)
  })

  test('C40 an owner whose permission nobody asked for leaves it unknown', () => {
    after(approved(12, 'sue', { review_id: 200 }), touching({ file: 'a', owners: ['sue'] }))
      .configured(owned)
      .evaluates(pr(12))
      .as('not_ready', ['permission_unknown'])
  })

  test('C40 an owner who approved an older commit, or may not approve, does not count', () => {
    for (const events of [
      [permission('sue', 'read'), approved(12, 'sue', { review_id: 200 })],
      [permission('sue'), approved(12, 'sue', { review_id: 200, sha: headOf(13) })],
    ])
      after(...events, touching({ file: 'a', owners: ['sue'] }))
        .configured(owned)
        .evaluates(pr(12))
        .as('not_ready', ['code_owners_missing'])
  })
})

describe('conversations', () => {
  const open = examined(12, { threads_unresolved: 2 })

  test('C41 hold it up where a rule of the target demands it, or the configuration does, and nowhere else', () => {
    after(open).evaluates(pr(12)).as('ready')
    after(open, rules('required_conversation_resolution'))
      .evaluates(pr(12))
      .as('not_ready', ['conversations_open'])
      .saying('conversations_open', '2 conversations are not resolved')
    after(open)
      .configured({ ready: { conversations: 'resolved' } })
      .evaluates(pr(12))
      .as('not_ready', ['conversations_open'])
    after(rules('required_conversation_resolution')).evaluates(pr(12)).as('ready')
  })

  test('C41 one that was resolved makes it unknown until it is looked at again', () => {
    const touched = event('conversation_touched', { pull: 12, delivery: 'd-1' })
    const demanded = [open, rules('required_conversation_resolution'), touched]
    const unread = Array<string>(4).fill('head_not_examined')
    after(...demanded)
      .evaluates(pr(12))
      .as('not_ready', unread)
    after(...demanded, looked(12))
      .evaluates(pr(12))
      .as('not_ready', ['conversations_open'])
    after(...demanded, examined(12), looked(12))
      .evaluates(pr(12))
      .as('ready')
  })

  test('C44 how many are open, or what the target demands, is not known: then it is not ready', () => {
    const unread = examined(12, { threads_unresolved: null })
    after(unread, rules('required_conversation_resolution'))
      .evaluates(pr(12))
      .as('not_ready', ['conversations_unknown'])
    given([...ready.filter(({ type }) => type !== 'protection_observed'), open])
      .configured({ checks: { required: ['test'] } })
      .evaluates(pr(12))
      .as('not_ready', ['protection_unknown'])
  })
})

describe('an approval and another base', () => {
  test('C26 what was approved before the base was changed is not approved', () => {
    after(examined(12, { base_changed: '2026-01-05T12:00:00Z' }))
      .evaluates(pr(12))
      .as('not_ready', ['approvals_missing'])
      .saying('approvals_missing', '1 approval of b12b12b missing; rob approved it against another base')
    after(examined(12, { base_changed: '2026-01-05T11:59:59Z' }))
      .evaluates(pr(12))
      .as('ready')
  })

  test('C26 a base that changes makes it unknown until it is looked at again', () => {
    const there = seen(12, { base: 'next', updated_at: '2026-01-05T12:00:01Z' })
    const back = seen(12, { updated_at: '2026-01-05T12:00:02Z' })
    after(there, back).evaluates(pr(12)).as('not_ready', Array<string>(3).fill('head_not_examined'))
    after(there, back, looked(12)).evaluates(pr(12)).as('ready')
  })
})

describe('dependencies', () => {
  const needing = (...depends_on: number[]) => seen(12, { depends_on })

  test.each<[string, NewEvent[], string, string]>([
    ['open', [seen(13)], 'dependency_open', 'depends on #13, not landed yet'],
    ['closed', [seen(13, { state: 'closed' })], 'dependency_closed', 'depends on #13, closed without landing'],
    ['never heard of', [], 'dependency_unknown', 'depends on #13, not looked at yet'],
    ['none', [looked(13)], 'dependency_none', 'depends on #13, which is no pull request here'],
  ])('one that is %s holds it up', (_, events, reason, words) => {
    after(needing(13), ...events)
      .evaluates(pr(12))
      .as('not_ready', [reason])
      .saying(reason, words)
  })

  test('one that landed, or was merged by another hand, on whichever target, holds nothing up', () => {
    after(needing(13), seen(13, { state: 'merged', base: 'next' }))
      .evaluates(pr(12))
      .as('ready')
    after(needing(13), seen(13), integrated(13)).evaluates(pr(12)).as('ready')
    after(needing(12)).evaluates(pr(12)).as('ready')
  })

  test('one that is in the same queue holds nothing up, as long as it is there at its head', () => {
    const both = [needing(13), seen(13), queued(13)]
    const { readiness } = after(...both)
      .evaluates(pr(12))
      .as('ready')
    expect(readiness.requirements.find(({ code }) => code === 'dependencies_landed')?.words).toBe(
      'queued to land before it: #13',
    )
    for (const gone of [
      seen(13, { sha: commit('d1') }),
      event('candidate_dequeued', { pull: 13, sha: headOf(13), reason: 'gone' }),
    ])
      after(...both, gone)
        .evaluates(pr(12))
        .as('not_ready', ['dependency_open'])
  })

  test.each([
    ['Depends on #12', [12]],
    ['Text before\n\ndepends-on: #13, #12 and #12\nDepends on #14', [12, 13, 14]],
    ['- Depends on #12', [12]],
    ['Depends on #12, which is hard; see #99', [12]],
    ['It depends on #12', []],
    ['`Depends on #12`\n> Depends on #13\n<!-- Depends on #14 -->', []],
    ['Depends on #0 #12a', []],
    ['Depends on acme/other#12', []],
    ['```\nDepends on #12\n```\nDepends on #13', [13]],
    ['~~~\nDepends on #12', []],
    ['<!--\nDepends on #12\n-->', []],
    ['- [ ] Depends on #12', [12]],
    [null, []],
  ])('are read from plain lines of the description: %j', (text, numbers) => {
    expect(dependsOn(text)).toEqual(numbers)
  })
})

describe('stacked pull requests', () => {
  const upper = [seen(13, { base: 'topic-12' }), pushed(13)]

  test('wait for the one whose branch is their base, and say so', () => {
    const { readiness } = after(...upper).evaluates(pr(13))
    expect(readiness.requirements.find(({ code }) => code === 'targets_lane')).toMatchObject({
      status: 'unmet',
      reason: 'stacked',
      words: 'stacked on #12: once that landed, main becomes its base',
      evidence: [{ kind: 'pull_request', text: '#12' }],
    })
  })

  test('are none where the branch is of a fork, or of a pull request that was closed', () => {
    for (const lower of [seen(12, { remote: 'eve/rocket' }), seen(12, { state: 'closed' })]) {
      const { readiness } = after(...upper, lower).evaluates(pr(13))
      expect(readiness.requirements.map(({ reason }) => reason)).toContain('other_base')
    }
  })
})

describe('what the App may do, and signatures', () => {
  test.each<[string, NewEvent, readonly string[]]>([
    [
      'it touches workflows and the App may not',
      examined(12, { workflow_files: 'yes', may_write_workflows: 'no' }),
      ['workflows_forbidden'],
    ],
    [
      'it touches workflows and nobody knows whether the App may',
      examined(12, { workflow_files: 'yes', may_write_workflows: 'unknown' }),
      ['rights_unknown'],
    ],
    [
      'whether it touches workflows is not known',
      examined(12, { workflow_files: 'unknown', may_write_workflows: 'no' }),
      ['files_unknown'],
    ],
    ['it touches workflows and the App may', examined(12, { workflow_files: 'yes' }), []],
  ])('%s', (_, look, reasons) => {
    after(look)
      .evaluates(pr(12))
      .as(reasons.length === 0 ? 'ready' : 'not_ready', reasons)
  })

  const unsigned = (count: number | null) => after(examined(12, { unsigned: count }), rules('required_signatures'))

  test('commits without a signature hold it up where the target demands them and they would land', () => {
    unsigned(1)
      .evaluates(pr(12))
      .as('not_ready', ['unsigned_commits'])
      .saying('unsigned_commits', '1 commit has no valid signature, and main demands one')
    unsigned(null).evaluates(pr(12)).as('not_ready', ['signatures_unknown'])
    unsigned(0).evaluates(pr(12)).as('ready')
    unsigned(1)
      .configured({ land: { method: 'squash' } })
      .evaluates(pr(12))
      .as('ready')
    unsigned(1)
      .configured({ land: { method: 'fast-forward' } })
      .evaluates(pr(12))
      .as('not_ready', ['unsigned_commits'])
    after(examined(12, { unsigned: 1 }))
      .evaluates(pr(12))
      .as('ready')
  })
})

describe('an open lane', () => {
  const night = { windows: [{ opens: '0 22 * * *', closes: '0 6 * * *', zone: 'Europe/Berlin' }] }

  test('C52 is told among the requirements, and makes nobody less ready', () => {
    after(held())
      .evaluates(pr(12))
      .as('ready', ['held'])
      .saying('held', 'main is held by max: until the release is out')
    after(held({ allow: [12] }))
      .evaluates(pr(12))
      .as('ready')
    after().configured({ mode: 'paused' }).evaluates(pr(12)).as('ready', ['paused'])
    after(targetMoved({ after: headOf(1) }))
      .evaluates(pr(12))
      .as('ready', ['target_unsettled'])
    after()
      .configured(night)
      .evaluates(pr(12))
      .as('ready', ['window_closed'])
      .saying('window_closed', 'no merge window is open; the next opens on Mon 5 Jan 2026 at 22:00 (Europe/Berlin)')
  })

  test('C52 between two windows a pull request is held, and nobody is asked to do anything', () => {
    const view = viewOf(ready)
    const pull = view.pulls.get(12)
    if (!pull) throw new Error('not seen')
    const told = explain(view, configWith(night), pull)
    expect([told.status, told.headline, told.next_action]).toEqual([
      'held',
      'Held: no merge window is open; the next opens on Mon 5 Jan 2026 at 22:00 (Europe/Berlin)',
      null,
    ])
  })
})
