/** What a candidate is told of where it stands, by its builds and by whom it waits for. */
import { expect, test } from 'vitest'
import type { NewEvent, PayloadOf } from '../../../src/core/events.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import { renderCheckRun } from '../../../src/core/render/check-run.ts'
import {
  check,
  commit,
  concluded,
  configWith,
  declared,
  event,
  planned,
  published,
  queued,
  readyFacts,
  seen,
  TIP,
  targetMoved,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const ALL = [11, 12, 13, 15]
const waiting = [
  ...readyFacts(11),
  ...ALL.slice(1).flatMap((pull) => readyFacts(pull).slice(3)),
  ...ALL.map((pull) => queued(pull)),
]

const failure = {
  context: 'test',
  app: 'ci',
  state: 'failed',
  conclusion: 'failure',
  url: 'https://ci.example/7',
} as const

const built = (build: string, pulls: readonly number[], rest: Partial<PayloadOf<'build_planned'>> = {}): NewEvent[] => [
  planned(build, pulls, rest),
  published(build, pulls, { sha: commit(`e${build.slice(1)}`) }),
]
const failed = (
  build: string,
  pulls: readonly number[],
  rest: Partial<PayloadOf<'build_planned'>> = {},
): NewEvent[] => [
  ...built(build, pulls, rest),
  check({ sha: commit(`e${build.slice(1)}`), branch: `mainkeeper/queue/main/${build}`, conclusion: 'failure' }),
  concluded(build, { verdict: 'failed', checks: [failure] }),
]

const green = (build: string) =>
  check({ sha: commit(`e${build.slice(1)}`), branch: `mainkeeper/queue/main/${build}`, run: 2 })

const alone = (pull: number): PayloadOf<'finalize_ready'> => ({ ...declared(pull).payload, alone: true })

function shown(pull: number, events: readonly NewEvent[]) {
  const view = viewOf([...waiting, ...events])
  const doc = view.pulls.get(pull)
  if (!doc) throw new Error(`no pull request ${pull}`)
  return renderCheckRun(explain(view, configWith(), doc))
}

const bad = failed('b1', [11, 12, 13, 15])
const refused = event('assembly_refused', {
  build: 'b1',
  pull: 12,
  reason: 'conflict_with_member',
  with: 11,
  files: ['src/a.ts'],
  message: 'merging conflicts',
})

const TITLES: [string, number, NewEvent[], string][] = [
  [
    'with whom it is tested: those of the shorter build',
    12,
    [...built('b1', [11, 12, 13]), ...built('b2', [11, 12])],
    'Testing with #11',
  ],
  [
    'that one of its build breaks a check, and with whom it is tested again',
    12,
    [...bad, ...built('b2', [11, 12])],
    'Set aside: one of #11, #12, #13 and #15 breaks test; tested again with #11',
  ],
  [
    'that it is tested again alone',
    11,
    [...bad, ...built('b2', [11])],
    'Set aside: one of #11, #12, #13 and #15 breaks test; tested again alone',
  ],
  [
    'that others of its failed build are tested first',
    13,
    [...bad, ...built('b2', [11, 12])],
    'Set aside: one of #11, #12, #13 and #15 breaks test; #11 and #12 are tested first',
  ],
  ['that it is under suspicion while nobody is tested', 13, bad, 'Set aside: one of #11, #12, #13 and #15 breaks test'],
  [
    'the smaller set of those that failed',
    11,
    [...bad, ...failed('b2', [11, 12])],
    'Set aside: one of #11 and #12 breaks test',
  ],
  [
    'that it is built once more before it is blamed',
    11,
    [...failed('b1', [11]), ...built('b2', [11], { purpose: 'confirm' })],
    'Confirming: test failed, and is tried once more',
  ],
  ['that its build passed', 11, [...built('b1', [11, 12]), green('b1'), concluded('b1')], 'Passed, about to land'],
  [
    'nothing of a failed build from which somebody left',
    13,
    [...bad, event('candidate_dequeued', { pull: 15, sha: commit('b15'), reason: 'closed' })],
    'Queued, 3rd',
  ],
  ['nothing of a failure whose check has passed since', 13, [...bad, green('b1')], 'Queued, 3rd'],
  ['nothing of a try', 13, failed('b1', [13], { purpose: 'try' }), 'Queued, 3rd'],
  [
    'nothing of a failure on an earlier tip',
    13,
    [...bad, targetMoved({ before: TIP, after: commit('d0') })],
    'Queued, 3rd',
  ],
  ['what has to land first', 12, [seen(12, { depends_on: [15] })], 'Queued: waits for #15 to land'],
  ['that its own build comes later', 12, [event('finalize_ready', alone(12))], 'Queued to be built alone, 2nd'],
  ['for whom it waits', 12, [...built('b1', [11, 12]), refused], 'Queued: waits for #11, both change the same lines'],
]

test.each(TITLES)('a candidate is told %s', (_, pull, events, title) => {
  expect(shown(pull, events).title).toBe(title)
})

test('the evidence of a failed set is linked', () => {
  expect(shown(13, bad).summary).toContain(
    'Build `b1` of #11, #12, #13 and #15 did not pass: [test: failure](https://ci.example/7).',
  )
})

test('of a check that did not end in time it is said so', () => {
  const late = { state: 'timed_out', conclusion: null } as const
  const events = [
    ...built('b1', [11, 12]),
    concluded('b1', { verdict: 'timed_out', checks: [{ ...failure, ...late }] }),
  ]
  expect(shown(12, events).title).toBe('Set aside: one of #11 and #12 keeps test from ending in time')
})

test('of many members a title names three', () => {
  const many = Array.from({ length: 9 }, (_, at) => 20 + at)
  const facts = many.flatMap((pull) => [...readyFacts(pull).slice(3), queued(pull)])
  expect(shown(20, [...facts, ...built('b1', many)]).title).toBe('Testing with #21, #22, #23 and 5 others')
})
