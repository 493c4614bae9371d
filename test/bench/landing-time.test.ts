/** When members were told that they land, compared with when they then did, over drawn queues. */
import { expect, test } from 'vitest'
import { evolveEstimates, noEstimates } from '../../src/core/queue/estimates/estimates.ts'
import { landingTime } from '../../src/core/queue/estimates/landing-time.ts'
import { randomOf } from '../../src/simulate/random.ts'
import { LOGNORMAL, run } from './draw.ts'
import { nested } from './policies/nested.ts'

const built = (seconds: number) =>
  ({ type: 'build_judged', tree: 't', passed: true, confirmation: false, seconds, checks: [] }) as const

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
