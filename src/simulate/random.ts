/** Chance from a seed: the same seed, the same run. */

export interface Random {
  /** In [0, 1). */
  next(): number
  /** Standard normal. */
  normal(): number
  /** Mean 1. */
  exponential(): number
  shuffle<T>(items: T[]): T[]
}

/** Mulberry32: 32 bits of state are plenty for a simulation of thousands of builds. */
export function randomOf(seed: number): Random {
  let state = (seed * 0x9e3779b9) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    exponential: () => -Math.log(1 - next()),
    shuffle(items) {
      for (let at = items.length - 1; at > 0; at -= 1) {
        const other = Math.floor(next() * (at + 1))
        const kept = items[at] as (typeof items)[number]
        items[at] = items[other] as (typeof items)[number]
        items[other] = kept
      }
      return items
    },
  }
}
