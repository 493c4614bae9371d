/**
 * One replica of the app through all its lives: killed, paused, cut off from its database, started again. It knows what state
 * it is in, and nothing of when or why.
 */
import { hostname } from 'node:os'
import type { Relay } from '../../support/database/relay.ts'
import type { FastTime } from '../../support/process/fast-time.ts'
import { type AppChild, type AppOptions, startAppChild } from '../kill/app-child.ts'

/** `whole`: it listens, runs, and has its database. */
export type State = 'down' | 'starting' | 'whole' | 'paused' | 'cut'

export interface ReplicaOptions extends Pick<AppOptions, 'program' | 'twin' | 'folder'> {
  readonly relay: Relay
  readonly time: () => FastTime
  /** It ended unasked, or did not when asked; with the end of its log. */
  readonly onCrash: (told: readonly string[]) => void
}

/** Milliseconds of the machine's own time in which a process ends when it is asked to. */
const PATIENCE = 20_000

export class Replica {
  readonly #options: ReplicaOptions
  #app: AppChild | null = null
  #url: string | null = null
  #state: State = 'down'

  constructor(options: ReplicaOptions) {
    this.#options = options
  }

  get state(): State {
    return this.#state
  }

  /** Where it takes webhooks; null when it never listened since it was started. */
  get url(): string | null {
    return this.#url
  }

  /** What it is called in leases. */
  get owner(): string {
    return `${hostname()}:${this.#app?.pid ?? 0}`
  }

  /** Resolves when it listens, or is no more. */
  async start(): Promise<void> {
    const { program, twin, folder, relay, time, onCrash } = this.#options
    relay.mend()
    const variables = { DATABASE_URL: relay.url }
    const app = startAppChild({ program, twin, folder, variables, time: time(), point: null, onCommit: () => {} })
    this.#app = app
    this.#state = 'starting'
    void app.ended.then(() => {
      if (this.#app !== app || this.#state === 'down') return
      this.#state = 'down'
      this.#url = null
      onCrash(app.told())
    })
    const url = await app.url.catch(() => null)
    if (this.#app !== app || url === null || this.#state !== 'starting') return
    this.#url = url
    this.#state = 'whole'
    app.moved(time())
  }

  async kill(): Promise<void> {
    this.#state = 'down'
    this.#url = null
    await this.#app?.kill()
  }

  pause(): void {
    this.#state = 'paused'
    this.#app?.signal('SIGSTOP')
  }

  cut(): void {
    this.#state = 'cut'
    this.#options.relay.cut()
  }

  /** Ends a pause or a cut. */
  goOn(): void {
    if (this.#state === 'paused') this.#app?.signal('SIGCONT')
    if (this.#state === 'cut') this.#options.relay.mend()
    if (this.#state === 'paused' || this.#state === 'cut') this.#state = 'whole'
  }

  moved(time: FastTime): void {
    if (this.#state !== 'down') this.#app?.moved(time)
  }

  /** Asks it to end; one that does not is killed. */
  async stop(): Promise<void> {
    const app = this.#app
    if (this.#state === 'down' || !app) return
    this.#state = 'down'
    app.signal('SIGTERM')
    const patience = setTimeout(() => {
      this.#options.onCrash(['it did not end when it was asked to', ...app.told()])
      void app.kill()
    }, PATIENCE)
    await app.ended
    clearTimeout(patience)
  }
}
