/** The workloads: who is bad, when they arrive, how long a build takes. The same seed draws the same for every policy. */
import { type Random, randomOf } from '../../src/simulate/random.ts'
import type { MakePolicy } from './policy.ts'
import { type Result, simulate } from './simulation.ts'

/** Exactly round(p N) bad ones, shuffled: with p drawn one seed of thousands differs from another by luck alone. */
export const drawBad = (count: number, p: number, random: Random): boolean[] =>
  random.shuffle(Array.from({ length: count }, (_, at) => at < Math.round(p * count)))

export interface Duration {
  readonly name: string
  /** In build times: the median is 1. */
  readonly draw: (random: Random) => number
  readonly mean: number
}

export const FIXED: Duration = { name: 'V fixed', draw: () => 1, mean: 1 }

/** Median 30 minutes, sigma 0.35, at most two hours; in units of the median. */
export const LOGNORMAL: Duration = {
  name: 'V lognormal',
  draw: (random) => Math.min(4, Math.exp(0.35 * random.normal())),
  // Of the lognormal itself; the cap at four medians, 3.96 sigma out, takes less than 0.01 % from it.
  mean: Math.exp(0.35 ** 2 / 2),
}

interface Drawn {
  readonly count: number
  readonly bad: number
  readonly flake?: number
  readonly slots: number
  readonly duration: Duration
  /** Arrivals for each build time; all at once without. */
  readonly rate?: number
}

export function run(
  { count, bad: p, flake = 0, slots, duration, rate }: Drawn,
  make: MakePolicy,
  seed: number,
): Result {
  const members = randomOf(seed)
  const bad = drawBad(count, p, members)
  let at = 0
  const arrivals = Array.from({ length: count }, () => {
    if (rate !== undefined) at += members.exponential() / rate
    return at
  })
  const policy = make({ bad: p, flake, isBad: (pull) => bad[pull] ?? false })
  return simulate({ arrivals, bad, flake, slots, duration: duration.draw }, policy, randomOf(seed + 1_000_003))
}
