/** What a lane learns from its log, and how people are shown it. */
import { describe, expect, test } from 'vitest'
import { renderExplained } from '../../../src/cli/words/explained.ts'
import { learnedLines } from '../../../src/cli/words/learned.ts'
import type { NewEvent, PayloadOf } from '../../../src/core/events.ts'
import { learnedOf } from '../../../src/core/queue/estimates/shown.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import { unheardOf } from '../../../src/core/readiness/pull-request.ts'
import { renderCheckRun } from '../../../src/core/render/check-run.ts'
import {
  blocked,
  check,
  commit,
  concluded,
  configWith,
  event,
  headOf,
  integrated,
  NOON,
  planned,
  published,
  queued,
  readyFacts,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const ready = readyFacts(12)
const result = (state: 'passed' | 'failed'): PayloadOf<'build_concluded'>['checks'][number] => ({
  context: 'test',
  app: 'ci',
  state,
  conclusion: state === 'passed' ? 'success' : 'failure',
  url: null,
  seconds: 300,
})

/** A build of ten minutes; two of one tree are the same commit anew. */
const built = (
  build: string,
  tree: string,
  state: 'passed' | 'failed',
  purpose: 'land' | 'confirm' = 'land',
): NewEvent[] => [
  planned(build, [12], { purpose }),
  published(build, [12], { tree: commit(tree), sha: commit(`e${build.slice(1)}`) }),
  concluded(build, { verdict: state, checks: [result(state)], concluded_at: '2026-01-05T12:10:00Z' }),
]

const flaked = [...built('b1', 'f1', 'failed'), ...built('b2', 'f1', 'passed', 'confirm')]
const estimates = (events: readonly NewEvent[]) => viewOf([...ready, queued(12), ...events]).lane.estimates

describe('a lane learns', () => {
  test('that a check failed by chance from a tree that failed and passed, and nothing of two trees', () => {
    const shown = (events: readonly NewEvent[]) => learnedOf(estimates(events)).checks
    expect(shown(flaked)).toMatchObject([{ context: 'test', flaked: 1, runs: 2 }])
    expect(shown([...built('b1', 'f1', 'failed'), ...built('b2', 'f2', 'passed')])).toMatchObject([{ flaked: 0 }])
  })

  test('how long builds take and how long each check ran', () => {
    const { takes, checks } = learnedOf(estimates([...flaked, ...built('b3', 'f3', 'passed')]))
    expect(takes?.median).toBeCloseTo(600)
    expect(checks[0]?.takes?.median).toBeCloseTo(300)
  })

  test('apart how those fare whose own checks were red before, whatever came of these since', () => {
    const red = check({ conclusion: 'failure' })
    const green = check({ run: 2 })
    const landed = integrated(12, { observed_at: NOON })
    const broke = blocked(12, { reason: 'checks_failed' })
    const { bad } = estimates([red, green, broke])
    expect(bad.red.yes).toBe(1)
    expect(bad.green.yes).toBe(0)
    expect(estimates([red, green, landed]).bad.red.no).toBe(1)
    expect(estimates([green, landed]).bad.green.no).toBe(1)
  })

  test('nothing of a head by checks of its build, by our own check and by a cancellation', () => {
    const not = [
      check({ branch: 'mainkeeper/queue/main/b1', conclusion: 'failure' }),
      check({ context: 'mainkeeper', conclusion: 'failure' }),
      check({ conclusion: 'cancelled' }),
    ]
    expect(viewOf(not).lane.red).toEqual([])
    expect(viewOf([...not, check({ conclusion: 'timed_out' })]).lane.red).toEqual([headOf(12)])
  })

  test('of red heads no more than two hundred are remembered, the last ones', () => {
    const many = Array.from({ length: 210 }, (_, at) =>
      check({ sha: at.toString(16).padStart(40, '0'), conclusion: 'failure' }),
    )
    const { red } = viewOf(many).lane
    expect([red.length, red.at(-1)]).toEqual([200, (209).toString(16).padStart(40, '0')])
  })
})

test('a failed build names the checks that failed by chance before', () => {
  const failed = check({ sha: commit('e3'), branch: 'mainkeeper/queue/main/b3', conclusion: 'failure' })
  const view = viewOf([...ready, queued(12), ...flaked, failed, ...built('b3', 'f3', 'failed')])
  const { summary, title } = renderCheckRun(explain(view, configWith(), view.pulls.get(12) ?? unheardOf(12)))
  expect(title).toBe('Confirming: test failed, and is tried once more')
  expect(summary).toContain('Build `b3` of #12 did not pass: test: failure. `test` failed by chance in 1 of 2 runs.')
})

test('explain tells in which range of time it lands, and which checks fail by chance', () => {
  const left = event('candidate_dequeued', { pull: 12, sha: headOf(12), reason: 'cancelled' })
  const view = viewOf([...ready, queued(12), ...flaked, ...built('b3', 'f3', 'passed'), left, queued(12)])
  const explanation = explain(view, configWith(), view.pulls.get(12) ?? unheardOf(12))
  const about = { now: view.now, repository: 'acme/rocket', pull: 12, title: null, target: 'main' }
  const text = renderExplained({ ...about, explanation, silent: null, proof: null, builds: [], history: [] })
  expect(text).toContain('Place 1 of 1 in the queue; lands in 10–17 min')
  expect(text).toContain('On this branch test failed by chance in 1 of 3 runs')
})

test('status tells p, f and V with their bounds, and each check', () => {
  const unseen = learnedLines(learnedOf(viewOf([]).lane.estimates))
  expect(unseen.join('\n')).toMatchInlineSnapshot(`
    "  learned
        a change breaks the build      5.0 % (likely under 10.6 %)
        one whose own checks were red  20.0 % (likely under 37.8 %)
        a good build fails             1.0 % (likely under 2.1 %)
        a build takes                  not known before three were measured"
  `)
  expect(
    learnedLines(learnedOf(estimates([...flaked, ...built('b3', 'f3', 'passed')]))).join('\n'),
  ).toMatchInlineSnapshot(`
    "  learned
        a change breaks the build      5.0 % (likely under 10.6 %)
        one whose own checks were red  20.0 % (likely under 37.8 %)
        a good build fails             2.8 % (likely under 5.0 %)
        a build takes                  about 10 min
      checks
        test  failed by chance in 1 of 3 runs: 2.8 % (likely under 5.0 %)  about 5 min"
  `)
})
