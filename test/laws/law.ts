/**
 * What a law is to those who check it: cases that can be drawn, shrunk and told, and what is broken in one of them. A law is
 * checked case by case, each from a seed of its own, so that one number plays it again.
 */
import fc from 'fast-check'
import { histories } from './play/draw-history.ts'
import { type History, tell } from './play/history.ts'
import { playing } from './play/run-history.ts'
import type { Arena, World } from './play/world.ts'

/** What is broken in a world that came to rest. */
export type JudgeWorld = (world: World) => Promise<readonly string[]>

export interface Law<T> {
  readonly title: string
  readonly cases: fc.Arbitrary<T>
  /** Played each time: what was hard once. */
  readonly kept: readonly T[]
  /** What of the law does not hold in this case, nothing when it holds; `also` judges every world that is played for it. */
  broken(arena: Arena, drawn: T, also?: JudgeWorld): Promise<readonly string[]>
  tell(drawn: T): string
}

/** A law about what a history leaves behind. */
export interface WorldLaw extends Law<History> {
  readonly brokenIn: JudgeWorld
}

export const lawOfWorlds = (title: string, kept: readonly History[], brokenIn: JudgeWorld): WorldLaw => ({
  title,
  cases: histories,
  kept,
  broken: (arena, history, also = brokenIn) => playing(arena, history, also),
  brokenIn,
  tell,
})

/** One case in which a law does not hold, as small as it could be made, in words. */
export interface Breach {
  readonly law: string
  readonly seed: number | null
  readonly told: string
  readonly broken: readonly string[]
}

/** A breach in words, its seed first. */
export const toldOf = (breach: Breach): string =>
  `${breach.law} (${breach.seed === null ? 'kept case' : `seed ${breach.seed}: npm run laws -- --histories 1 --seed ${breach.seed}`})\n${breach.broken.join('\n')}\n${breach.told}`

/** The kept cases of a law, up to the first that breaks it. */
export async function checkKept<T>(law: Law<T>, arena: Arena, also?: JudgeWorld): Promise<Breach | null> {
  for (const one of law.kept) {
    const broken = await law.broken(arena, one, also)
    if (broken.length > 0) return { law: law.title, seed: null, told: law.tell(one), broken }
  }
  return null
}

export interface Drawing {
  readonly seed: number
  /** A broken case is shrunk for at most so many milliseconds. */
  readonly shrinkFor: number
}

/** The case that follows from a seed; where it breaks the law it is shrunk. */
export async function checkSeed<T>(
  law: Law<T>,
  arena: Arena,
  { seed, shrinkFor }: Drawing,
  also?: JudgeWorld,
): Promise<Breach | null> {
  const last: { broken: readonly string[]; end: number | null } = { broken: [], end: null }
  const property = fc.asyncProperty(law.cases, async (drawn) => {
    if (last.end !== null && performance.now() > last.end) return
    const broken = await law.broken(arena, drawn, also).catch((error: unknown) => [wordsOf(error)])
    if (broken.length === 0) return
    last.end ??= performance.now() + shrinkFor
    last.broken = broken
    throw new Error(broken.join('\n'))
  })
  const run = await fc.check(property, { seed, numRuns: 1, unbiased: true })
  const [drawn] = run.counterexample ?? []
  return drawn === undefined ? null : { law: law.title, seed, told: law.tell(drawn), broken: last.broken }
}

/** A play that could not be ended is broken as well. */
const wordsOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** How many histories, from which seed, and for how long a broken one is shrunk; the test suite plays few. */
export const plan = {
  seed: Number(process.env['LAWS_SEED'] ?? 1),
  histories: Number(process.env['LAWS_HISTORIES'] ?? 12),
  shrinkFor: Number(process.env['LAWS_SHRINK'] ?? 60_000),
} as const
