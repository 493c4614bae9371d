/**
 * LANE: a smaller G1 played by the lane itself, `decide` over a log in memory, beside the plan alone on the same members. That
 * they cost the same shows that what is measured of the plan holds for the lane that runs it.
 */
import { run as runLane } from '../../../src/simulate/run.ts'
import { draw as drawLane, drawnContent } from '../../../src/simulate/workload/synthetic.ts'
import { configWith } from '../../support/facts.ts'
import { FIXED, run } from '../draw.ts'
import { entropy, type Goal, type Row } from '../measure.ts'
import { learning } from '../policies/nested.ts'

/** A judgement looks at the whole queue, so that 5,000 would take hours. */
const COUNT = 200

const CHANCES = [0.02, 0.05, 0.1]

interface Cost {
  readonly builds: number
  readonly landed: number
  readonly innocent: number
}

export const lane: Goal = {
  name: 'LANE',
  title: `G1 by the lane itself: ${COUNT} waiting, one slot`,
  rows: 2 * CHANCES.length,
  async *run(seeds) {
    for (const bad of CHANCES) {
      const planned = seeds.map((seed) =>
        run({ count: COUNT, bad, slots: 1, duration: FIXED }, learning('learning'), seed),
      )
      yield rowOf(bad, 'the plan alone, learning', planned)
      const lanes: Cost[] = []
      for (const seed of seeds) lanes.push(await played(bad, seed))
      yield rowOf(bad, 'the lane', lanes)
    }
  },
}

async function played(bad: number, seed: number): Promise<Cost> {
  const drawn = drawLane({ count: COUNT, rate: null, bad, flake: 0, minutes: 30, spread: 'fixed' }, seed)
  const policy = { name: 'lane', config: configWith({ ci: { slots: 1 } }) }
  const { builds, landings, blocked } = await runLane(drawn.arrivals, drawnContent(drawn, seed), policy)
  return {
    builds: builds.length,
    landed: landings.length,
    innocent: blocked.filter(({ pull }) => !drawn.bad.has(pull)).length,
  }
}

function rowOf(bad: number, policy: string, costs: readonly Cost[]): Row {
  const bound = entropy(bad) / (1 - bad)
  return {
    workload: `p ${100 * bad} %, bound ${bound.toFixed(3)}`,
    policy,
    measures: {
      builds: costs.map(({ builds }) => builds),
      'builds/merged': costs.map(({ builds, landed }) => builds / landed),
      '× bound': costs.map(({ builds, landed }) => builds / landed / bound),
      'innocent %': costs.map(({ innocent }) => (100 * innocent) / COUNT),
    },
  }
}
