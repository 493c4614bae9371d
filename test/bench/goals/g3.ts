/**
 * G3: how fast 2,000 that wait are drained, against the capacity of an ordered lane: K builds at once tell at most
 * log2(K + 1) bits, and H(p) are needed for each. From the first build to the last landing: the end, where there is too
 * little left to fill the slots, counts.
 */
import { type Duration, FIXED, LOGNORMAL, run } from '../draw.ts'
import { type Asked, entropy, type Goal, type Row } from '../measure.ts'
import { nested } from '../policies/nested.ts'
import { prefixWindow } from '../policies/prefix-window.ts'
import { bisection, serial } from '../policies/splitting.ts'
import type { MakePolicy } from '../policy.ts'

const COUNT = 2_000
const RATES: Readonly<Record<number, number>> = { 1: 0.97, 4: 0.93, 16: 0.95, 64: 0.93 }
const BUILDS: Readonly<Record<number, number>> = { 0.02: 1.4, 0.05: 2.8, 0.1: 4.8 }

/** Whatever a slot can find out is worth it here: nothing is saved by leaving it free. */
const mainkeeper = nested('mainkeeper', { speculation: 0 })

/** Those that use one slot are measured with one; a wider window than there are slots is the same as one as wide. */
function contenders(slots: number): readonly (readonly [string, MakePolicy])[] {
  const peers: (readonly [string, MakePolicy])[] = [['mainkeeper, speculation 0', mainkeeper]]
  if (slots === 1) peers.push(['serial', serial], ['bisection of 8', bisection(8)])
  if (slots > 1) peers.push(['prefix window 20', prefixWindow(20)])
  if (slots > 20) peers.push(['prefix window 100', prefixWindow(100)])
  return peers
}

const WORKLOADS = [FIXED, LOGNORMAL].flatMap((duration) =>
  [1, 4, 16, 64].flatMap((slots) => [0.02, 0.05, 0.1].map((bad) => ({ duration, slots, bad }))),
)

export const g3: Goal = {
  name: 'G3',
  title: `drain rate of ${COUNT} waiting, against log2(K+1) (1−p) / (V H(p))`,
  rows: WORKLOADS.reduce((sum, { slots }) => sum + contenders(slots).length, 0),
  *run(seeds) {
    for (const { duration, slots, bad } of WORKLOADS)
      for (const [policy, make] of contenders(slots)) yield rowOf(duration, slots, bad, policy, make, seeds)
  },
}

function rowOf(
  duration: Duration,
  slots: number,
  bad: number,
  policy: string,
  make: MakePolicy,
  seeds: readonly number[],
): Row {
  const bound = (Math.log2(slots + 1) * (1 - bad)) / (duration.mean * entropy(bad))
  const results = seeds.map((seed) => run({ count: COUNT, bad, slots, duration }, make, seed))
  const rate = RATES[slots]
  const builds = BUILDS[bad]
  const asked: Record<string, Asked> = {}
  if (make === mainkeeper && rate) asked['× bound'] = { bound: rate, atLeast: true }
  if (make === mainkeeper && slots === 16 && builds) asked['builds/merged'] = { bound: builds }
  return {
    workload: `${duration.name}, K ${slots}, p ${100 * bad} %, bound ${bound.toFixed(1)}`,
    policy,
    measures: {
      'landed per build time': results.map(({ landed, ended }) => landed / ended),
      '× bound': results.map(({ landed, ended }) => landed / ended / bound),
      'builds/merged': results.map(({ builds, landed }) => builds / landed),
    },
    asked,
  }
}
