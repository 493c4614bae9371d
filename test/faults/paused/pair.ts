/**
 * Two processes of the real app on one PostgreSQL and one GitHub, each with a wire of its own, on a fast clock. Whichever
 * comes by a point first is paused there with SIGSTOP. What the point is, and what has to hold afterwards, the tests say.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { LEASE_TTL_MS } from '../../../src/store/lease.ts'
import { attachCi } from '../../../src/twin/ci/ci.ts'
import { rule } from '../../../src/twin/ci/run.ts'
import { startTwin, type Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import { inDatabase } from '../../support/database/in-database.ts'
import { compileProgram, type Program } from '../../support/process/program.ts'
import { type AppChild, startAppChild } from '../kill/app-child.ts'
import { type Databases, openDatabases } from '../kill/databases.ts'
import { createFastClock } from '../kill/fast-clock.ts'
import { type Asked, type Held, openWire, type Wire } from './wire.ts'

/** What all pairs have in common. */
export interface Theatre {
  readonly folder: string
  readonly program: Program
  readonly databases: Databases
}

export async function openTheatre(): Promise<Theatre> {
  const folder = await mkdtemp(join(tmpdir(), 'mainkeeper-paused-'))
  return { folder, program: await compileProgram(), databases: openDatabases(folder) }
}

export async function closeTheatre({ folder, databases }: Theatre): Promise<void> {
  await databases.close()
  await rm(folder, { recursive: true, force: true })
}

export interface Holder {
  readonly app: AppChild
  readonly wire: Wire
}

export interface Pair {
  readonly twin: Twin
  readonly repo: TwinRepository
  /** A pull request of one file that is approved: its number. */
  approved(): Promise<number>
  /** Resolves when one of the two sends a request of which this holds; it waits on its wire. */
  reach(
    which: (asked: Asked) => boolean,
  ): Promise<{ readonly holder: Holder; readonly other: Holder; readonly held: Held }>
  /** Pauses a process until its lease is over; webhooks go to the other from now on. */
  oversleep(holder: Holder, other: Holder): Promise<void>
  /** Resolves when it holds; rejects when it does not within a minute of the machine's own time. */
  until(holds: () => boolean | Promise<boolean>): Promise<void>
  readonly url: string
  readonly query: <T>(work: (client: postgres.Sql) => Promise<T>) => Promise<T>
  /** Does it while nobody else can use the table. */
  whileLocked(table: string, work: () => Promise<void>): Promise<void>
  /** Whether somebody waits for a table that is locked. */
  waitsForLock(): Promise<boolean>
  /** Lets a paused process go on until its act is over, and asks it to end, so that nothing more can come of it. */
  wake(holder: Holder, epoch: number): Promise<void>
  close(): Promise<void>
}

const RATE = 10
const PATIENCE = 60_000
const LOOK = 15
const REPOSITORY = 'acme/rocket'
const FILES = { 'README.md': 'rocket\n', '.github/mainkeeper.yml': 'mode: live\n' }

let pairs = 0

export async function openPair({ folder, program, databases }: Theatre): Promise<Pair> {
  const own = join(folder, `pair-${pairs++}`)
  await mkdir(own)
  const clock = createFastClock(RATE)
  const database = await databases.open('postgres', own, clock.time())
  const twin = await startTwin({ clock, latency: [0, 50], folder: join(own, 'github') })
  const repo = await twin.repository(REPOSITORY, { files: FILES })
  for (const login of ['alice', 'bob']) repo.collaborator(login, 'write')
  repo.protect('main', { requiredChecks: [{ context: 'test' }] })
  const ci = attachCi(repo, { run: rule(() => 'success'), duration: () => 200 })
  const start = async (): Promise<Holder> => {
    const wire = await openWire(twin.url)
    const github = { url: wire.url, app: twin.app }
    const { variables } = database
    const time = clock.time()
    const app = startAppChild({ program, twin: github, folder: own, variables, time, point: null, onCommit: () => {} })
    return { app, wire }
  }
  const both = await Promise.all([start(), start()])
  const send = async ({ app }: Holder) => twin.deliverTo(`${await app.url}/api/github/webhooks`)
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + PATIENCE; !(await holds()); await sleep(LOOK))
      if (Date.now() > deadline)
        throw new Error(
          [`waited in vain for ${String(holds)}`, ...both.flatMap(({ app }) => [`-- ${app.pid}`, ...app.told()])].join(
            '\n',
          ),
        )
  }
  const url = database.variables['DATABASE_URL'] ?? ''
  const query = <T>(work: (client: postgres.Sql) => Promise<T>): Promise<T> => inDatabase(url, work)
  await send(both[0])
  await both[1].app.url
  await until(async () => both.some(({ app }) => app.swept()) && (await database.held()) !== true)

  return {
    twin,
    repo,
    until,
    url,
    query,
    whileLocked: (table, work) =>
      query(async (client) => {
        await client.unsafe(`begin; lock table ${table} in access exclusive mode`)
        await work()
        await client.unsafe('commit')
      }),
    waitsForLock: () =>
      query(
        async (client) => (await client`select from pg_locks where not granted and relation is not null`).length > 0,
      ),
    async approved() {
      await repo.as('alice').commit('one', { 'one.txt': '1\n' })
      const pull = await repo.as('alice').openPull({ head: 'one', title: 'Change one' })
      await repo.as('bob').review(pull, 'approve')
      return pull
    },
    reach(which) {
      let met = false
      // The same point of the other is its own affair.
      const first = (asked: Asked) => !met && which(asked) && (met = true)
      const [one, two] = both
      const ways = [
        { holder: one, other: two },
        { holder: two, other: one },
      ].map(async (way) => {
        const held = way.holder.wire.hold(first)
        await held.reached
        return { ...way, held }
      })
      return Promise.race(ways)
    },
    async oversleep(holder, other) {
      holder.app.signal('SIGSTOP')
      await send(other)
      clock.move(LEASE_TTL_MS + 1_000)
      // It hears of the time before it hears of anything else: nothing else was sent to it since.
      for (const { app } of both) app.moved(clock.time())
      await database.tell(clock.time())
    },
    async wake({ app }, epoch) {
      const told = new Set(app.told())
      const acted = (line: string) => line.includes(`"lane":"main","epoch":${epoch},`) && line.includes('"performed"')
      app.signal('SIGCONT')
      await until(() => app.told().some((line) => !told.has(line) && acted(line)))
      app.signal('SIGTERM')
      await app.ended
    },
    async close() {
      await Promise.all(both.map(({ app }) => app.kill()))
      await Promise.all(both.map(({ wire }) => wire.close()))
      await ci.stop()
      await twin.stop()
      await database.drop()
    },
  }
}
