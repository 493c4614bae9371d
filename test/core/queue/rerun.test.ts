/** A failed build that is confirmed by its failed jobs run again on its very commit: when that is done, and what answers it. */
import { describe, expect, test } from 'vitest'
import type { NewEvent, PayloadOf } from '../../../src/core/events.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { judge } from '../../../src/core/queue/judgement.ts'
import { assemblePlanned, withdrawSpent } from '../../../src/core/queue/rules/builds/assembly.ts'
import { rerunOf } from '../../../src/core/queue/rules/builds/rerun.ts'
import { judgeBuilds, stillHolds } from '../../../src/core/queue/rules/builds/verdicts.ts'
import {
  BUILT,
  CI_APP,
  check,
  concluded,
  configWith,
  event,
  headOf,
  house,
  NOON,
  planned,
  protection,
  published,
  queued,
  readyFacts,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const REF = 'mainkeeper/queue/main/b1'
const requires = (...contexts: string[]) =>
  protection({ required: contexts.map((context) => ({ context, app_id: null })) })

/** A job of workflow run 77 on the commit of the build. */
const job = (
  run: number,
  context: string,
  conclusion: string | null,
  rest: Partial<PayloadOf<'check_reported'>> = {},
) =>
  check({
    sha: BUILT,
    branch: REF,
    context,
    app: 'github-actions',
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
    run,
    url: `https://github.com/acme/rocket/actions/runs/77/job/${run}`,
    ...rest,
  })

const result = (context: string, state: 'passed' | 'failed') =>
  ({ context, app: 'github-actions', state, conclusion: null, url: null, seconds: 60 }) as const
const failedChecks = [result('lint', 'passed'), result('test', 'failed')]
const look = (scope: 'pulls' | 'protection') =>
  event('lane_observed', { scope, pulls: [11], users: ['rob'], build: null, tip: null, observed_at: NOON })
const green = check({ sha: headOf(11), branch: 'topic-11', context: 'lint' })
const start = [
  ...house(),
  ...readyFacts(11),
  green,
  requires('lint', 'test'),
  look('pulls'),
  look('protection'),
  queued(11),
]
const lint = job(5, 'lint', 'success')
const test7 = job(7, 'test', 'failure')
const b1 = [planned('b1', [11]), published('b1', [11])]
const failed = [...b1, lint, test7, concluded('b1', { verdict: 'failed', checks: failedChecks })]

const JOB = { context: 'test', app_id: CI_APP, run: 7, workflow: 77 }
const RERUN = { build: 'b1', jobs: [JOB] }
const repeat = planned('b2', [11], { purpose: 'confirm', attempt: 2, rerun: RERUN })
const asked = published('b2', [11], { ref: `refs/heads/${REF}` })
const refused = event('rerun_refused', { build: 'b2', reason: 'permission', message: 'the App may not' })

const seenAfter = (...events: readonly NewEvent[]) => judge(viewOf([...start, ...events]), configWith())
const buildAfter = (build: string, ...events: readonly NewEvent[]) => {
  const seen = seenAfter(...events)
  const found = seen.lane.builds[build]
  if (!found) throw new Error(`no build ${build}`)
  return [seen, found] as const
}

describe('a confirmation', () => {
  const recorded = (...events: readonly NewEvent[]) => {
    const decision = decide(viewOf([...start, ...events]))
    if (decision.do !== 'record') throw new Error(JSON.stringify(decision))
    return decision.events.map(({ type, payload }) => [type, payload])
  }

  test('is planned as a re-run of the job that failed', () => {
    expect(recorded(...failed)).toEqual([
      ['build_planned', expect.objectContaining({ purpose: 'confirm', attempt: 2, rerun: RERUN })],
    ])
  })

  test('is planned as another commit where no job can run again, with the reason', () => {
    const gone = event('build_withdrawn', { build: 'b1' })
    expect(recorded(...failed, gone)).toEqual([
      ['build_planned', expect.not.objectContaining({ rerun: expect.anything() })],
      ['rerun_refused', { build: expect.any(String), reason: 'withdrawn', message: 'the ref of b1 is deleted' }],
    ])
  })
})

describe('what can run again', () => {
  const elsewhere = { app: 'other-ci', url: 'https://other.example/7' }
  const CASES: readonly [string, NewEvent[], object][] = [
    ['the failed job, where all else succeeded', [lint, test7], RERUN],
    [
      'a job that was cancelled with it',
      [job(5, 'lint', 'cancelled'), test7],
      { build: 'b1', jobs: [{ ...JOB, context: 'lint', run: 5 }, JOB] },
    ],
    ['nothing while a required check goes on', [job(5, 'lint', null), test7], { reason: 'unfinished' }],
    ['nothing while a required check is missing', [test7], { reason: 'unfinished' }],
    ['nothing where a required check was skipped', [job(5, 'lint', 'skipped'), test7], { reason: 'skipped' }],
    ['nothing where another CI failed', [lint, job(7, 'test', 'failure', elsewhere)], { reason: 'not_actions' }],
    [
      'nothing where another CI failed too, whatever has not ended',
      [job(5, 'lint', null), job(7, 'test', 'failure', elsewhere)],
      { reason: 'not_actions' },
    ],
    [
      'nothing where a status failed',
      [lint, job(7, 'test', 'failure', { app: null, app_id: null, branch: null })],
      { reason: 'not_actions' },
    ],
    [
      'nothing of a check run that names no workflow run',
      [lint, job(7, 'test', 'failure', { url: 'https://github.com/acme/rocket/runs/7' })],
      { reason: 'not_actions' },
    ],
  ]
  test.each(CASES)('is %s', (_, checks, expected) => {
    const [seen, build] = buildAfter(
      'b1',
      ...b1,
      ...checks,
      concluded('b1', { verdict: 'failed', checks: failedChecks }),
    )
    expect(rerunOf(seen, build)).toMatchObject(expected)
  })

  test('is nothing of what ran again before', () => {
    expect(rerunOf(...buildAfter('b1', ...failed, repeat, refused))).toMatchObject({ reason: 'withdrawn' })
  })
})

describe('the verdict of a re-run', () => {
  const verdictAfter = (...events: readonly NewEvent[]) => {
    const decision = judgeBuilds(seenAfter(...failed, repeat, asked, ...events))
    const first = decision?.do === 'record' ? decision.events[0].payload : null
    return first && 'verdict' in first ? first.verdict : null
  }

  test('is not given by what was there before, however late it comes', () => {
    expect(verdictAfter()).toBe(null)
    expect(verdictAfter(test7)).toBe(null)
    expect(verdictAfter(job(6, 'test', 'success'))).toBe(null)
  })

  test('waits for the newest attempt to end', () => {
    expect(verdictAfter(job(9, 'test', null))).toBe(null)
    expect(verdictAfter(job(9, 'test', 'success'), job(10, 'test', null))).toBe(null)
  })

  test('is that of the later run, with what passed before', () => {
    expect(verdictAfter(job(9, 'test', 'success'))).toBe('passed')
    expect(verdictAfter(job(9, 'test', 'failure'))).toBe('failed')
    expect(verdictAfter(job(9, 'test', 'success'), job(10, 'lint', 'failure'))).toBe('failed')
  })

  test('is not that of the same job on another branch', () => {
    expect(verdictAfter(job(9, 'test', 'success', { branch: 'topic-11' }))).toBe(null)
  })

  test('counts a status that had passed on that commit', () => {
    const status = check({ sha: BUILT, branch: null, context: 'docs', app: null, app_id: null, run: 3 })
    const decision = judgeBuilds(
      judge(
        viewOf([
          ...start,
          requires('test', 'docs'),
          ...b1,
          test7,
          status,
          concluded('b1', { verdict: 'failed', checks: failedChecks }),
          repeat,
          asked,
          job(9, 'test', 'success'),
        ]),
        configWith(),
      ),
    )
    expect(decision).toMatchObject({ do: 'record', events: [{ payload: { build: 'b2', verdict: 'passed' } }] })
  })
})

describe('the build that failed', () => {
  test('has failed still while its job runs again, and after', () => {
    for (const again of [job(9, 'test', null), job(9, 'test', 'success')])
      expect(stillHolds(...buildAfter('b1', ...failed, repeat, asked, again))).toBe(true)
    // By somebody else's hand it is another matter.
    expect(stillHolds(...buildAfter('b1', ...failed, job(9, 'test', 'success')))).toBe(false)
  })

  test('has not where what failed is not required any more', () => {
    expect(stillHolds(...buildAfter('b1', ...failed, repeat, asked, requires('lint')))).toBe(false)
  })

  test('keeps its ref as long as a job of it may run again or does', () => {
    const withdrawn = (...events: readonly NewEvent[]) => {
      const decision = withdrawSpent(seenAfter(...events))
      return decision?.do === 'perform' ? decision.effects.map((effect) => 'build' in effect && effect.build) : []
    }
    expect(withdrawn(...failed)).toEqual([])
    const early = concluded('b1', { verdict: 'failed', checks: failedChecks })
    expect(withdrawn(...b1, job(5, 'lint', null), test7, early)).toEqual([])
    expect(withdrawn(...b1, job(5, 'lint', 'skipped'), test7, early)).toEqual(['b1'])
    expect(withdrawn(...failed, repeat)).toEqual([])
    expect(withdrawn(...failed, repeat, refused)).toEqual(['b1'])
    expect(withdrawn(...failed, repeat, asked)).toEqual([])
    const again = [job(9, 'test', 'failure'), concluded('b2', { verdict: 'failed', checks: failedChecks })]
    expect(withdrawn(...failed, repeat, asked, ...again)).toEqual(['b1', 'b2'])
    const silent = [concluded('b2', { verdict: 'never_started' }), event('build_withdrawn', { build: 'b2' })]
    expect(withdrawn(...failed, repeat, asked, ...silent)).toEqual(['b1'])
    const left = event('candidate_dequeued', { pull: 11, sha: headOf(11), reason: 'closed' })
    expect(withdrawn(...failed, left)).toEqual(['b1'])
    expect(withdrawSpent(judge(viewOf([...start, ...failed]), configWith({ mode: 'paused' })))).not.toBe(null)
  })
})

test('the same act is asked for until it is answered, and then it is another one or none', () => {
  const wanted = (...events: readonly NewEvent[]) => {
    const decision = assemblePlanned(seenAfter(...failed, repeat, ...events))
    return decision?.do === 'perform' ? decision.effects : []
  }
  const notDone = event('effect_failed', {
    effect: 'rerun-jobs',
    subject: 'b2',
    failure: 'unclear',
    message: 'no answer in time',
    attempt: 1,
    retry_at: '2026-01-05T11:59:00Z',
  })
  expect(wanted()).toEqual([{ effect: 'rerun-jobs', build: 'b2' }])
  expect(wanted(notDone)).toEqual([{ effect: 'rerun-jobs', build: 'b2' }])
  expect(wanted(notDone, refused)).toEqual([{ effect: 'assemble-build', build: 'b2' }])
  expect(wanted(notDone, asked)).toEqual([])
  for (const answer of [refused, asked]) expect(seenAfter(...failed, repeat, notDone, answer).lane.failures).toEqual({})
})

test('a re-run that passed teaches of the job that ran again, and nothing of how long a build takes', () => {
  const before = seenAfter(...failed).lane.estimates
  const passed = concluded('b2', {
    concluded_at: '2026-01-05T12:05:00Z',
    checks: [result('lint', 'passed'), result('test', 'passed')],
  })
  const after = seenAfter(...failed, repeat, asked, job(9, 'test', 'success'), passed).lane.estimates
  expect(after.checks['test']?.flakes.yes).toBe(1)
  expect(after.builds.flakes.yes).toBe(1)
  expect(after.checks['lint']).toEqual(before.checks['lint'])
  expect(after.builds.takes).toEqual(before.builds.takes)
  expect(before.builds.takes.weight).toBe(0)
})
