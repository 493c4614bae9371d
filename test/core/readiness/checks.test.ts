import { expect, test } from 'vitest'
import { checkThing } from '../../../src/core/events/checks.ts'
import type { CheckResult } from '../../../src/core/events/shapes.ts'
import type { NewEvent } from '../../../src/core/events.ts'
import {
  type JudgeOptions,
  judgeChecks,
  OWN_CHECK,
  type RequiredContext,
  requiredContexts,
} from '../../../src/core/readiness/checks.ts'
import { CI_APP, check, configWith, headOf, protection } from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const TEST: RequiredContext = { context: 'test', app_id: null }
const status = (rest: Parameters<typeof check>[0] = {}) => check({ app: null, app_id: null, branch: null, ...rest })

function judge(
  events: NewEvent<'check_reported'>[],
  required = [TEST],
  options: Partial<JudgeOptions> = {},
): CheckResult[] {
  return judgeChecks(required, [...(viewOf(events).checks.get(headOf(12)) ?? [])], {
    neutral: 'passes',
    ownCheck: OWN_CHECK,
    ...options,
  })
}
const states = (...args: Parameters<typeof judge>) => judge(...args).map(({ state }) => state)

test.each([
  ['success', 'passed', 'passed'],
  ['neutral', 'passed', 'failed'],
  ['skipped', 'passed', 'failed'],
  ['cancelled', 'cancelled', 'cancelled'],
  ['failure', 'failed', 'failed'],
  ['timed_out', 'failed', 'failed'],
  ['action_required', 'failed', 'failed'],
  ['stale', 'failed', 'failed'],
  ['startup_failure', 'failed', 'failed'],
  ['error', 'failed', 'failed'],
  ['something_new', 'failed', 'failed'],
  [null, 'failed', 'failed'],
])('C37 the conclusion %s counts as %s, and as %s where neutral fails', (conclusion, passes, fails) => {
  expect(states([check({ conclusion })])).toEqual([passes])
  expect(states([check({ conclusion })], [TEST], { neutral: 'fails' })).toEqual([fails])
})

test.each(['queued', 'in_progress'] as const)('a run that is %s is pending', (status) => {
  expect(states([check({ status, conclusion: null })])).toEqual(['pending'])
})

test('what nobody reported is missing, under its own name', () => {
  expect(judge([])).toEqual([{ context: 'test', app: null, state: 'missing', conclusion: null, url: null }])
})

test('C42 our own check never counts, neither as required nor as evidence', () => {
  expect(judge([check({ context: OWN_CHECK, conclusion: 'failure' })], [{ context: OWN_CHECK, app_id: null }])).toEqual(
    [],
  )
  expect(states([check({ context: OWN_CHECK })], [{ context: '*', app_id: null }])).toEqual(['missing'])
})

test('the newest run of an app decides, in whichever order the reports came', () => {
  expect(states([check({ run: 2, conclusion: 'failure' }), check({ run: 1 })])).toEqual(['failed'])
  expect(states([check({ run: 1, conclusion: 'failure' }), check({ run: 2 })])).toEqual(['passed'])
  expect(states([check({ run: 2, status: 'queued', conclusion: null }), check({ run: 1 })])).toEqual(['pending'])
})

const at = (minute: number) => `2026-01-05T12:0${minute}:00Z`

test('C127 of one run, completed outranks running, and the later completion the earlier', () => {
  expect(states([check({ conclusion: 'failure' }), check({ status: 'in_progress', conclusion: null })])).toEqual([
    'failed',
  ])
  expect(states([check({ completed_at: at(2) }), check({ completed_at: at(1), conclusion: 'failure' })])).toEqual([
    'passed',
  ])
})

test('C127 one status context that went red, green, red is red', () => {
  const runs = ['failure', 'success', 'failure'].map((conclusion, run) => status({ conclusion, run }))
  expect(states(runs)).toEqual(['failed'])
  expect(states(runs.slice(0, 2))).toEqual(['passed'])
})

test('a pinned app must report itself: neither another app nor a status answers for it', () => {
  const pinned = [{ context: 'test', app_id: CI_APP }]
  expect(states([check({ app: 'other', app_id: 7 }), status()], pinned)).toEqual(['missing'])
  expect(states([check({ app: 'other', app_id: 7, conclusion: 'failure' }), check()], pinned)).toEqual(['passed'])
})

test('a check run and a status of one name both have to pass', () => {
  expect(states([check(), status({ conclusion: 'failure' })])).toEqual(['passed', 'failed'])
})

test('C65 for a build only runs of its own branch are evidence', () => {
  const branch = 'mainkeeper/queue/main/b1'
  expect(states([check({ branch: 'topic-12' }), check({ branch: null })], [TEST], { branch })).toEqual(['missing'])
  expect(
    states([check({ branch: 'topic-12', run: 9, conclusion: 'failure' }), check({ branch })], [TEST], { branch }),
  ).toEqual(['passed'])
})

test('of a head the check runs of a build that holds the same commit are no evidence, told with their branch or without', () => {
  const build = { branch: 'mainkeeper/queue/main/b1', run: 9, conclusion: 'failure' }
  const told = [check({ branch: 'topic-12', run: 8 }), check(build), check({ ...build, branch: null })]
  expect(states(told)).toEqual(['failed'])
  expect(states(told, [TEST], { head: true })).toEqual(['passed'])
  expect(states([check(build)], [TEST], { head: true })).toEqual(['missing'])
  // The ids of statuses are counted by themselves.
  expect(states([...told, status({ run: 9, conclusion: 'failure' })], [TEST], { head: true })).toEqual([
    'passed',
    'failed',
  ])
})

test('a check run that names no branch takes the place of no other; a status does of the one before it', () => {
  const thing = (rest: Parameters<typeof check>[0]) => checkThing(check(rest).payload)
  expect(thing({ branch: 'topic-12', run: 8 })).toBe(thing({ branch: 'topic-12', run: 9 }))
  expect(thing({ branch: null, run: 8 })).not.toBe(thing({ branch: null, run: 9 }))
  expect(checkThing(status({ run: 8 }).payload)).toBe(checkThing(status({ run: 9 }).payload))
})

test('for a build only statuses reported after the publish are evidence', () => {
  expect(states([status(), check({ context: 'x' })], [TEST], { branch: 'b', since: 1 })).toEqual(['missing'])
  expect(states([check({ context: 'x' }), status()], [TEST], { branch: 'b', since: 1 })).toEqual(['passed'])
})

test('a wildcard takes every check that it matches, and is missing while there is none', () => {
  const pattern = [{ context: 'unit (*)', app_id: null }]
  expect(
    states(
      [
        check({ context: 'unit (20)' }),
        check({ context: 'unit (24)', conclusion: 'failure' }),
        check({ context: 'lint', conclusion: 'failure' }),
      ],
      pattern,
    ),
  ).toEqual(['passed', 'failed'])
  expect(judge([check({ context: 'lint' })], pattern)).toMatchObject([{ context: 'unit (*)', state: 'missing' }])
})

test('a check that a name and a wildcard both ask for is told once', () => {
  expect(judge([check()], [TEST, { context: 't*', app_id: null }])).toHaveLength(1)
})

const required = (events: NewEvent[], listed: 'auto' | string[]) =>
  requiredContexts(viewOf(events).repository, 'main', configWith({ checks: { required: listed } }))

test('C43 required is the union of protection and configuration', () => {
  const rules = protection({
    required: [
      { context: 'test', app_id: CI_APP },
      { context: 'test', app_id: CI_APP },
      { context: 'lint', app_id: null },
    ],
  })
  expect(required([rules], 'auto')).toEqual([
    { context: 'test', app_id: CI_APP },
    { context: 'lint', app_id: null },
  ])
  expect(required([rules], ['test', 'unit *'])).toEqual([
    { context: 'test', app_id: CI_APP },
    { context: 'lint', app_id: null },
    { context: 'unit *', app_id: null },
  ])
  expect(required([], ['lint'])).toEqual([{ context: 'lint', app_id: null }])
})

test('C43 with nothing read and nothing listed it is unknown; with nothing demanded it is empty', () => {
  expect(required([], 'auto')).toBe('unknown')
  expect(required([protection({ branch: 'release/1' })], 'auto')).toBe('unknown')
  expect(required([protection({ required: [] })], 'auto')).toEqual([])
  expect(required([], [])).toEqual([])
})

test('C42 a protection that demands our own check alone demands nothing that proves', () => {
  expect(required([protection({ required: [{ context: OWN_CHECK, app_id: 1 }] })], [OWN_CHECK])).toEqual([])
})

test('how long a check ran is told where GitHub says when it began and ended, and it has ended', () => {
  const times = { started_at: '2026-01-05T12:00:00Z', completed_at: '2026-01-05T12:01:30Z' }
  const seconds = (rest: Parameters<typeof check>[0]) => judge([check(rest)])[0]?.seconds
  expect(seconds(times)).toBe(90)
  expect(seconds({ started_at: times.started_at })).toBeUndefined()
  expect(seconds({ ...times, status: 'in_progress', conclusion: null })).toBeUndefined()
  expect(seconds({ started_at: times.completed_at, completed_at: times.started_at })).toBeUndefined()
})
