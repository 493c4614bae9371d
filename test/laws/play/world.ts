/**
 * A world for one history after another: a twin and a bot of its own for each, on a clock that begins at the same instant, over
 * one database that is emptied in between. It knows how to play time; what happens in it is told by `run-history.ts`.
 */
import type { GitHub } from '../../../src/github/port.ts'
import type { Database } from '../../../src/store/connect/client.ts'
import type { Store } from '../../../src/store/store.ts'
import { attachCi, type CiHandle } from '../../../src/twin/ci/ci.ts'
import { rule } from '../../../src/twin/ci/run.ts'
import { VirtualClock } from '../../../src/twin/clock.ts'
import type { CallAct } from '../../../src/twin/faults.ts'
import type { Permission } from '../../../src/twin/state.ts'
import { startTwin, type Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import { type DatabaseKind, openTestStore, type TestStore } from '../../support/database/database.ts'
import { type Standing, standingOf } from './approvals.ts'
import { type Crash, type History, READ_PULL, READ_REF, TARGETS, type Target } from './history.ts'
import { githubOf, keepAlive } from './lives.ts'

/** A move of a target, as the twin saw it. */
export interface Push {
  readonly target: Target
  readonly before: string
  readonly after: string
  /** `app` is the App itself. */
  readonly by: string
  readonly forced: boolean
  readonly at: number
}

/** One answer, of how it stood at that instant. */
export interface Look {
  readonly operation: typeof READ_PULL | typeof READ_REF
  readonly at: number
}

export interface World {
  readonly clock: VirtualClock
  readonly twin: Twin
  readonly repo: TwinRepository
  /** The fork that alice has of it. */
  readonly fork: TwinRepository
  readonly targets: readonly Target[]
  readonly settings: Settings
  readonly ci: CiHandle
  readonly store: Store
  /** Every move of a target so far. */
  readonly pushes: readonly Push[]
  /** When GitHub answered what is asked right before it is to merge, oldest first. */
  readonly looks: readonly Look[]
  /** Whose approvals stood when, oldest first. */
  readonly standings: readonly Standing[]
  readonly permissions: ReadonlyMap<string, Permission>
  /** What the bot called an error so far: a turn that threw, a delivery that could not be translated. */
  readonly errors: readonly string[]
  /** Whether webhooks may have been lost: dropped, or sent while nobody listened. */
  lossy: boolean
  /** Whether the App may change the contents of the repository. */
  appMayWrite: boolean
  allow(login: string, permission: Permission): void
  /** Writes down whose approvals stand; to be called whenever a person did something. */
  note(): void
  /** Keeps the next call of the operation from its answer, or from being done, for so many seconds. */
  hang(operation: string, how: CallAct, seconds: number): void
  crash(plan: Crash): void
  /** How often it was killed so far. */
  deaths(): number
  /** Does all that is due within the milliseconds. */
  pass(ms: number): Promise<void>
  /** GitHub as one more process of the App sees it. */
  github(): GitHub
  /** Stops the bot as SIGTERM does. */
  stop(): Promise<void>
  /** Starts a bot that was stopped. */
  start(): Promise<void>
  /** Stops the bot and starts another one; nothing where it is dead, for then one comes by itself. */
  restart(): Promise<void>
}

/** What stays open from history to history. */
export interface Arena {
  /** Gives the work a fresh world, and ends that world with it. */
  within<T>(settings: Settings, work: (world: World) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface Settings {
  readonly config: string
  readonly protected: boolean
  readonly method: 'merge' | 'squash' | 'rebase' | 'fast-forward'
  readonly mode: 'exact' | 'native'
  readonly targets: 1 | 2
  /** Seconds that CI takes. */
  readonly ci: number
  readonly reports: History['reports']
  readonly approvals: History['approvals']
  readonly when: History['when']
  readonly opens: History['opens']
}

export const REPOSITORY = 'acme/rocket'
export const CHECK = 'test'
export const SWEEP_EVERY = 600_000
/** So many rounds of the event loop without anything, and nothing is on its way to or from a call that hangs. */
const CALM = { usual: 3, hanging: 40 }

/** `red` beside `blue` breaks, wherever they stand; `bad` breaks by itself, and `shaky` what is built for the queue, once. */
const breaks = rule((files, { ref, attempt }) => {
  const text = Object.values(files).join('\n')
  const has = (word: string) => new RegExp(`\\b${word}\\b`).test(text)
  const shakes = has('shaky') && attempt === 1 && ref.startsWith('refs/heads/mainkeeper/queue/')
  return has('bad') || (has('red') && has('blue')) || shakes ? 'failure' : 'success'
})

export interface ArenaOptions {
  readonly kind?: DatabaseKind
  /** An open database to use, which stays open. */
  readonly database?: Database
}

export async function openArena(options: ArenaOptions = {}): Promise<Arena> {
  const time: { clock: VirtualClock } = { clock: new VirtualClock() }
  const test = await openTestStore({ ...options, clock: { now: () => time.clock.now() } })
  return {
    async within(settings, work) {
      time.clock = new VirtualClock()
      await test.truncate()
      const { world, end } = await makeWorld(settings, time.clock, test)
      try {
        return await work(world)
      } finally {
        await end()
      }
    },
    close: () => test.close(),
  }
}

async function furnish(twin: Twin, settings: Settings): Promise<{ repo: TwinRepository; fork: TwinRepository }> {
  const files = {
    'a.txt': 'begin\n',
    'b.txt': 'begin\n',
    'c.txt': 'begin\n',
    '.github/mainkeeper.yml': settings.config,
  }
  const repo = await twin.repository(REPOSITORY, { files })
  if (settings.targets === 2) await repo.as('acme').push('next', (await repo.ref('main')) ?? '')
  const requiredChecks = [{ context: CHECK }]
  for (const target of settings.protected ? TARGETS.slice(0, settings.targets) : [])
    repo.protect(target, { requiredChecks, allowForcePushes: true })
  return { repo, fork: await repo.fork('alice') }
}

const PEOPLE = { alice: 'write', bob: 'write', carol: 'maintain', root: 'admin' } as const

async function makeWorld(settings: Settings, clock: VirtualClock, test: TestStore) {
  const twin = await startTwin({ clock, seed: 1 })
  const { repo, fork } = await furnish(twin, settings)
  const permissions = new Map<string, Permission>()
  const allow = (login: string, permission: Permission): void => {
    repo.collaborator(login, permission)
    permissions.set(login, permission)
  }
  for (const [login, permission] of Object.entries(PEOPLE)) allow(login, permission)
  const ci = attachCi(repo, {
    name: CHECK,
    as: settings.reports === 'status' ? 'status' : 'check_run',
    ...(settings.reports === 'app' ? { app: { id: 99, slug: 'other-ci' } } : {}),
    run: breaks,
    seed: 1,
    duration: () => settings.ci * 1000,
    on: (ref) =>
      /^refs\/pull\/\d+\/head$/.test(ref) ||
      (/^refs\/heads\/(topic-|mainkeeper\/queue\/)/.test(ref) && !ref.startsWith('refs/heads/mainkeeper/scratch/')),
  })
  const pushes: Push[] = []
  repo.onPush(({ ref, before, after, by, forced }) => {
    const target = TARGETS.find((one) => ref === `refs/heads/${one}`)
    if (target) pushes.push({ target, before, after, by, forced, at: clock.now() })
  })
  const looks: Look[] = []
  for (const operation of [READ_PULL, READ_REF] as const)
    twin.faults.on('done', operation, () => void looks.push({ operation, at: clock.now() }))
  const standings: Standing[] = []
  const errors: string[] = []
  const lives = keepAlive({ twin, clock, store: test.store, errors, quiet: () => quiet(), sweepEvery: SWEEP_EVERY })
  const hanging = new Set<() => void>()

  async function quiet(): Promise<void> {
    for (let calm = 0; calm < (hanging.size > 0 ? CALM.hanging : CALM.usual); ) {
      if (lives.died()) {
        for (const release of hanging) release()
        await lives.bury()
      }
      if (twin.busy()) await twin.idle()
      if (ci.busy()) await ci.idle()
      await new Promise((resolve) => setImmediate(resolve))
      // Whoever waits for a call that hangs is busy for as long as time does not move.
      const busy = twin.busy() || ci.busy() || lives.died() || lives.starting() || (hanging.size === 0 && lives.busy())
      calm = busy ? 0 : calm + 1
    }
  }

  await lives.start()
  const world: World = {
    clock,
    twin,
    repo,
    fork,
    targets: TARGETS.slice(0, settings.targets),
    settings,
    ci,
    store: test.store,
    pushes,
    looks,
    standings,
    permissions,
    errors,
    lossy: false,
    appMayWrite: true,
    allow,
    note: () => void standings.push(standingOf(repo, permissions, settings.approvals)),
    hang(operation, how, seconds) {
      const held = twin.faults.next({ operation }, how)
      void held.reached.then(async () => {
        const release = () => {
          hanging.delete(release)
          held.release()
        }
        hanging.add(release)
        await clock.sleep(seconds * 1000)
        release()
      })
    },
    crash(plan) {
      world.lossy = true
      lives.crash(plan)
    },
    deaths: () => lives.deaths(),
    async pass(ms) {
      const end = clock.now() + ms
      await quiet()
      for (let due = clock.nextDue(); due !== undefined && due <= end; due = clock.nextDue()) {
        clock.wakeNext()
        await quiet()
      }
      clock.moveTo(end)
    },
    github: () => githubOf(twin, clock, test.store),
    stop: () => lives.stop(),
    start: () => lives.start(),
    async restart() {
      world.lossy = true
      for (const release of hanging) release()
      if (!lives.awake()) return
      await lives.stop()
      await lives.start()
    },
  }
  world.note()
  const end = async () => {
    twin.faults.clear()
    for (const release of hanging) release()
    await lives.stop()
    await ci.stop()
    await twin.stop()
  }
  return { world, end }
}
