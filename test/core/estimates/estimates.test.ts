/** What a lane learns of its members and of CI: that it comes near the truth, says how sure it is, and follows a change. */
import { describe, expect, test } from 'vitest'
import { upperBound } from '../../../src/core/queue/estimates/beta.ts'
import {
  badOf,
  beliefsOf,
  type EstimateEvent,
  type Estimates,
  evolveEstimates,
  flakeOf,
  noEstimates,
  takesOf,
} from '../../../src/core/queue/estimates/estimates.ts'

const fold = (events: readonly EstimateEvent[], from: Estimates = noEstimates): Estimates =>
  events.reduce(evolveEstimates, from)

const member = (good: boolean, was_red = false): EstimateEvent => ({ type: 'member_judged', good, was_red })
const build = (passed: boolean, rest: Partial<EstimateEvent & { type: 'build_judged' }> = {}): EstimateEvent => ({
  type: 'build_judged',
  tree: 'a tree',
  passed,
  confirmation: false,
  seconds: null,
  checks: [],
  ...rest,
})
const times = <T>(count: number, of: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => of(n))

describe('the upper bound of a chance', () => {
  // Values of the quantile function of the Beta distribution (R: qbeta(0.85, a, b)); two have closed forms.
  test.each([
    [1, 1, 0.85],
    [1, 100, 1 - 0.15 ** (1 / 100)],
    [20, 1, 0.85 ** (1 / 20)],
  ])('of Beta(%d, %d) at 85 %% is %d', (yes, no, bound) => {
    expect(upperBound({ yes, no }, 0.85)).toBeCloseTo(bound, 5)
  })

  test('of a symmetric Beta at 50 % is a half, however narrow', () => {
    for (const n of [0.5, 3, 400]) expect(upperBound({ yes: n, no: n }, 0.5)).toBeCloseTo(0.5, 5)
  })

  test('falls as more is seen', () => {
    const bounds = [10, 100, 1000].map((no) => upperBound({ yes: 1, no }, 0.85))
    expect(bounds).toEqual([...bounds].sort((a, b) => b - a))
  })
})

test('how often a member breaks the build is learned, for those that were red before apart, and shown with its bound', () => {
  const learned = fold(times(1000, (n) => member(n % 10 !== 0)))
  expect(badOf(learned, false).mean).toBeCloseTo(0.1, 1)
  expect(badOf(learned, false).upper).toBeGreaterThan(badOf(learned, false).mean)
  expect(badOf(learned, true)).toEqual(badOf(noEstimates, true))
  expect(badOf(noEstimates, true).mean).toBeGreaterThan(badOf(noEstimates, false).mean)
})

test('what was seen long ago fades', () => {
  const worse = fold(times(500, () => member(false)))
  const better = fold(
    times(2000, () => member(true)),
    worse,
  )
  expect(badOf(worse, false).mean).toBeGreaterThan(0.9)
  expect(badOf(better, false).mean).toBeLessThan(0.05)
})

describe('confirmation', () => {
  const trusted = fold([...times(400, () => build(true)), ...times(21, () => member(false))])

  test('is wanted for the first twenty culprits, however good CI looks', () => {
    const young = fold([...times(400, () => build(true)), ...times(19, () => member(false))])
    expect(beliefsOf(young).confirm).toBe(true)
    expect(beliefsOf(trusted).confirm).toBe(false)
  })

  test('is wanted for one culprit in twenty after that', () => {
    const wanted = times(
      60,
      (n) =>
        beliefsOf(
          fold(
            times(n, () => member(false)),
            trusted,
          ),
        ).confirm,
    )
    expect(wanted.filter(Boolean)).toHaveLength(3)
  })

  test('is wanted for all as soon as one in such a sample is cleared', () => {
    const cleared = fold([build(false), build(true, { confirmation: true })], trusted)
    expect(flakeOf(trusted.builds).upper).toBeLessThan(0.01)
    expect(flakeOf(cleared.builds).upper).toBeGreaterThan(0.01)
    expect(beliefsOf(cleared)).toMatchObject({ confirm: true })
  })
})

describe('the memory of flakes', () => {
  const check = (context: string, state: 'passed' | 'failed', seconds: number | null = null) => ({
    context,
    state,
    seconds,
  })

  test('counts a check that failed and passed on the same tree, once, in whichever order', () => {
    for (const order of [
      [false, true, true],
      [true, false, false],
    ]) {
      const { checks } = fold(
        order.map((passed) =>
          build(passed, { checks: [check('test', passed ? 'passed' : 'failed'), check('lint', 'passed')] }),
        ),
      )
      expect(checks['test']?.flakes.yes).toBeCloseTo(1, 1)
      expect(checks['lint']?.flakes.yes).toBe(0)
    }
  })

  test('does not count a check that failed on one tree and passed on another', () => {
    const { checks } = fold([
      build(false, { tree: 'one', checks: [check('test', 'failed')] }),
      build(true, { tree: 'two', checks: [check('test', 'passed')] }),
    ])
    expect(checks['test']?.flakes.yes).toBe(0)
  })

  test('keeps no more than a hundred trees', () => {
    expect(fold(times(300, (n) => build(true, { tree: `tree ${n}` }))).trees).toHaveLength(100)
  })

  test('learns how long builds and checks take', () => {
    const learned = fold(
      times(50, (n) => build(true, { seconds: n % 2 ? 100 : 400, checks: [check('test', 'passed', 60)] })),
    )
    expect(takesOf(learned.builds.takes)?.median).toBeCloseTo(200, 0)
    expect(takesOf(learned.builds.takes)?.most).toBeGreaterThan(400)
    expect(takesOf(learned.checks['test']?.takes ?? noEstimates.builds.takes)?.median).toBeCloseTo(60, 5)
    expect(takesOf(noEstimates.builds.takes)).toBeNull()
  })
})
