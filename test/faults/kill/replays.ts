/**
 * Kill everywhere: records the points of each story, then replays it once for each of them and compares how it ends. It
 * knows neither the app nor the stories.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileProgram } from '../../support/process/program.ts'
import { openDatabases } from './databases.ts'
import { differences, type Ending } from './ending.ts'
import { play, type Theatre } from './play.ts'
import { type Point, pointsOf, sampleOf } from './point.ts'
import type { KillStory } from './stories.ts'

export interface ReplayOptions {
  readonly stories: readonly KillStory[]
  /** How many points are replayed; chosen by the seed where there are more. */
  readonly points: number
  readonly seed: number
  /** How many replays run at once. */
  readonly workers: number
  readonly onRecorded?: (story: KillStory, points: number) => void
  readonly onReplayed?: (replayed: Replayed, done: number, of: number) => void
}

export interface Replayed {
  readonly point: Point
  readonly outcome: 'same' | 'different' | 'not reached'
  /** What is wrong, with the end of the app's log; empty where nothing is. */
  readonly told: readonly string[]
  readonly seconds: number
}

/** How often a story is recorded, so that what differs by chance is seen before any kill is blamed for it. */
const RECORDINGS = 2
/** What is counted differs a little from run to run: a point that a replay did not come by is tried again. */
const TRIES = 3

/** One result for each point; throws where a story does not end, or not twice in the same way, without any kill. */
export async function replayAll(options: ReplayOptions): Promise<Replayed[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mainkeeper-kill-'))
  const databases = openDatabases(folder)
  try {
    const theatre = { folder, program: await compileProgram(), databases }
    const recorded = await record(options, theatre)
    const points = sampleOf(
      recorded.flatMap((one) => one.points),
      options.points,
      options.seed,
    )
    const endings = new Map(recorded.map(({ story, ending }) => [story, ending]))
    let done = 0
    return await inParallel(points, options.workers, async (point) => {
      const replayed = await replay(point, endings.get(point.story) ?? [], theatre)
      options.onReplayed?.(replayed, ++done, points.length)
      return replayed
    })
  } finally {
    await databases.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Recorded {
  readonly story: KillStory
  readonly points: readonly Point[]
  readonly ending: Ending
}

async function record({ stories, workers, onRecorded }: ReplayOptions, theatre: Theatre): Promise<Recorded[]> {
  const runs = stories.flatMap((story) => Array.from({ length: RECORDINGS }, () => story))
  const played = await inParallel(runs, workers, async (story) => {
    const run = await play(story, null, null, theatre)
    if (run.failure !== null)
      throw new Error(`${story.name} on ${story.database}, without a kill: ${run.failure}\n${run.told.join('\n')}`)
    return { story, run }
  })
  return stories.map((story) => {
    const mine = played.filter((one) => one.story === story).map(({ run }) => run)
    const ending = mine[0]?.ending ?? []
    for (const other of mine.slice(1)) {
      const chance = differences(ending, other.ending)
      if (chance.length > 0)
        throw new Error(`${story.name} on ${story.database} ends differently without a kill:\n${chance.join('\n')}`)
    }
    const points = pointsOf(
      story,
      mine.map(({ counts }) => counts),
    )
    onRecorded?.(story, points.length)
    return { story, points, ending }
  })
}

async function replay(point: Point, wanted: Ending, theatre: Theatre): Promise<Replayed> {
  const began = Date.now()
  for (let tries = 1; ; tries++) {
    const { ending, reached, failure, told } = await play(point.story, point, wanted, theatre)
    if (!reached && failure === null && tries < TRIES) continue
    const wrong = [...differences(wanted, ending), ...(failure === null ? [] : [failure])]
    const outcome = reached ? (wrong.length === 0 ? 'same' : 'different') : 'not reached'
    const seconds = (Date.now() - began) / 1000
    return { point, outcome, told: outcome === 'same' ? [] : [...wrong, ...told], seconds }
  }
}

/** Does the work for each, so many at once; the results are in the order of what was given. */
async function inParallel<T, R>(all: readonly T[], workers: number, work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  let failed = false
  const one = async (): Promise<void> => {
    while (next < all.length && !failed) {
      const at = next++
      const given = all[at] as T
      results[at] = await work(given).catch((error: unknown) => {
        failed = true
        throw error
      })
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: workers }, one))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
  return results
}
