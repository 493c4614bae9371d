/** Which effects one request does together. */
import { expect, test } from 'vitest'
import type { Effect } from '../../src/core/queue/effect.ts'
import { emptyLane, type Failed, type Lane } from '../../src/core/queue/lane.ts'
import { CHECK_RUNS_AT_ONCE, stepsOf } from '../../src/core/queue/steps.ts'
import { headOf } from '../support/facts.ts'

const show = (pull: number): Effect => ({
  effect: 'show-check-run',
  pull,
  sha: headOf(pull),
  content: 'new',
  check_run: { status: 'in_progress', conclusion: null, title: 'Queued', summary: 'Why', actions: [] },
})

/** A check run stands on the head of each of them. */
const laneOf = (pulls: readonly number[], failures: Lane['failures'] = {}): Lane => ({
  ...emptyLane('acme/rocket', 'main'),
  surfaces: Object.fromEntries(pulls.map((pull) => [pull, { comment: null, check_run: standing(pull) }])),
  failures,
})
const standing = (pull: number, node: string | null = `CR_${pull}`) => ({
  id: pull,
  node,
  sha: headOf(pull),
  content: 'old',
  written_at: '2026-01-05T12:00:00Z',
})
const failed = (failure: Failed['failure']): Failed => ({ failure, message: 'no', attempt: 1, retry_at: 0 })

const pullsOf = (effects: readonly Effect[], lane: Lane) =>
  stepsOf(effects, lane).map((step) => step.map((one) => ('pull' in one ? one.pull : one.effect)))

test('check runs that stand there go together, no more than one document holds', () => {
  const pulls = Array.from({ length: CHECK_RUNS_AT_ONCE + 2 }, (_, at) => 10 + at)
  expect(pullsOf(pulls.map(show), laneOf(pulls))).toEqual([
    pulls.slice(0, CHECK_RUNS_AT_ONCE),
    pulls.slice(CHECK_RUNS_AT_ONCE),
  ])
})

test('whatever else is done in between keeps its place', () => {
  const effects = [show(12), show(13), { effect: 'observe-protection' } as const, show(14), show(15)]
  expect(pullsOf(effects, laneOf([12, 13, 14, 15]))).toEqual([[12, 13], ['observe-protection'], [14, 15]])
})

test('what is still to be made, stands on an older head, or has a name that is not known is done by itself', () => {
  const lane = laneOf([12, 13, 14, 15])
  const surfaces: Lane['surfaces'] = {
    ...lane.surfaces,
    13: { comment: null, check_run: { ...standing(13), sha: headOf(99) } },
    14: { comment: null, check_run: standing(14, null) },
  }
  const effects = [12, 13, 14, 15, 16].map(show)
  expect(pullsOf(effects, { ...lane, surfaces })).toEqual([[12], [13], [14], [15], [16]])
})

test.each([
  ['limited', true],
  ['unavailable', true],
  ['unclear', false],
  ['refused', false],
  ['forbidden', false],
  ['gone', false],
] as const)('after it was %s it goes with others: %s', (failure, together) => {
  const lane = laneOf([12, 13, 14], { 'show-check-run:14': failed(failure) })
  expect(pullsOf([12, 13, 14].map(show), lane)).toEqual(together ? [[12, 13, 14]] : [[12, 13], [14]])
})
