/**
 * An App's client for the tests of the twin: signs in as the App, takes a token of its installation and calls over
 * HTTP, and a listener that takes webhooks. It knows nothing of what the twin answers.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { afterEach } from 'vitest'
import { VirtualClock } from '../../src/twin/clock.ts'
import { loadContract } from '../../src/twin/contract/contract.ts'
import { startTwin, type Twin, type TwinOptions } from '../../src/twin/twin.ts'
import type { TwinRepository } from '../../src/twin/twin-repository.ts'

export interface Received {
  readonly event: string
  readonly action: string | undefined
  readonly payload: Readonly<Record<string, unknown>>
  readonly headers: IncomingHttpHeaders
  readonly raw: string
}

const endings: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

/** A twin on virtual time that sends every webhook, is judged by the published descriptions, and stopped after the test. */
export async function twinForTest(options: Partial<TwinOptions> = {}): Promise<{ twin: Twin; clock: VirtualClock }> {
  const clock = new VirtualClock()
  const twin = await startTwin({ clock, contract: await loadContract(), events: 'all', ...options })
  endings.push(() => twin.stop())
  return { twin, clock }
}

/** A client with a token of the installation on a repository. */
export async function clientFor(twin: Twin, repository: TwinRepository): Promise<Octokit> {
  const app = appClient(twin)
  const { data } = await app.rest.apps.getRepoInstallation({ owner: repository.owner, repo: repository.name })
  const { data: token } = await app.rest.apps.createInstallationAccessToken({ installation_id: data.id })
  return new Octokit({ baseUrl: twin.url, auth: token.token, log: silent })
}

/** A client that signs in as the App itself. */
export function appClient(twin: Twin): Octokit {
  const auth = { appId: twin.app.id, privateKey: twin.app.privateKey }
  return new Octokit({ baseUrl: twin.url, authStrategy: createAppAuth, auth, log: silent })
}

/** A listener for the App's webhooks; answers with what `status` says. */
export async function listenFor(twin: Twin, status: () => number = () => 200): Promise<Received[]> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString()
      const payload: Record<string, unknown> = JSON.parse(raw)
      const action = typeof payload.action === 'string' ? payload.action : undefined
      received.push({
        event: String(request.headers['x-github-event']),
        action,
        payload,
        headers: request.headers,
        raw,
      })
      response.writeHead(status()).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const address = server.address()
  twin.deliverTo(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`)
  return received
}

/** Lets the clock run until nothing is due within `ms`. */
export async function pass(twin: Twin, clock: VirtualClock, ms = 60_000): Promise<void> {
  const until = clock.now() + ms
  await twin.idle()
  for (let due = clock.nextDue(); due !== undefined && due <= until; due = clock.nextDue()) {
    clock.wakeNext()
    await twin.idle()
  }
  clock.moveTo(until)
}

/** The error that a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<{ status: number; message: string }> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error) || !('status' in error)) throw new Error(`it did not fail: ${String(error)}`)
  return { status: Number(error.status), message: error.message }
}

export const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
