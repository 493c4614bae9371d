/** When a member lands, as its place and what was learned tell; compared with what then happened to drawn queues. */
import { describe, expect, test } from 'vitest'
import { evolveEstimates, noEstimates } from '../../../src/core/queue/estimates/estimates.ts'
import { landingTime } from '../../../src/core/queue/estimates/landing-time.ts'
import { spanOf } from '../../../src/core/render/span.ts'
import { LOGNORMAL, run } from '../../bench/draw.ts'
import { nested } from '../../bench/policies/nested.ts'
import { randomOf } from '../../../src/simulate/random.ts'

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

test.each([
  [0.02, 1, 50],
  [0.05, 1, 8],
  [0.05, 2, 50],
  [0.1, 1, 50],
  [0.2, 4, 8],
])(
  'with p = %d, %i slots and batches of at most %i, three of four land when they were told',
  (bad, slots, batch_max) => {
    const random = randomOf(7)
    let estimates = noEstimates
    for (let at = 0; at < 400; at += 1) {
      estimates = evolveEstimates(estimates, built(LOGNORMAL.draw(random) * 1000))
      estimates = evolveEstimates(estimates, { type: 'member_judged', good: random.next() >= bad, was_red: false })
    }
    const waits = [1, 2, 3, 4].flatMap((seed) => [
      ...run({ count: 60, bad, slots, duration: LOGNORMAL }, nested('ours', { batch_max }), seed).waits.entries(),
    ])
    const landed = waits.filter(([, wait]) => !Number.isNaN(wait))
    const kept = landed.filter(([at, wait]) => {
      const told = landingTime({ place: at + 1, behind: false }, { slots, batch_max }, estimates)
      return told && told.low <= wait * 1000 && wait * 1000 <= told.high
    })
    expect(kept.length / landed.length).toBeGreaterThan(0.75)
  },
)

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
