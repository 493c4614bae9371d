/**
 * Workloads by chance from a seed: who breaks the build, when each comes, how long a build takes and when CI fails for
 * nothing. The same seed draws the same for every policy. It knows no policy.
 */
import type { Instant } from '../../core/ids.ts'
import { type Random, randomOf } from '../random.ts'
import type { Arrival, Content } from '../world.ts'

export interface Workload {
  readonly count: number
  /** How many come in an hour; null: all wait at the beginning. */
  readonly rate: number | null
  /** The share that breaks the build: drawn exactly, so that seeds differ in who and not in how many. */
  readonly bad: number
  /** The chance that a build of a good tree fails. */
  readonly flake: number
  /** The median length of a build. */
  readonly minutes: number
  readonly spread: 'lognormal' | 'fixed'
}

/** What is to come, and what CI and git will say of it. */
export interface Drawn {
  readonly arrivals: readonly Arrival[]
  readonly bad: ReadonlySet<number>
  /** Those that can't be put on any target. */
  readonly conflicting: ReadonlySet<number>
  readonly flake: number
  /** How long a build takes, in milliseconds. */
  readonly lasts: (random: Random) => number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A Monday morning, in UTC. */
const BEGIN: Instant = Date.UTC(2026, 0, 5, 8)

export function draw({ count, rate, bad, flake, minutes, spread }: Workload, seed: number): Drawn {
  const random = randomOf(seed)
  const flags = random.shuffle(Array.from({ length: count }, (_, at) => at < Math.round(bad * count)))
  let at = BEGIN
  const arrivals = flags.map((_, index): Arrival => {
    if (rate !== null) at += (random.exponential() / rate) * HOUR
    const pull = index + 1
    return { pull, sha: changeOf(pull), title: `Change ${pull}`, author: 'author', at: Math.round(at) }
  })
  return {
    arrivals,
    bad: new Set(flags.flatMap((isBad, index) => (isBad ? [index + 1] : []))),
    conflicting: new Set(),
    flake,
    lasts: (chance) => minutes * MINUTE * (spread === 'fixed' ? 1 : lognormal(chance)),
  }
}

/** In medians, with sigma 0.35; at most four. */
const lognormal = (random: Random): number => Math.min(4, Math.exp(0.35 * random.normal()))

export function drawnContent({ bad, conflicting, flake, lasts }: Drawn, seed: number): Content {
  const random = randomOf(seed + 1_000_003)
  const made = new Map<string, string>()
  return {
    tip: commitOf(1),
    merge(base, { pull, sha }, attempt) {
      if (conflicting.has(pull)) return Promise.resolve({ conflict: ['a file that the target changed'] })
      const key = `${base} ${sha} ${attempt}`
      const known = made.get(key) ?? commitOf(made.size + 2)
      made.set(key, known)
      return Promise.resolve(known)
    },
    test(_, members) {
      const broken = members.some(({ pull }) => bad.has(pull))
      // Drawn for every build, so that who breaks one does not change what is drawn for the next.
      const flaked = random.next() < flake
      const ms = Math.max(1, Math.round(lasts(random)))
      return Promise.resolve({ conclusion: broken || flaked ? 'failure' : 'success', ms })
    },
  }
}

const changeOf = (number: number): string => idOf('1', number)
const commitOf = (number: number): string => idOf('2', number)

/** 40 hex digits: a digit for the kind of thing, then its number. */
const idOf = (kind: string, number: number): string => `${kind}${number.toString(16).padStart(39, '0')}`
