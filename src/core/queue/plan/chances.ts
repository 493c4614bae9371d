/**
 * The chance that a build passes, and from it how many members to add. A prefix of a chain is good until its first culprit;
 * a build passes if it holds no culprit and CI does not flake; failed builds of the same chain say where the culprit is
 * likely to be, the more so the less CI flakes.
 */
import type { Chain } from './chain.ts'

/** What is known of a chain: its first `good` members are, and builds of its first n members failed, for every n of `failed`. */
export interface Known {
  readonly chain: Chain
  readonly good: number
  /** Ascending, each above `good`. */
  readonly failed: readonly number[]
  readonly flake: number
}

/** The weight of "the first n members are good", with what the failures say of it; the greatest is `weight(known, known.good)`. */
function weight({ chain, failed, flake }: Known, n: number): number {
  let from = n
  let likelihood = 1
  let sum = 0
  for (const end of failed) {
    if (end > from) {
      sum += likelihood * (chain.good(from) - chain.good(end))
      from = end
    }
    // That build held no culprit then, and failed all the same.
    likelihood *= flake
  }
  return sum + likelihood * chain.good(from)
}

/** The chance that a build of the first n members passes. */
export function passes(known: Known, n: number): number {
  const all = weight(known, known.good)
  return all === 0 ? 0 : ((1 - known.flake) * weight(known, n)) / all
}

/**
 * How many members to add, at least 1 and as long as they fit, so that pass and failure are as near to equally likely as they
 * get: then a build teaches most. Of two that are equally near the smaller. Zero where none fits.
 */
export function nearestHalf(known: Known, fits: (adds: number) => boolean): number {
  let best = 0
  let distance = Number.POSITIVE_INFINITY
  for (let adds = 1; fits(adds); adds += 1) {
    const chance = passes(known, known.good + adds)
    // It only falls, so above a half more members are never worse, even where nobody is ever bad.
    if (chance >= 0.5 || 0.5 - chance < distance - 1e-12) {
      best = adds
      distance = Math.abs(chance - 0.5)
    }
    // From here on it only becomes less likely.
    if (chance <= 0.5) break
  }
  return best
}
