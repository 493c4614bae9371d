/** What CI says in a rehearsal without running anything: everything passes, or some pull requests fail by chance. */
import { createHash } from 'node:crypto'
import type { Tested } from '../simulate/world.ts'
import type { Change } from './history.ts'

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

/** The pull requests that break the build: each with this chance, the same ones whenever the seed is the same. */
export const brokenOf = (changes: readonly Change[], rate: number, seed: number): Set<number> =>
  new Set(changes.map(({ number }) => number).filter((number) => drawn(seed, number) < rate))

/** Builds with one of these fail. */
export const failing =
  (broken: ReadonlySet<number>, ms: number): Ci =>
  ({ pulls }) =>
    Promise.resolve({ conclusion: pulls.some((pull) => broken.has(pull)) ? 'failure' : 'success', ms })

/** What is broken comes again when it was merged in history, and is mended by then: history took it. */
export function withMended(changes: readonly Change[], broken: ReadonlySet<number>): Change[] {
  let last = Math.max(0, ...changes.flatMap(({ number, again }) => [number, again?.number ?? 0]))
  return changes.map((change) =>
    change.again === null && broken.has(change.number)
      ? { ...change, again: { before: change.before, after: change.after, number: ++last } }
      : change,
  )
}

/** A number in [0, 1) for a pull request, whatever else was drawn. */
const drawn = (seed: number, pull: number): number =>
  createHash('sha256').update(`${seed} ${pull}`).digest().readUInt32BE(0) / 0x1_0000_0000
