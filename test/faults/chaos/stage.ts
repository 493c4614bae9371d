/**
 * What a run plays on: the replicas of the real app with their ways to one PostgreSQL, the local GitHub with its repositories,
 * a balancer that gives webhooks to any of them, and the time of all. It decides nothing.
 */
import { join } from 'node:path'
import postgres from 'postgres'
import { drawing } from '../../../src/twin/ci/random.ts'
import { startTwin, type Twin } from '../../../src/twin/twin.ts'
import { openRelay } from '../../support/database/relay.ts'
import { compileProgram } from '../../support/process/program.ts'
import type { Databases } from '../kill/databases.ts'
import { createFastClock } from '../kill/fast-clock.ts'
import { staleEvents } from '../stale-events.ts'
import { endIdleSessions, idleTimeoutOf } from './idle-sessions.ts'
import { Replica } from './replica.ts'
import { type Takeovers, watchTakeovers } from './takeovers.ts'
import { openWorld, type World } from './world.ts'

export interface Stage {
  readonly world: World
  readonly replicas: readonly Replica[]
  readonly takeovers: Takeovers
  /** The ends of the logs of processes that ended unasked. */
  readonly crashes: readonly (readonly string[])[]
  /** Whether every repository was looked at once, so that its lanes are known. */
  readonly isKnown: () => Promise<boolean>
  /** Whether anybody holds a lane. */
  readonly isHeld: () => Promise<boolean>
  /** Moves the time of all on by so many milliseconds. */
  readonly move: (ms: number) => Promise<void>
  /** Events that a holder wrote behind its successor. */
  readonly stale: () => Promise<string[]>
  readonly close: () => Promise<void>
}

export interface StageOptions {
  readonly folder: string
  readonly databases: Databases
  readonly replicas: number
  readonly lanes: number
  readonly seed: number
}

/** How much faster than the machine's clock time runs. */
const RATE = 10
/** Milliseconds of the machine's own time between two choices of the balancer. */
const BALANCE_EVERY = 250
/** And between two looks for sessions that PostgreSQL would have ended by now. */
const END_IDLE_EVERY = 250
/** Limits of GitHub are not what is looked at. */
const UNLIMITED = { hourlyRequests: 1_000_000, hourlyPoints: 1_000_000 }
/** A port that nobody listens on: what is sent while nobody is there is lost. */
const NOWHERE = 'http://127.0.0.1:9/'

/** Opens everything; the replicas are not started yet. */
export async function openStage({ folder, databases, replicas: count, lanes, seed }: StageOptions): Promise<Stage> {
  const program = await compileProgram()
  const clock = createFastClock(RATE)
  const database = await databases.open('postgres', folder, clock.time())
  const url = database.variables['DATABASE_URL'] ?? ''
  const twin = await startTwin({ clock, seed, folder: join(folder, 'github'), ...UNLIMITED })
  const world = await openWorld(twin, lanes, seed)
  const relays = await Promise.all(Array.from({ length: count }, () => openRelay(url)))
  const crashes: (readonly string[])[] = []
  const replicas = relays.map(
    (relay) =>
      new Replica({ program, twin, folder, relay, time: clock.time, onCrash: (told) => void crashes.push(told) }),
  )
  const balancer = balance(twin, replicas, drawing(seed, 'balancer'))
  const client = postgres(url, { max: 1, onnotice: () => {} })
  const idleTimeout = (await idleTimeoutOf(url)) / RATE
  const ender = setInterval(() => void endIdleSessions(client, idleTimeout).catch(() => {}), END_IDLE_EVERY)
  const repositories = new Set(world.lanes.map(({ repo }) => repo.fullName)).size
  return {
    world,
    replicas,
    takeovers: watchTakeovers(client, () =>
      replicas.filter(({ state }) => state === 'whole').map(({ owner }) => owner),
    ),
    crashes,
    isKnown: async () => (await client`select from checkpoint where name like 'swept:%'`).length === repositories,
    isHeld: async () => (await database.held()) === true,
    async move(ms) {
      clock.move(ms)
      await database.tell(clock.time())
      for (const one of replicas) one.moved(clock.time())
    },
    stale: () => staleEvents(url),
    async close() {
      clearInterval(balancer)
      clearInterval(ender)
      await Promise.all(replicas.map((one) => one.kill()))
      await world.stop()
      await twin.stop()
      await Promise.all(relays.map((relay) => relay.close()))
      await client.end({ timeout: 1 })
      await database.drop()
    },
  }
}

/** Any that listens gets what comes: a balancer does not know at once who is paused. */
function balance(twin: Twin, replicas: readonly Replica[], random: () => number): NodeJS.Timeout {
  return setInterval(() => {
    const open = replicas.flatMap((one) => one.url ?? [])
    const to = open[Math.floor(random() * open.length)]
    twin.deliverTo(to === undefined ? NOWHERE : `${to}/api/github/webhooks`)
  }, BALANCE_EVERY)
}
