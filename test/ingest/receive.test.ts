/** The door for webhooks, over real HTTP: what is refused before anything is kept. */
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Deliveries } from '../../src/ingest/deliveries.ts'
import { readBody } from '../../src/ingest/raw-body.ts'
import { createReceiver, MAX_BODY_BYTES, WEBHOOK_PATH } from '../../src/ingest/receive.ts'
import { openTestStore, type TestStore } from '../support/database/database.ts'
import { type Door, openDoor, signed } from './door.ts'
import { approval, push } from './payloads.ts'

describe('the door for webhooks', () => {
  let test: TestStore
  let door: Door
  beforeAll(async () => {
    test = await openTestStore()
  })
  beforeEach(async () => {
    await test.truncate()
    door = await openDoor(test.store)
  })
  afterEach(() => door.close())
  afterAll(() => test.close())

  /** Nothing is in the inbox, nothing in the log. */
  async function nothingStored(): Promise<void> {
    expect(await test.store.inbox.latest(10)).toEqual([])
    expect(await test.store.log.position()).toBe(0)
  }

  it('C106 refuses a wrong signature and stores nothing', async () => {
    const wrong = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }
    const answers = [
      await door.deliver('pull_request_review', approval, { headers: wrong }),
      await door.deliver('pull_request_review', approval, { headers: { 'x-hub-signature-256': 'sha256=short' } }),
      await door.post(JSON.stringify(approval), signed('pull_request_review', 'd-1', JSON.stringify(push()))),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    await nothingStored()
  })

  it('C106 refuses a body over 25 MB with one log line and stores nothing', async () => {
    const body = Buffer.alloc(MAX_BODY_BYTES + 1, 0x20)
    const headers = signed('push', 'd-1', body)
    expect((await door.post(body, { ...headers, 'content-length': String(body.length) })).status).toBe(413)
    expect(door.logged).toMatchObject([{ delivery: 'd-1', event: 'push', limit: MAX_BODY_BYTES }])
    expect((await door.post(body, { ...headers, 'transfer-encoding': 'chunked' })).status).toBe(413)
    expect(door.logged).toHaveLength(2)
    await nothingStored()
  })

  it('cuts off who goes on sending without end', async () => {
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1').on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const headers = Object.entries({ ...signed('push', 'd-1', ''), host: 'x', 'content-length': '999999999' })
    socket.write(
      `POST ${WEBHOOK_PATH} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    )
    const megabyte = Buffer.alloc(1024 * 1024)
    let written = 0
    while (!socket.destroyed && written++ < 200)
      if (!socket.write(megabyte)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
    socket.destroy()
    await closed
    expect(written).toBeLessThan(100)
  })

  it('takes a body of exactly 25 MB', async () => {
    const body = JSON.stringify(push())
    const whole = body + ' '.repeat(MAX_BODY_BYTES - Buffer.byteLength(body))
    expect((await door.deliver('push', whole)).status).toBe(200)
  })

  it.each(['x-github-delivery', 'x-github-event', 'x-hub-signature-256'])('answers 400 without %s', async (header) => {
    const answer = await door.deliver('pull_request_review', approval, { headers: { [header]: undefined } })
    expect(answer.status).toBe(400)
    await nothingStored()
  })

  it('answers 415 to a form, 405 to anything but a post, and leaves other paths alone', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await door.deliver('push', push(), { headers: form })).status).toBe(415)
    const got = await fetch(door.url)
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(new URL('/', door.url))).status).toBe(404)
    expect((await fetch(`${door.url}?x=1`)).status).toBe(405)
  })
})

describe('a body', () => {
  it('is an error when the connection ends after half of it', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const sent = request({ port, method: 'POST', headers: { 'content-length': '100' } }).on('error', () => {})
    const requested = once(server, 'request')
    sent.write('half')
    const [received] = await requested
    const read = readBody(received, 1000)
    sent.destroy()
    await expect(read).rejects.toThrow('the connection ended before the body did')
    server.close()
  })
})

/** Nothing gets as far as this. */
const NOBODY: Deliveries = {
  take: () => Promise.reject(new Error('taken')),
  translatePending: () => Promise.reject(new Error('taken')),
}

describe('the secret', () => {
  it.each(['', 'development'])('may not be %j', (secret) => {
    expect(() => createReceiver({ secret, deliveries: NOBODY, log: pino({ level: 'silent' }) })).toThrow(/secret/)
  })
})
