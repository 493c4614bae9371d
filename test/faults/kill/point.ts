/** A point at which the app's process is killed, by a name that holds in every replay of its story. It knows no process. */
import { MOMENTS, type Moment } from '../../support/process/kill-point.ts'
import type { KillStory } from './stories.ts'

export interface Point {
  readonly story: KillStory
  /** A request to GitHub, or a commit in the database. */
  readonly kind: 'request' | 'commit'
  /** The operation, or what the commit writes. */
  readonly name: string
  /** Which one of that name in the process's life. */
  readonly nth: number
  readonly moment: Moment
}

/** How often each request and commit was made in one run of a story. */
export interface Counts {
  readonly request: ReadonlyMap<string, number>
  readonly commit: ReadonlyMap<string, number>
}

export const wordsOf = ({ story, kind, name, nth, moment }: Point): string =>
  `${story.name} on ${story.database}: ${kind} ${name} ${nth}, ${moment}`

/** Every point that each of the recordings came by; how often something is read may differ between two runs. */
export function pointsOf(story: KillStory, recordings: readonly Counts[]): Point[] {
  const kinds: readonly Point['kind'][] = ['request', 'commit']
  return kinds.flatMap((kind) =>
    [...(recordings[0]?.[kind].keys() ?? [])].flatMap((name) => {
      const least = Math.min(...recordings.map((counts) => counts[kind].get(name) ?? 0))
      return Array.from({ length: least }, (_, index) => index + 1).flatMap((nth) =>
        MOMENTS.map((moment) => ({ story, kind, name, nth, moment })),
      )
    }),
  )
}

/** So many of the points, chosen by the seed: of every story, kind, name and moment one before there are two of any. */
export function sampleOf(points: readonly Point[], count: number, seed: number): Point[] {
  const random = drawing(seed)
  const groups = new Map<string, Point[]>()
  for (const point of points) {
    const group = `${point.story.name} ${point.story.database} ${point.kind} ${point.name} ${point.moment}`
    groups.set(group, [...(groups.get(group) ?? []), point])
  }
  const ranked = [...groups.values()].flatMap((group) =>
    shuffled(group, random).map((point, rank) => ({ point, rank })),
  )
  return shuffled(ranked, random)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ point }) => point)
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
function drawing(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
