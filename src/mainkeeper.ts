/**
 * One running Mainkeeper over a given store and a given GitHub: the HTTP door, the worker that takes lanes, the sweeps. It
 * reads no environment and opens no database; `cli/start.ts`, the demo and the stories give it theirs.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { createProbot } from './app.ts'
import type { Fence } from './core/fence.ts'
import { REPOSITORY_LANE } from './core/ids.ts'
import type { GitHub } from './github/port.ts'
import { createDeliveries, type Deliveries } from './ingest/deliveries.ts'
import { createIntake } from './ingest/intake.ts'
import { createReceiver } from './ingest/receive.ts'
import { observeRepositories } from './ingest/repositories.ts'
import { sweepRepository } from './ingest/sweep.ts'
import { botOf } from './ingest/translate/translation.ts'
import type { Sleeper } from './lane/activity.ts'
import { runRepositoryTurn } from './lane/repository-turn.ts'
import { runTurn } from './lane/turn.ts'
import { startWorker, type Worker } from './lane/worker.ts'
import type { Store } from './store/store.ts'

export interface MainkeeperOptions {
  readonly store: Store
  readonly github: GitHub
  readonly app: {
    readonly id: number
    readonly slug: string
    readonly privateKey: string
    readonly webhookSecret: string
  }
  readonly clock: Sleeper & { now(): number }
  readonly log: Logger
  /** Names this process in leases: host and pid. */
  readonly owner: string
  readonly listen?: { readonly host: string; readonly port: number }
  /** Milliseconds between two sweeps of a repository. */
  readonly sweepEvery?: number
  /** Milliseconds that a lease is kept for late events. */
  readonly grace?: number
  /** Milliseconds between two looks for due lanes without a hint. */
  readonly poll?: number
}

export interface Mainkeeper {
  /** Where webhooks are received: scheme, host and port. */
  readonly url: string
  busy(): boolean
  /** Finishes the steps under way, releases the leases, closes the door. The store stays open. */
  stop(): Promise<void>
}

/** How many lanes one process works on at once. */
export const TURNS = 8
const DEFAULTS = { sweepEvery: 300_000, grace: 5_000, poll: 1_000 }

export async function startMainkeeper(options: MainkeeperOptions): Promise<Mainkeeper> {
  const { store, clock, log } = options
  const wakes = { wake: (_repository: string, _lane: string): void => {} }
  const facts = hinting(store, wakes)
  const deliveries = await createDoorway(options, facts)
  const worker = createWorker(options, facts, deliveries)
  wakes.wake = (repository, lane) => worker.wake(repository, lane)
  const unlisten = await store.wakes.listen(({ repository, lane }) => worker.wake(repository, lane))
  const { server, url } = await listen(options, deliveries)
  const arriving = arrive(options, facts, deliveries, worker)
  log.info({ url, owner: options.owner, at: new Date(clock.now()).toISOString() }, 'listening for webhooks')
  return {
    url,
    busy: () => worker.busy() || arriving.busy(),
    async stop() {
      server.close()
      server.closeIdleConnections()
      await arriving.end()
      await worker.stop()
      await unlisten()
      server.closeAllConnections()
    },
  }
}

type Log = Store['log']

/** The log, which also hints at the lanes that it touched in this process: a database's NOTIFY takes the long way round. */
function hinting(store: Store, wakes: { wake(repository: string, lane: string): void }): Log {
  return {
    position: () => store.log.position(),
    async append(request) {
      const result = await store.log.append(request)
      if (result.ok)
        for (const lane of result.lanes) if (lane !== request.fence?.lane) wakes.wake(request.repository, lane)
      return result
    },
  }
}

async function createDoorway({ store, app, clock, log }: MainkeeperOptions, facts: Log): Promise<Deliveries> {
  const intake = createIntake({ store: { ...store, log: facts }, app, now: () => clock.now(), log })
  const probot = await createProbot({ appId: app.id, privateKey: app.privateKey, secret: app.webhookSecret }, intake)
  const dispatch = (webhook: object) =>
    probot.webhooks.receive(webhook as Parameters<typeof probot.webhooks.receive>[0])
  return createDeliveries({ inbox: store.inbox, dispatch, log })
}

function createWorker(options: MainkeeperOptions, facts: Log, deliveries: Deliveries): Worker {
  const { clock, log, github } = options
  const store: Store = { ...options.store, log: facts }
  const { sweepEvery = DEFAULTS.sweepEvery, grace = DEFAULTS.grace, poll = DEFAULTS.poll } = options
  const startedAt = clock.now()
  const now = () => clock.now()
  const say = (line: Record<string, unknown>, message: string) => log.debug(line, message)
  const port = (repository: string, installation: number) => github.repository(repository, installation)
  const bot = botOf(options.app)
  const tools = { store, port, bot, now, log: say }
  return startWorker({
    store,
    clock,
    owner: options.owner,
    turns: TURNS,
    poll,
    turn: (fence, linger, stopping) =>
      fence.lane === REPOSITORY_LANE
        ? runRepositoryTurn(fence, {
            ...tools,
            stopping,
            sweepEvery,
            startedAt,
            sweep: async (repository, installation) => {
              await deliveries.translatePending()
              const { complete, appended, failures } = await sweepRepository({
                port: port(repository, installation),
                bot,
                store,
                repository,
                now,
                startedAt,
              })
              log.info({ repository, appended, failures }, 'swept')
              return complete
            },
          })
        : runTurn(fence, { ...tools, linger, stopping, grace }),
    onCrash: (fence: Fence, error) =>
      log.error(
        { repository: fence.repository, lane: fence.lane, epoch: fence.epoch, err: error },
        'turn ended by an error',
      ),
    onUnavailable: (error) => log.warn({ err: error }, 'the database did not answer; trying again'),
  })
}

async function listen(
  { listen: where = { host: '127.0.0.1', port: 0 }, app, log }: MainkeeperOptions,
  deliveries: Deliveries,
): Promise<{ server: Server; url: string }> {
  const receive = createReceiver({ secret: app.webhookSecret, deliveries, log })
  const server = createServer((request, response) => {
    void receive(request, response).then((taken) => {
      if (!taken)
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"nothing is served here"}')
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(where.port, where.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = where.host.includes(':') ? `[${where.host}]` : where.host
  return { server, url: `http://${host}:${port}` }
}

/** What a start owes: deliveries that were kept and not translated, and the repositories that the App came to meanwhile. */
function arrive(
  { store, github, clock, log, owner }: MainkeeperOptions,
  facts: Log,
  deliveries: Deliveries,
  worker: Pick<Worker, 'wake'>,
): { busy(): boolean; end(): Promise<void> } {
  const ended = new AbortController()
  let busy = true
  /** Webhooks that came while nobody listened are lost, so every repository is due, whenever it was swept. */
  async function sweepAll(repositories: readonly string[]): Promise<void> {
    for (const repository of repositories) {
      const taken = await store.leases.acquire(repository, REPOSITORY_LANE, owner)
      // Whoever is at work there knows when it is due.
      if (taken.result === 'busy') continue
      await store.leases.release(taken.fence, { wakeAt: clock.now() })
      worker.wake(repository, REPOSITORY_LANE)
    }
  }
  async function tell(): Promise<void> {
    await deliveries.translatePending()
    // Those that are known wait for no list of all: GitHub may limit another installation, or not answer at all.
    const known = (await store.models.repositories()).filter(({ doc }) => doc.installed)
    await sweepAll(known.map(({ name }) => name))
    for (let pause = 5_000; !ended.signal.aborted; pause = Math.min(pause * 2, 300_000)) {
      const observed = await observeRepositories({ github, store: { ...store, log: facts }, now: () => clock.now() })
      if (observed.ok) return sweepAll(observed.value.map(({ repository }) => repository))
      log.warn(
        { failure: observed.failure, reason: observed.message, retryIn: pause },
        'GitHub could not be asked for its repositories',
      )
      busy = false
      await clock.sleep(pause, ended.signal)
      busy = true
    }
  }
  const whole = tell()
    .catch((error: unknown) => log.error({ err: error }, 'the start could not be finished; the sweep makes up for it'))
    .finally(() => {
      busy = false
    })
  return {
    busy: () => busy,
    async end() {
      ended.abort()
      await whole
    },
  }
}
