/** The whole of ingest behind a real HTTP server on a port of the system's choice, over a real store; and GitHub's side of it. */
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { createServer, request as httpRequest } from 'node:http'
import { pino } from 'pino'
import { createProbot } from '../../src/app.ts'
import { createDeliveries, type Deliveries, type Dispatch } from '../../src/ingest/deliveries.ts'
import { createIntake } from '../../src/ingest/intake.ts'
import { createReceiver, WEBHOOK_PATH } from '../../src/ingest/receive.ts'
import type { Store } from '../../src/store/store.ts'
import { APP } from './payloads.ts'

const SECRET = 'a secret of the tests'

const privateKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey

export interface Answered {
  readonly status: number
  readonly body: Record<string, unknown>
}

export interface Door {
  readonly url: string
  readonly deliveries: Deliveries
  /** What was logged, one object for each line. */
  readonly logged: Record<string, unknown>[]
  /** Posts a signed webhook; `headers` replace what GitHub would send, undefined leaves one out. */
  deliver(
    event: string,
    payload: unknown,
    options?: { id?: string; headers?: Record<string, string | undefined> },
  ): Promise<Answered>
  post(body: Buffer | string, headers: Record<string, string>): Promise<Answered>
  close(): Promise<void>
}

/** `dispatch` stands in for Probot where a test needs a translator that throws, or a process that dies. */
export async function openDoor(store: Store, options: { dispatch?: Dispatch } = {}): Promise<Door> {
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(JSON.parse(line)) })
  const intake = createIntake({ store, app: APP, now: () => Date.UTC(2026, 0, 5, 12), log })
  const probot = await createProbot({ appId: APP.id, privateKey, secret: SECRET }, intake)
  const dispatch: Dispatch = (event) => probot.webhooks.receive(event as Parameters<typeof probot.webhooks.receive>[0])
  const deliveries = createDeliveries({ inbox: store.inbox, dispatch: options.dispatch ?? dispatch, log })
  const receive = createReceiver({ secret: SECRET, deliveries, log })
  const server = createServer((request, response) => {
    void receive(request, response).then((taken) => {
      if (!taken) response.writeHead(404).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = `http://127.0.0.1:${address.port}${WEBHOOK_PATH}`
  return {
    url,
    deliveries,
    logged,
    deliver: (event, payload, { id = 'd-1', headers = {} } = {}) => {
      const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
      const all = { ...signed(event, id, body), ...headers }
      const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
      return post(url, body, Object.fromEntries(given))
    },
    post: (body, headers) => post(url, body, headers),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const signed = (event: string, id: string, body: Buffer | string): Record<string, string> => ({
  'content-type': 'application/json',
  'x-github-delivery': id,
  'x-github-event': event,
  'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
})

function post(url: string, body: Buffer | string, headers: Record<string, string>): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
