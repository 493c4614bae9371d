/** What a goal gives back: rows of measured values, one for each seed, and what was asked of them. */
import { median } from '../../src/simulate/report/figures.ts'

export interface Row {
  readonly workload: string
  readonly policy: string
  /** One value for each seed. */
  readonly measures: Readonly<Record<string, readonly number[]>>
  /** The most that a measure's median may be, or the least with `atLeast`. */
  readonly asked?: Readonly<Record<string, Asked>>
  /** What the measures are made of, as far as somebody may want to see it; in the JSON only. */
  readonly detail?: Readonly<Record<string, readonly number[]>>
}

export interface Asked {
  readonly bound: number
  readonly atLeast?: true
  /** Of every value, not of the median. */
  readonly always?: true
}

export interface Goal {
  readonly name: string
  readonly title: string
  /** How many rows there will be, for the progress. */
  readonly rows: number
  run(seeds: readonly number[]): Iterable<Row> | AsyncIterable<Row>
}

export function isMet(values: readonly number[], { bound, atLeast, always }: Asked): boolean {
  const judged = always ? values : [median(values)]
  return judged.every((value) => (atLeast ? value >= bound : value <= bound))
}

/** Bits of one fair-or-not draw: the least that must be asked about each member. */
export const entropy = (p: number): number => -p * Math.log2(p) - (1 - p) * Math.log2(1 - p)

/** Bits that one build can tell when it fails a good tree with chance f: the capacity of a Z-channel. */
export const capacity = (f: number): number => (f === 0 ? 1 : Math.log2(1 + (1 - f) * f ** (f / (1 - f))))
