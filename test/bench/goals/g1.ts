/** G1: CI builds for each merged pull request, one slot, 5,000 waiting; and who was rejected though innocent. */
import { FIXED, run } from '../draw.ts'
import { type Asked, capacity, entropy, type Goal, type Row } from '../measure.ts'
import { learning, nested } from '../policies/nested.ts'
import { prefixWindow } from '../policies/prefix-window.ts'
import { batchStop4, bisection, dorfman, serial } from '../policies/splitting.ts'
import type { MakePolicy } from '../policy.ts'

const COUNT = 5_000
const WINDOW = 20

interface Contender {
  readonly name: string
  readonly make: MakePolicy
  readonly slots?: number
  /** The most that builds may be of the bound, without flakes and with. */
  readonly asked?: { readonly steady?: number; readonly flaky?: number }
}

const CONTENDERS: readonly Contender[] = [
  { name: 'mainkeeper, p and f given', make: nested('given'), asked: { steady: 1.03, flaky: 1.2 } },
  { name: 'mainkeeper, learning', make: learning('learning'), asked: { steady: 1.1 } },
  { name: 'mainkeeper, batch.max 16', make: nested('16', { batch_max: 16 }), asked: { steady: 1.1 } },
  { name: 'serial', make: serial },
  { name: 'bisection of 8 (bors-ng)', make: bisection(8) },
  { name: 'Dorfman', make: dorfman },
  { name: 'BatchStop4', make: batchStop4 },
  { name: `prefix window ${WINDOW}, in as many slots (Zuul, GitHub)`, make: prefixWindow(WINDOW), slots: WINDOW },
]

const WORKLOADS = [0, 0.05].flatMap((flake) => [0.02, 0.05, 0.1].map((bad) => ({ bad, flake })))

export const g1: Goal = {
  name: 'G1',
  title: `CI builds per merged pull request: ${COUNT} waiting, one slot`,
  rows: WORKLOADS.length * CONTENDERS.length,
  *run(seeds) {
    for (const { bad, flake } of WORKLOADS)
      for (const contender of CONTENDERS) yield rowOf(bad, flake, contender, seeds)
  },
}

function rowOf(
  bad: number,
  flake: number,
  { name, make, slots = 1, asked = {} }: Contender,
  seeds: readonly number[],
): Row {
  const bound = entropy(bad) / (capacity(flake) * (1 - bad))
  const results = seeds.map((seed) => run({ count: COUNT, bad, flake, slots, duration: FIXED }, make, seed))
  const times = flake === 0 ? asked.steady : asked.flaky
  const wanted: Record<string, Asked> = times === undefined ? {} : { '× bound': { bound: times } }
  if (times !== undefined) wanted['innocent %'] = { bound: flake === 0 ? 0 : 0.1 }
  return {
    workload: `p ${100 * bad} %, f ${100 * flake} %, bound ${bound.toFixed(3)}`,
    policy: name,
    measures: {
      'builds/merged': results.map(({ builds, landed }) => builds / landed),
      '× bound': results.map(({ builds, landed }) => builds / landed / bound),
      'innocent %': results.map(({ innocent }) => (100 * innocent) / COUNT),
    },
    asked: wanted,
  }
}
