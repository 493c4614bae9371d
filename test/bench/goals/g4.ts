/**
 * G4: what landing costs at GitHub, in requests and in moves of the target, for each merged pull request. k are approved at once on
 * the metering twin, with one slot.
 */
import { openDatabase } from '../../../src/store/connect/client.ts'
import type { VirtualClock } from '../../../src/twin/clock.ts'
import { openTestStore } from '../../support/database/database.ts'
import type { Contender } from '../github/contender.ts'
import { mainkeeper, type TakeStore } from '../github/mainkeeper.ts'
import { type Played, play } from '../github/play.ts'
import { putMergeBot } from '../github/put-merge-bot.ts'
import { restBatcher } from '../github/rest-batcher.ts'
import type { Asked, Goal, Row } from '../measure.ts'

const SIZES = [1, 2, 4, 8, 16]

const AT_ONCE = 'mode: live\nci: { slots: 1 }\n'
/** It counts from the queue, which is from the approval on. */
const waiting = (minutes: number): string => `${AT_ONCE}batch: { wait: ${minutes}m }\n`

/** Minutes from the green heads to the approvals: every pull request was seen by a sweep then, or none was by any. */
const SEEN = 6
const UNSEEN = 1

/** What a sweep asks, whether anything lands or not. */
const OF_A_SWEEP = [
  'graphql:ObserveRepository',
  'graphql:ObserveOpenPulls',
  'GET /repos/{owner}/{repo}/issues/comments',
] as const

/** Two observations and one verification. */
const READS_PER_BUILD = 3

interface Case {
  readonly count: number
  readonly contender: Contender
  readonly minutes: number
  readonly judged: boolean
}

function casesOf(take: TakeStore): Case[] {
  const own = (name: string, config: string, minutes: number, count: number): Case => ({
    count,
    contender: mainkeeper(name, config, take),
    minutes,
    judged: true,
  })
  return SIZES.flatMap((count) => [
    own('mainkeeper, batch.wait 1m', waiting(1), SEEN, count),
    ...(count === 8 ? [own('mainkeeper, batch.wait 1m, approved before a sweep', waiting(1), UNSEEN, count)] : []),
    own('mainkeeper, batch.wait 0', AT_ONCE, SEEN, count),
    { count, contender: putMergeBot, minutes: SEEN, judged: false },
    { count, contender: restBatcher, minutes: SEEN, judged: false },
  ])
}

export const g4: Goal = {
  name: 'G4',
  title: 'requests to GitHub and moves of the target: k approved at once, one slot',
  rows: SIZES.length * 4 + 1,
  async *run(seeds) {
    const { take, close } = await openStores()
    try {
      for (const { count, contender, minutes, judged } of casesOf(take)) {
        const played: Played[] = []
        for (const seed of seeds) played.push(await play(contender, count, seed, minutes))
        yield rowOf(count, contender.name, played, judged)
      }
    } finally {
      await close()
    }
  },
}

/** The most writes for each merged pull request of a batch of k: a merge each, five for the build, two statuses. */
const writesBound = (k: number): number => (k + 5) / k + 2

/** Measures of runs, one value for each seed. */
export function rowOf(k: number, policy: string, played: readonly Played[], judged: boolean): Row {
  const each = (value: (one: Played) => number) => played.map(value)
  const perBuild = (value: (one: Played) => number) => each((one) => value(one) / one.builds)
  const builds = played.every((one) => one.builds > 0)
  const paces = played.flatMap(({ paced }) => paced ?? [])
  const asked: Record<string, Asked> = {
    'writes/merged': { bound: writesBound(k) },
    'GraphQL writes/merged': { bound: 1 },
    'reads/build': { bound: READS_PER_BUILD },
    'target moves/merged': { bound: 1 / k },
    'share of secondary limits': { bound: 1, always: true },
  }
  return {
    workload: `k ${k}, bound ${writesBound(k).toFixed(2)} writes`,
    policy,
    measures: {
      'writes/merged': each(({ landing }) => landing.writes / k),
      '× bound': each(({ landing }) => landing.writes / k / writesBound(k)),
      'GraphQL writes/merged': each(({ landing }) => landing.mutations / k),
      'with opening': each(({ landing, opening }) => (landing.writes + opening.writes) / k),
      'reads/merged': each(({ landing }) => landing.reads / k),
      ...(builds ? { 'reads/build': perBuild(({ landing }) => landing.reads) } : {}),
      ...(builds ? { 'of which sweeps': perBuild(({ landing }) => sweepsOf(landing.requests)) } : {}),
      'GraphQL documents/merged': each(({ landing }) => landing.documents / k),
      'builds/merged': each((one) => one.builds / k),
      'target moves/merged': each(({ targetMoves }) => targetMoves / k),
      'share of secondary limits': each(({ landing }) => landing.busiest),
      ...(paces.length > 0 ? { 'seconds paced': paces } : {}),
    },
    detail: detailOf(played),
    ...(judged ? { asked } : {}),
  }
}

const sweepsOf = (requests: Readonly<Record<string, number>>): number =>
  OF_A_SWEEP.reduce((sum, operation) => sum + (requests[operation] ?? 0), 0)

/** Every operation with its count. */
function detailOf(played: readonly Played[]): Record<string, number[]> {
  const names = new Set(played.flatMap(({ landing }) => Object.keys(landing.requests)))
  return Object.fromEntries(
    [...names].sort().map((name) => [name, played.map(({ landing }) => landing.requests[name] ?? 0)]),
  )
}

/** One database for all runs, emptied between them: opening one takes longer than a run. */
async function openStores(): Promise<{ take: TakeStore; close: () => Promise<void> }> {
  let clock: Pick<VirtualClock, 'now'> = { now: () => 0 }
  const database = await openDatabase({ memory: true })
  const test = await openTestStore({ database, clock: { now: () => clock.now() } })
  return {
    take: async (of) => {
      clock = of
      return { store: test.store, giveBack: test.truncate }
    },
    close: test.close,
  }
}
