/**
 * The bot's lives, one after another: started, stopped as SIGTERM does, or killed and started again some time later. It knows
 * neither what happens in the world nor what is expected of it.
 */
import { type Logger, pino } from 'pino'
import { createGitHub } from '../../../src/github/octokit.ts'
import type { GitHub } from '../../../src/github/port.ts'
import { type Mainkeeper, startMainkeeper } from '../../../src/mainkeeper.ts'
import type { Database } from '../../../src/store/connect/client.ts'
import { type Store, storeOn } from '../../../src/store/store.ts'
import type { VirtualClock } from '../../../src/twin/clock.ts'
import type { Twin } from '../../../src/twin/twin.ts'
import type { Crash } from './history.ts'
import { beginLife, type Life } from './life.ts'

/** A port that nobody listens on: what is sent while the bot is dead is lost. */
const NOWHERE = 'http://127.0.0.1:9/'

interface Habitat {
  readonly twin: Twin
  readonly clock: VirtualClock
  readonly store: Store
  /** What the bot called an error while it lived. */
  readonly errors: string[]
  readonly quiet: () => Promise<void>
  readonly sweepEvery: number
}

export interface Lives {
  start(): Promise<void>
  stop(): Promise<void>
  awake(): boolean
  busy(): boolean
  starting(): boolean
  died(): boolean
  /** How often it was killed so far. */
  deaths(): number
  /** Takes away what a dead process leaves of itself, and starts another one when the crash says so. */
  bury(): Promise<void>
  crash(planned: Crash): void
}

export function keepAlive({ twin, clock, store, errors, quiet, sweepEvery }: Habitat): Lives {
  let bot: Mainkeeper | null = null
  let life: Life | null = null
  let plan: Crash | null = null
  let starting = 0
  let deaths = 0

  async function start(): Promise<void> {
    starting++
    const mine = beginLife(store.database)
    const log = pino({ level: 'error' }, { write: (line: string) => void (mine.dead() || errors.push(line.trim())) })
    life = mine
    bot = await startBotOn({ twin, clock, database: mine.database, log, sweepEvery })
    twin.deliverTo(`${bot.url}/api/github/webhooks`)
    starting--
    await quiet()
  }

  async function stop(): Promise<void> {
    const last = bot
    bot = null
    life = null
    await last?.stop()
  }

  return {
    start,
    stop,
    awake: () => bot !== null,
    busy: () => bot?.busy() ?? false,
    starting: () => starting > 0,
    died: () => life?.dead() ?? false,
    deaths: () => deaths,
    async bury() {
      deaths++
      twin.deliverTo(NOWHERE)
      const seconds = plan?.seconds ?? 0
      plan = null
      await stop()
      void clock.sleep(seconds * 1000).then(start)
    },
    crash(planned) {
      const { at, operation, nth, moment } = planned
      if (at === 'commit') {
        plan = planned
        life?.dieAtCommit(nth, moment)
        return
      }
      let met = 0
      const end = twin.faults.on(moment, operation ?? /^/, () => {
        if (!life || life.dead() || ++met < nth) return undefined
        end()
        plan = planned
        life.die()
        return 'killed'
      })
    },
  }
}

export function githubOf(twin: Twin, clock: Pick<VirtualClock, 'now'>, { limits }: Pick<Store, 'limits'>): GitHub {
  const { id, privateKey } = twin.app
  const pace = { contentMs: 0, writeMs: 0 }
  return createGitHub({ appId: id, privateKey, baseUrl: twin.url, now: () => clock.now(), pace, limits })
}

interface Born extends Pick<Habitat, 'twin' | 'clock' | 'sweepEvery'> {
  readonly database: Database
  readonly log: Logger
}

function startBotOn({ twin, clock, database, log, sweepEvery }: Born): Promise<Mainkeeper> {
  const { id, slug, privateKey, webhookSecret } = twin.app
  const store = storeOn(database, { monotonic: () => clock.now() })
  return startMainkeeper({
    store,
    github: githubOf(twin, clock, store),
    app: { id, slug, privateKey, webhookSecret },
    clock,
    log,
    owner: 'law',
    poll: 3_600_000,
    sweepEvery,
  })
}
