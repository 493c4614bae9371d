/**
 * A world for one history after another: a twin and a bot of its own for each, on a clock that begins at the same instant, over
 * one database that is emptied in between. It knows how to play time; what happens in it is told by `run-history.ts`.
 */
import { type Logger, pino } from 'pino'
import { createGitHub } from '../../../src/github/octokit.ts'
import type { GitHub } from '../../../src/github/port.ts'
import { type Mainkeeper, startMainkeeper } from '../../../src/mainkeeper.ts'
import type { Store } from '../../../src/store/store.ts'
import { attachCi, type CiHandle } from '../../../src/twin/ci/ci.ts'
import { rule } from '../../../src/twin/ci/run.ts'
import { VirtualClock } from '../../../src/twin/clock.ts'
import { startTwin, type Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import { type DatabaseKind, openTestStore, type TestStore } from '../../support/database.ts'

/** A move of the target, as the twin saw it. */
export interface Push {
  readonly before: string
  readonly after: string
  /** `app` is the App itself. */
  readonly by: string
  readonly forced: boolean
  readonly at: number
}

export interface World {
  readonly clock: VirtualClock
  readonly twin: Twin
  readonly repo: TwinRepository
  readonly ci: CiHandle
  readonly store: Store
  /** Every move of the target so far. */
  readonly pushes: readonly Push[]
  /** What the bot called an error so far: a turn that threw, a delivery that could not be translated. */
  readonly errors: readonly string[]
  /** Does all that is due within the milliseconds. */
  pass(ms: number): Promise<void>
  /** GitHub as one more process of the App sees it. */
  github(): GitHub
  /** Stops the bot as SIGTERM does. */
  stop(): Promise<void>
  /** Stops the bot and starts another one. */
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
}

export const REPOSITORY = 'acme/rocket'
export const TARGET = 'refs/heads/main'
export const CHECK = 'test'
export const SWEEP_EVERY = 600_000

/** `red` beside `blue` breaks, wherever they stand; `bad` breaks by itself. */
const breaks = rule((files) => {
  const text = Object.values(files).join('\n')
  return /\bbad\b/.test(text) || (/\bred\b/.test(text) && /\bblue\b/.test(text)) ? 'failure' : 'success'
})

export async function openArena(database: DatabaseKind = 'pglite'): Promise<Arena> {
  const time: { clock: VirtualClock } = { clock: new VirtualClock() }
  const test = await openTestStore({ kind: database, clock: { now: () => time.clock.now() } })
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

async function makeWorld(settings: Settings, clock: VirtualClock, test: TestStore) {
  const twin = await startTwin({ clock, seed: 1 })
  const files = {
    'a.txt': 'begin\n',
    'b.txt': 'begin\n',
    'c.txt': 'begin\n',
    '.github/mainkeeper.yml': settings.config,
  }
  const repo = await twin.repository(REPOSITORY, { files })
  for (const login of ['alice', 'bob', 'carol']) repo.collaborator(login, login === 'carol' ? 'maintain' : 'write')
  repo.collaborator('root', 'admin')
  if (settings.protected) repo.protect('main', { requiredChecks: [{ context: CHECK }] })
  const ci = attachCi(repo, { name: CHECK, run: breaks, seed: 1 })
  const pushes: Push[] = []
  repo.onPush(({ ref, before, after, by, forced }) => {
    if (ref === TARGET) pushes.push({ before, after, by, forced, at: clock.now() })
  })
  const errors: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(line.trim()) })
  let bot: Mainkeeper | null = null
  const busy = () => twin.busy() || ci.busy() || (bot?.busy() ?? false)

  async function quiet(): Promise<void> {
    for (let calm = 0; calm < 3; calm = busy() ? 0 : calm + 1) {
      if (twin.busy()) await twin.idle()
      if (ci.busy()) await ci.idle()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async function startBot(): Promise<void> {
    bot = await startBotOn(twin, clock, test.store, log)
    twin.deliverTo(`${bot.url}/api/github/webhooks`)
    await quiet()
  }

  async function stop(): Promise<void> {
    await bot?.stop()
    bot = null
  }

  await startBot()
  const world: World = {
    clock,
    twin,
    repo,
    ci,
    store: test.store,
    pushes,
    errors,
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
    stop,
    async restart() {
      await stop()
      await startBot()
    },
  }
  const end = async () => {
    await stop()
    await ci.stop()
    await twin.stop()
  }
  return { world, end }
}

function githubOf(twin: Twin, clock: VirtualClock, { limits }: Store): GitHub {
  const { id, privateKey } = twin.app
  const pace = { contentMs: 0, writeMs: 0 }
  return createGitHub({ appId: id, privateKey, baseUrl: twin.url, now: () => clock.now(), pace, limits })
}

function startBotOn(twin: Twin, clock: VirtualClock, store: Store, log: Logger): Promise<Mainkeeper> {
  const { id, slug, privateKey, webhookSecret } = twin.app
  return startMainkeeper({
    store,
    github: githubOf(twin, clock, store),
    app: { id, slug, privateKey, webhookSecret },
    clock,
    log,
    owner: 'law',
    poll: 3_600_000,
    sweepEvery: SWEEP_EVERY,
  })
}
