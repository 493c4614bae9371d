/**
 * A workload drawn from a seed: who breaks the build, when each comes, how long a build takes and when CI fails for nothing.
 * The same seed draws the same for every policy. It knows no policy.
 */
import type { Instant } from '../core/ids.ts'
import { type Random, randomOf } from './random.ts'
import type { Arrival, Content, Member } from './world.ts'

export interface Workload {
  /** How many pull requests come, and how many of them in an hour; null: all wait at the beginning. */
  readonly count: number
  readonly rate: number | null
  /** The share of them that breaks the build: drawn exactly, so that seeds differ in who and not in how many. */
  readonly bad: number
  /** The chance that a build of a good tree fails. */
  readonly flake: number
  /** The median length of a build. */
  readonly minutes: number
  readonly spread: 'lognormal' | 'fixed'
}

export interface Drawn {
  readonly arrivals: readonly Arrival[]
  readonly bad: ReadonlySet<number>
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A Monday morning, in UTC. */
const BEGIN: Instant = Date.UTC(2026, 0, 5, 8)

export function draw({ count, rate, bad }: Workload, seed: number): Drawn {
  const random = randomOf(seed)
  const flags = random.shuffle(Array.from({ length: count }, (_, at) => at < Math.round(bad * count)))
  let at = BEGIN
  const arrivals = flags.map((_, index): Arrival => {
    if (rate !== null) at += (random.exponential() / rate) * HOUR
    const pull = index + 1
    return { pull, sha: idOf(1, pull), title: `Change ${pull}`, author: 'author', at: Math.round(at) }
  })
  return { arrivals, bad: new Set(flags.flatMap((isBad, index) => (isBad ? [index + 1] : []))) }
}

/** Commits that hold sets of changes: nothing conflicts, and what CI says is drawn. */
export function syntheticContent(
  { flake, minutes, spread }: Workload,
  { bad }: Pick<Drawn, 'bad'>,
  seed: number,
): Content {
  const random = randomOf(seed + 1_000_003)
  const made = new Map<string, string>()
  return {
    tip: idOf(2, 1),
    merge(base, { sha }, attempt) {
      const key = `${base} ${sha} ${attempt}`
      const known = made.get(key) ?? idOf(2, made.size + 2)
      made.set(key, known)
      return Promise.resolve(known)
    },
    test(_, members: readonly Member[]) {
      const broken = members.some(({ pull }) => bad.has(pull))
      // Drawn for every build, so that one build more does not shift all that follow.
      const flaked = random.next() < flake
      const ms = Math.max(1, Math.round(minutes * MINUTE * lasts(spread, random)))
      return Promise.resolve({ conclusion: broken || flaked ? 'failure' : 'success', ms })
    },
  }
}

/** In medians: lognormal with sigma 0.35, at most four. */
const lasts = (spread: Workload['spread'], random: Random): number =>
  spread === 'fixed' ? 1 : Math.min(4, Math.exp(0.35 * random.normal()))

/** 40 hex digits, of a kind of thing. */
const idOf = (kind: 1 | 2, number: number): string => `${kind}${number.toString(16).padStart(39, '0')}`
