/**
 * One play of a story with the real app: without a point it is a recording, with one the app's process is killed there and
 * started again. It says what the story came to, and judges nothing.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { attachCi } from '../../../src/twin/ci/ci.ts'
import { startTwin, type Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import type { Program } from '../../support/process/program.ts'
import { type AppChild, startAppChild } from './app-child.ts'
import type { Databases, ReplayDatabase } from './databases.ts'
import { differences, type Ending, endingOf } from './ending.ts'
import { createFastClock, type FastClock } from './fast-clock.ts'
import type { Counts, Point } from './point.ts'
import type { KillStory, Stage } from './stories.ts'

export interface Theatre {
  readonly folder: string
  readonly program: Program
  readonly databases: Databases
}

export interface Played {
  readonly ending: Ending
  readonly counts: Counts
  /** Whether the point was met; true where there was none. */
  readonly reached: boolean
  /** What stopped the story on its way; null when it came to its end. */
  readonly failure: string | null
  /** The end of the log of the app's last life. */
  readonly told: readonly string[]
}

/** How much faster than the machine's clock time runs. */
const RATE = 10
/** Milliseconds of the fast clock by which the lease of a dead process has run out. */
const LEASE = 121_000
/** By so many milliseconds time is moved on when the app has nothing to do; a lease that is taken just then outlives it. */
const SKIP = 60_000
/** So often, and the app does nothing more that matters. */
const SKIPS = 40
/** All in milliseconds of the machine's own time. */
const PATIENCE = 120_000
const IDLE = 800
const LOOK = 15
/** So long without a request and a commit, and the app has nothing more to do. */
const QUIET = { recording: 1_500, replay: 250, unreached: 3_000 }
/** A port that nobody listens on: what is sent while the app is dead is lost. */
const NOWHERE = 'http://127.0.0.1:9/'
const REPOSITORY = 'acme/rocket'

let plays = 0

/** Plays the story; `wanted` is the ending to wait for, null to take whatever it comes to rest at. */
export async function play(
  story: KillStory,
  point: Point | null,
  wanted: Ending | null,
  theatre: Theatre,
): Promise<Played> {
  const folder = join(theatre.folder, `play-${plays++}`)
  await mkdir(folder)
  const clock = createFastClock(RATE)
  const database = await theatre.databases.open(story.database, folder, clock.time())
  const twin = await startTwin({ clock, latency: [0, 50], folder: join(folder, 'github') })
  try {
    return await new Play({ story, point, wanted, theatre, folder, clock, database, twin }).run()
  } finally {
    await twin.stop()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Parts {
  readonly story: KillStory
  readonly point: Point | null
  readonly wanted: Ending | null
  readonly theatre: Theatre
  readonly folder: string
  readonly clock: FastClock
  readonly database: ReplayDatabase
  readonly twin: Twin
}

class Play {
  readonly #parts: Parts
  readonly #counts = { request: new Map<string, number>(), commit: new Map<string, number>() }
  readonly #deadline = Date.now() + PATIENCE
  #app: AppChild | null = null
  #reached: boolean
  #over = false
  #lastAct = Date.now()
  #lastSkip = 0
  #skips = 0
  #failure: Error | null = null

  constructor(parts: Parts) {
    this.#parts = parts
    this.#reached = parts.point === null
  }

  async run(): Promise<Played> {
    const { twin, story } = this.#parts
    const repo = await furnish(twin, story)
    const telling = story.tell()
    const ci = attachCi(repo, { run: telling.ci, duration: () => 200 })
    this.#watchRequests()
    const lives = this.#live().catch((error: unknown) => this.#fail(error))
    try {
      await this.#until(() => this.#app?.swept() === true)
      await telling.act(this.#stage(repo))
      await this.#rest(repo)
    } catch (error) {
      this.#fail(error)
    }
    this.#over = true
    await this.#app?.kill()
    await lives
    await ci.stop()
    return {
      ending: await endingOf(repo, twin),
      counts: this.#counts,
      reached: this.#reached,
      failure: this.#failure?.message ?? null,
      told: this.#app?.told() ?? [],
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error))
  }

  /** The app's lives, one after another: it is started again when it was killed at the point. */
  async #live(): Promise<void> {
    const { twin, clock, database } = this.#parts
    for (;;) {
      const met = this.#reached
      const app = this.#start()
      void app.url.then(
        (url) => twin.deliverTo(`${url}/api/github/webhooks`),
        () => {},
      )
      const { atPoint } = await app.ended
      if (this.#over) return
      twin.deliverTo(NOWHERE)
      this.#reached ||= atPoint
      if (met || !this.#reached) throw new Error(`the app ended by itself:\n${app.told().slice(-12).join('\n')}`)
      clock.move(LEASE)
      await database.tell(clock.time())
    }
  }

  #start(): AppChild {
    const { theatre, twin, folder, database, clock, point } = this.#parts
    this.#app = startAppChild({
      program: theatre.program,
      twin,
      folder,
      variables: database.variables,
      time: clock.time(),
      point: !this.#reached && point?.kind === 'commit' ? point : null,
      onCommit: (name) => this.#count('commit', name),
    })
    return this.#app
  }

  #count(kind: Point['kind'], name: string): void {
    this.#lastAct = Date.now()
    this.#counts[kind].set(name, (this.#counts[kind].get(name) ?? 0) + 1)
  }

  #watchRequests(): void {
    const { twin, point } = this.#parts
    twin.faults.on('before', /^/, (operation) => this.#count('request', operation))
    if (point?.kind !== 'request') return
    let met = 0
    twin.faults.on(point.moment, point.name, async () => {
      if (++met !== point.nth) return undefined
      this.#reached = true
      await this.#app?.kill()
      return 'killed'
    })
  }

  #stage(repo: TwinRepository): Stage {
    const { twin, database } = this.#parts
    return {
      twin,
      repo,
      until: (holds) => this.#until(holds),
      later: async (minutes) => {
        await this.#until(async () => (await database.held()) !== true)
        await this.#move(minutes * 60_000)
      },
    }
  }

  async #move(ms: number): Promise<void> {
    const { clock, database } = this.#parts
    clock.move(ms)
    await database.tell(clock.time())
    this.#app?.moved(clock.time())
  }

  /** What was lost with the process is asked for minutes later: where nobody does anything those need not be waited for. */
  async #skip(): Promise<void> {
    const { wanted, database } = this.#parts
    const since = Math.max(this.#lastAct, this.#lastSkip)
    if (wanted === null || !this.#reached || Date.now() - since < IDLE || this.#app?.swept() !== true) return
    if (await database.held()) return
    if (++this.#skips > SKIPS) throw new Error(`nothing happened any more in ${SKIPS} minutes`)
    this.#lastSkip = Date.now()
    await this.#move(SKIP)
  }

  /** Waits until nothing moves any more, and in a replay until the ending is the wanted one. */
  async #rest(repo: TwinRepository): Promise<void> {
    const { twin, wanted } = this.#parts
    await this.#until(async () => {
      const quiet = Date.now() - this.#lastAct
      if (wanted === null) return quiet > QUIET.recording
      if (!this.#reached) return quiet > QUIET.unreached
      if (quiet < QUIET.replay || this.#app?.swept() !== true || twin.busy()) return false
      return differences(wanted, await endingOf(repo, twin)).length === 0
    })
  }

  async #until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) {
      if (this.#failure) throw this.#failure
      if (Date.now() > this.#deadline) throw new Error(`waited in vain for ${String(holds).replaceAll(/\s+/g, ' ')}`)
      await this.#skip()
      await sleep(LOOK)
    }
  }
}

async function furnish(twin: Twin, { files }: KillStory): Promise<TwinRepository> {
  const repo = await twin.repository(REPOSITORY, { files })
  repo.collaborator('alice', 'write')
  repo.collaborator('bob', 'write')
  repo.collaborator('carol', 'maintain')
  repo.protect('main', { requiredChecks: [{ context: 'test' }] })
  return repo
}
