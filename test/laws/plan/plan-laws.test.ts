/** What has to hold of every plan, over drawn histories of a lane: arrivals, results, flakes, members that leave, a moving target. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Case, cases, play } from './played-lane.ts'

const RUNS = 200

test('what lands was built and passed on the tip that it lands on, and evidence is a build of exactly tip and culprit', () => {
  fc.assert(
    fc.property(cases(0.1), (drawn) => {
      expect(play(drawn).broken).toEqual([])
    }),
    { numRuns: RUNS },
  )
})

test('nobody innocent is blamed while CI does not flake, whatever leaves, moves or interrupts', () => {
  fc.assert(
    fc.property(cases(0), (drawn) => {
      const { broken, innocent } = play(drawn)
      expect({ broken, innocent }).toEqual({ broken: [], innocent: [] })
    }),
    { numRuns: RUNS },
  )
})

test('it ends: whoever stays lands or is blamed, and only a member of a ring of dependencies is left', () => {
  const ends = (drawn: Case) => {
    const { broken, left } = play({ ...drawn, steps: drawn.steps.map((step) => ({ ...step, waits: false })) })
    expect({ broken, left }).toEqual({ broken: [], left: [] })
  }
  fc.assert(fc.property(cases(0.1), ends), { numRuns: RUNS })
})
