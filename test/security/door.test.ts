/** The door for webhooks against who would break it: nothing that is sent there without a signature ends the process. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Door, openDoor, signed } from '../ingest/door.ts'
import { push } from '../ingest/payloads.ts'
import { openTestStore, type TestStore } from '../support/database/database.ts'

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

/** The first line of the answer to exactly these bytes. */
async function answerTo(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(door.url).port), '127.0.0.1').on('error', () => {})
  socket.end(bytes)
  let text = ''
  socket.on('data', (chunk: Buffer) => void (text += chunk.toString()))
  await once(socket, 'close')
  return text.split('\r\n', 1)[0] ?? ''
}

const NOT_FOUND = 'HTTP/1.1 404 Not Found'
const asking = (target: string): string => `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`

describe('the door for webhooks', () => {
  it.each(['//', '///', '//[', 'http://[', '*', '/\\', '/%', '/%ff'])('outlives a request for %s', async (target) => {
    expect(await answerTo(asking(target))).toBe(NOT_FOUND)
    expect((await door.deliver('push', push())).status).toBe(200)
  })

  it('looks at the signature before it looks into the body: no parser ever sees what nobody signed', async () => {
    const headers = { ...signed('push', 'd-1', 'other bytes'), 'content-type': 'application/json' }
    for (const body of ['{"a":', '['.repeat(100_000), '\u0000', '{"__proto__":{"a":1}}'])
      expect(await door.post(body, headers)).toEqual({
        status: 401,
        body: { error: 'the signature does not match the body' },
      })
    expect(await test.store.inbox.latest(10)).toEqual([])
  })

  it('takes the signature over the bytes as they came: other white space, order of keys or coding of the same JSON is another body', async () => {
    const body = JSON.stringify({ ref: 'refs/heads/ä' })
    for (const other of [`${body} `, body.replace('ä', '\\u00e4'), Buffer.from(body, 'latin1')])
      expect((await door.post(other, signed('push', 'd-1', body))).status).toBe(401)
  })

  it('takes no second signature, no other algorithm and no signature of nothing', async () => {
    const body = JSON.stringify(push())
    const { 'x-hub-signature-256': right = '', ...rest } = signed('push', 'd-1', body)
    const wrongs = [
      `${right}, ${right}`,
      right.toUpperCase(),
      right.replace('sha256', 'sha1'),
      right.slice(0, -1),
      'sha256=',
      ' ',
    ]
    for (const wrong of wrongs)
      expect((await door.post(body, { ...rest, 'x-hub-signature-256': wrong })).status).toBe(401)
    expect((await door.post('', { ...rest, 'x-hub-signature-256': right })).status).toBe(401)
  })
})
