/**
 * G2: from approved to landed, against two oracles that know the outcomes, at the price in builds. λ is the rate of arrivals,
 * V the time of a build, p the share of bad ones: λVp is how many culprits arrive while one build runs.
 */
import { quantile } from '../../../src/simulate/report/figures.ts'
import { type Duration, FIXED, LOGNORMAL, run } from '../draw.ts'
import { type Asked, type Goal, type Row } from '../measure.ts'
import { nested } from '../policies/nested.ts'
import { batching, oneBuildEach } from '../policies/oracles.ts'
import { prefixWindow } from '../policies/prefix-window.ts'
import { bisection, serial } from '../policies/splitting.ts'
import type { MakePolicy } from '../policy.ts'
import type { Result } from '../simulation.ts'

const COUNT = 2_000
/** Left out of the waits: the lane is empty when the first arrive. */
const WARM = 200

interface Workload {
  readonly duration: Duration
  readonly load: number
  readonly bad: number
  readonly slots: number
}

const UNLIMITED = Number.POSITIVE_INFINITY

const WORKLOADS: readonly Workload[] = [LOGNORMAL, FIXED].flatMap((duration) =>
  [0.06, 0.15, 0.3].flatMap((load) =>
    [0.02, 0.05, 0.1].flatMap((bad) =>
      [UNLIMITED, 16, ...(load / bad <= 3 ? [4] : [])].map((slots) => ({ duration, load, bad, slots })),
    ),
  ),
)

/** The peers where slots are no limit; the second column says how many a policy can use at all. */
const PEERS: readonly [string, MakePolicy][] = [
  ['serial', serial],
  ['bisection of 8', bisection(8)],
  ['prefix window 20', prefixWindow(20)],
  ['prefix window 100', prefixWindow(100)],
]

const SPECULATIONS = [0.03, 0.06, 0.1, 0.2, 0.4]
const CURVED = WORKLOADS.filter(({ load, bad, slots }) => load > 0.1 && bad === 0.05 && slots === UNLIMITED)

/** P50 and P95 against one build each, and the builds, for each distribution and λVp. */
const ASKED: Readonly<Record<string, readonly [number, number, number]>> = {
  'V lognormal 0.15': [1, 1.1, 1.3],
  'V lognormal 0.3': [1, 1.5, 1.8],
  'V fixed 0.15': [1.05, 1.8, 1.25],
  'V fixed 0.3': [1.05, 2.2, 1.6],
}

export const g2: Goal = {
  name: 'G2',
  title: `approved → landed: ${COUNT} Poisson arrivals, waits as multiples of an oracle's on the same arrivals`,
  rows:
    WORKLOADS.length +
    WORKLOADS.filter(({ slots }) => slots === UNLIMITED).length * PEERS.length +
    CURVED.length * SPECULATIONS.length,
  *run(seeds) {
    for (const workload of WORKLOADS) {
      const measure = (make: MakePolicy) => seeds.map((seed) => played(workload, make, seed))
      const each = measure(oneBuildEach)
      const batch = measure(batching)
      const [p50, p95, builds] = ASKED[`${workload.duration.name} ${workload.load}`] ?? []
      const asked: Record<string, Asked> =
        p50 && p95 && builds
          ? { 'P50 × each': { bound: p50 }, 'P95 × each': { bound: p95 }, 'builds/merged': { bound: builds } }
          : {}
      const row = (policy: string, make: MakePolicy) => rowOf(workload, policy, measure(make), each, batch)
      yield { ...row('mainkeeper', nested('mainkeeper')), asked }
      if (workload.slots === UNLIMITED) for (const [name, make] of PEERS) yield row(name, make)
      if (CURVED.includes(workload))
        for (const speculation of SPECULATIONS)
          yield row(`mainkeeper, speculation ${speculation}`, nested('mainkeeper', { speculation }))
    }
  },
}

/** λV counts mean build times: a lognormal build takes 1.06 medians. */
const played = ({ duration, load, bad, slots }: Workload, make: MakePolicy, seed: number): Result =>
  run({ count: COUNT, bad, slots, duration, rate: load / bad / duration.mean }, make, seed)

function rowOf(
  { duration, load, bad, slots }: Workload,
  policy: string,
  own: readonly Result[],
  each: readonly Result[],
  batch: readonly Result[],
): Row {
  const against = (others: readonly Result[], share: number) =>
    own.map((result, at) => wait(result, share) / wait(others[at] ?? result, share))
  return {
    workload: `${duration.name}, λVp ${load}, p ${100 * bad} %, K ${slots === UNLIMITED ? 'unlimited' : slots}`,
    policy,
    measures: {
      'P50 × each': against(each, 0.5),
      'P95 × each': against(each, 0.95),
      'P50 × batching': against(batch, 0.5),
      'P95 × batching': against(batch, 0.95),
      'builds/merged': own.map(({ builds, landed }) => builds / landed),
    },
  }
}

const wait = ({ waits }: Result, share: number): number =>
  quantile(
    [...waits.subarray(WARM)].filter((one) => !Number.isNaN(one)),
    share,
  )
