/** What CI says in a rehearsal without running anything: everything passes, or some pull requests fail by chance. */
import { createHash } from 'node:crypto'
import type { Tested } from '../simulate/world.ts'

export interface Tried {
  readonly commit: string
  readonly tree: string
  /** The pull requests that the build adds to its base. */
  readonly pulls: readonly number[]
}

export type Ci = (tried: Tried) => Promise<Tested>

/** Files that merge pass; `ms` is how long a build takes. */
export const conflictsAlone =
  (ms: number): Ci =>
  () =>
    Promise.resolve({ conclusion: 'success', ms })

/** Each pull request breaks the build with this chance, the same ones whenever the seed is the same. */
export function failing(rate: number, seed: number, ms: number): Ci {
  const breaks = (pull: number): boolean => drawn(seed, pull) < rate
  return ({ pulls }) => Promise.resolve({ conclusion: pulls.some(breaks) ? 'failure' : 'success', ms })
}

/** A number in [0, 1) for a pull request, whatever else was drawn. */
const drawn = (seed: number, pull: number): number =>
  createHash('sha256').update(`${seed} ${pull}`).digest().readUInt32BE(0) / 0x1_0000_0000
