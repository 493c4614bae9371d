/**
 * The outbox: signs each webhook, sends it some time later in a not quite kept order, and keeps the list of what became
 * of it. Like GitHub it tries once; it is sent again only when somebody asks.
 */
import { createHash, createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { Webhook, World } from '../world.ts'
import type { FaultPlan } from './fault-plan.ts'

export interface Delivery {
  readonly id: number
  readonly guid: string
  readonly event: string
  readonly action: string | null
  readonly installationId: number
  readonly repositoryId: number | null
  readonly body: string
  readonly redelivery: boolean
  deliveredAt: number
  duration: number
  /** 0 until it was answered. */
  statusCode: number
  status: string
}

export interface OutboxOptions {
  readonly secret: string
  /** Least and greatest time on the way, in milliseconds of the clock. */
  readonly latency: readonly [number, number]
}

const TIMEOUT_MS = 10_000
const KEPT = 20_000

/** Sends webhooks to the App. */
export class Outbox {
  /** Where to; nothing is sent, nor listed, while there is none. */
  target: string | undefined
  readonly #world: World
  readonly #faults: FaultPlan
  readonly #options: OutboxOptions
  readonly #list: Delivery[] = []
  readonly #agent = new Agent({ keepAlive: true })
  #lastId = 100_000

  constructor(world: World, faults: FaultPlan, options: OutboxOptions) {
    this.#world = world
    this.#faults = faults
    this.#options = options
  }

  /** What was sent, newest first. */
  list(): Delivery[] {
    return this.#list.toReversed()
  }

  post(webhook: Webhook): void {
    if (this.target === undefined) return
    const plan = this.#faults.forDelivery(webhook.event, webhook.action)
    const body = JSON.stringify(webhook.payload)
    const guid = this.#guid()
    for (let copy = 0; copy <= plan.copies && !plan.dropped; copy++) {
      const [least, most] = plan.reordered ? [0, 60_000] : this.#options.latency
      const latency = least + Math.floor(this.#world.draw('latency') * (most - least))
      this.#schedule(latency + plan.delay, this.#entry(webhook, guid, body, copy > 0))
    }
  }

  /** Sends a delivery once more under its old guid; undefined when there is none of that id. */
  redeliver(id: number): Delivery | undefined {
    const old = this.#list.find((each) => each.id === id)
    if (!old) return undefined
    const again = { ...old, id: ++this.#lastId, redelivery: true, statusCode: 0, status: 'pending' }
    this.#schedule(0, again)
    return again
  }

  close(): void {
    this.target = undefined
    this.#agent.destroy()
  }

  #entry(webhook: Webhook, guid: string, body: string, redelivery: boolean): Delivery {
    return {
      id: ++this.#lastId,
      guid,
      event: webhook.event,
      action: webhook.action,
      installationId: webhook.installation.id,
      repositoryId: webhook.repo?.id ?? null,
      body,
      redelivery,
      deliveredAt: this.#world.now(),
      duration: 0,
      statusCode: 0,
      status: 'pending',
    }
  }

  #schedule(ms: number, delivery: Delivery): void {
    this.#world.agenda.at(this.#world.now() + ms, 1, async () => this.#world.agenda.track(this.#send(delivery)))
  }

  async #send(delivery: Delivery): Promise<void> {
    if (this.target === undefined) return
    delivery.deliveredAt = this.#world.now()
    this.#list.push(delivery)
    if (this.#list.length > KEPT) this.#list.shift()
    const stop = new AbortController()
    const late = this.#world.clock.sleep(TIMEOUT_MS, stop.signal).then(() => stop.abort())
    try {
      delivery.statusCode = await this.#exchange(this.target, delivery, stop.signal)
      delivery.status = delivery.statusCode < 300 ? 'OK' : `Invalid HTTP Response: ${delivery.statusCode}`
    } catch {
      delivery.statusCode = stop.signal.aborted ? 504 : 502
      delivery.status = stop.signal.aborted ? 'timed out' : 'failed to connect to host'
    } finally {
      // With a reason of ours, for which no error with a stack is made.
      stop.abort('answered')
      await late
    }
    delivery.duration = (this.#world.now() - delivery.deliveredAt) / 1000
  }

  #exchange(target: string, delivery: Delivery, signal: AbortSignal): Promise<number> {
    const headers = this.headersOf(delivery)
    return new Promise((resolve, reject) => {
      const sent = request(target, { method: 'POST', headers, agent: this.#agent, signal }, (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
        answer.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(delivery.body)
    })
  }

  headersOf(delivery: Delivery): Record<string, string> {
    return {
      Accept: '*/*',
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(delivery.body)),
      'User-Agent': 'GitHub-Hookshot/0000001',
      'X-GitHub-Delivery': delivery.guid,
      'X-GitHub-Event': delivery.event,
      'X-GitHub-Hook-ID': '1',
      'X-GitHub-Hook-Installation-Target-ID': String(this.#world.app.id),
      'X-GitHub-Hook-Installation-Target-Type': 'integration',
      'X-Hub-Signature-256': `sha256=${createHmac('sha256', this.#options.secret).update(delivery.body).digest('hex')}`,
    }
  }

  #guid(): string {
    const chance = createHash('sha256')
      .update(`${this.#world.seed} guid ${this.#world.draw('guid')}`)
      .digest('hex')
    return `${chance.slice(0, 8)}-${chance.slice(8, 12)}-11ee-8${chance.slice(13, 16)}-${chance.slice(16, 28)}`
  }
}
