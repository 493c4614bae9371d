/** When a member lands, as its place and what was learned tell, and how a range is put into words. */
import { describe, expect, test } from 'vitest'
import { evolveEstimates, noEstimates } from '../../../src/core/queue/estimates/estimates.ts'
import { landingTime } from '../../../src/core/queue/estimates/landing-time.ts'
import { spanOf } from '../../../src/core/render/words/span.ts'

const built = (seconds: number) =>
  ({ type: 'build_judged', tree: 't', passed: true, confirmation: false, seconds, checks: [] }) as const
const after = (...seconds: number[]) => seconds.map(built).reduce(evolveEstimates, noEstimates)
const LIMITS = { slots: 1, batch_max: 50 }
const FIRST = { place: 1, behind: false }

test('nothing is told before three builds were measured', () => {
  expect(landingTime(FIRST, LIMITS, after(600, 600))).toBeNull()
  expect(landingTime(FIRST, LIMITS, after(600, 600, 600))).not.toBeNull()
})

test('whoever is first lands no sooner than after one build, and later behind a running one or further back', () => {
  const estimates = after(600, 600, 600)
  const first = landingTime(FIRST, LIMITS, estimates)
  expect(first?.low).toBeCloseTo(600)
  const high = (queued: typeof FIRST) => landingTime(queued, LIMITS, estimates)?.high ?? 0
  expect(high({ place: 1, behind: true })).toBeCloseTo((first?.high ?? 0) + 600)
  expect(high({ place: 30, behind: false })).toBeGreaterThan(2 * high(FIRST))
})

describe('a range is rounded outwards, the coarser the longer it is', () => {
  test.each([
    [610, 1070, '10–18 min'],
    [20, 100, 'up to 2 min'],
    [300, 300, 'about 5 min'],
    [1300, 3300, '20–55 min'],
    [4000, 10_000, '60–170 min'],
    [8000, 18_000, '2–5 h'],
  ])('%i to %i seconds are %s', (low, high, words) => {
    expect(spanOf({ low, high })).toBe(words)
  })
})
