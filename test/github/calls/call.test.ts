import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import nock from 'nock'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryLimits } from '../../../src/github/limit-store.ts'
import { createPacer } from '../../../src/github/pace.ts'
import { testFence } from '../../support/fence.ts'
import { API, INSTALLATION, listen, loosen, NOW, openGitHub, REPO, sha, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(() => {
  vi.useRealTimers()
  loosen()
})

const published = 'refs/heads/mainkeeper/scratch/b1-1-1'
const made = { ref: published, object: { sha: sha('a') } }

test('a write with less than 40 s of lease left is not sent', async () => {
  const scope = listen()
  const write = scope.post(`${REPO}/git/refs`).reply(201, made)
  const { port } = openGitHub()
  expect(await port.createRef(testFence({ left: () => 39_999 }), published, sha('a'))).toMatchObject({
    failure: 'unavailable',
  })
  expect(write.pendingMocks()).toContain(`POST ${API}:443${REPO}/git/refs`)
  expect(await port.createRef(testFence({ left: () => 40_000 }), published, sha('a'))).toEqual({
    ok: true,
    value: undefined,
  })
})

test('the fence is looked at after the token was fetched, right before the write', async () => {
  const seen: string[] = []
  const fence = testFence({
    left: () => {
      seen.push('fence')
      return 120_000
    },
  })
  const { port } = openGitHub({ onRequest: ({ method, route }) => seen.push(`${method} ${route}`) })
  listen().post(`${REPO}/git/refs`).reply(201, made)
  await port.createRef(fence, published, sha('a'))
  expect(seen).toEqual([
    'POST /app/installations/{installation_id}/access_tokens',
    'fence',
    'POST /repos/{owner}/{repo}/git/refs',
  ])
})

test('every request names its sender, its token and the version of the API', async () => {
  const headers = {
    'user-agent': /^mainkeeper\/\d/,
    authorization: 'token ghs_one',
    'x-github-api-version': '2022-11-28',
  }
  listen()
  nock(API, { reqheaders: { ...headers, 'user-agent': (value) => headers['user-agent'].test(value) } })
    .get(`${REPO}/git/ref/heads%2Fmain`)
    .reply(200, { ref: 'refs/heads/main', object: { sha: sha('a') } })
  expect(await openGitHub().port.readRef('refs/heads/main')).toEqual({ ok: true, value: sha('a') })
})

test('one token serves many calls, and a new one is fetched some minutes before it ends', async () => {
  let now = NOW
  const { port } = openGitHub({ now: () => now })
  const scope = nock(API)
  const tokens = `/app/installations/${INSTALLATION}/access_tokens`
  scope.post(tokens).reply(201, { token: 'ghs_one', expires_at: '2026-01-02T04:04:05Z' })
  scope.get(`${REPO}/git/ref/heads%2Fmain`).thrice().reply(200, made)
  await Promise.all([port.readRef('refs/heads/main'), port.readRef('refs/heads/main')])
  now += 54 * 60_000
  await port.readRef('refs/heads/main')
  now += 2 * 60_000
  scope.post(tokens).reply(201, { token: 'ghs_two', expires_at: '2026-01-02T05:04:05Z' })
  nock(API, { reqheaders: { authorization: 'token ghs_two' } })
    .get(`${REPO}/git/ref/heads%2Fmain`)
    .reply(200, made)
  expect(await port.readRef('refs/heads/main')).toMatchObject({ ok: true })
  expect(nock.isDone()).toBe(true)
})

test('a token that GitHub refuses is replaced once, also for a write', async () => {
  const scope = nock(API)
  const tokens = `/app/installations/${INSTALLATION}/access_tokens`
  scope.post(tokens).reply(201, { token: 'ghs_one', expires_at: '2026-01-02T04:04:05Z' })
  scope.post(tokens).reply(201, { token: 'ghs_two', expires_at: '2026-01-02T04:04:05Z' })
  scope.post(`${REPO}/git/refs`).reply(401, { message: 'Bad credentials' })
  nock(API, { reqheaders: { authorization: 'token ghs_two' } })
    .post(`${REPO}/git/refs`)
    .reply(201, made)
  const { port } = openGitHub()
  expect(await port.createRef(testFence(), published, sha('a'))).toMatchObject({ ok: true })
  scope.post(tokens).reply(201, { token: 'ghs_three', expires_at: '2026-01-02T04:04:05Z' })
  scope.post(`${REPO}/git/refs`).twice().reply(401, { message: 'Bad credentials' })
  expect(await port.createRef(testFence(), published, sha('a'))).toEqual({
    ok: false,
    failure: 'unavailable',
    message: 'GitHub does not accept a fresh installation token',
  })
})

test('a machine clock that differs from GitHub’s is corrected', async () => {
  const scope = nock(API)
  const tokens = `/app/installations/${INSTALLATION}/access_tokens`
  const message = "'Expiration time' claim ('exp') is too far in the future"
  scope.post(tokens).reply(401, { message }, { date: new Date(Date.now() - 3_600_000).toUTCString() })
  const issued: number[] = []
  scope.post(tokens).reply(201, function () {
    const jwt = String(this.req.headers.authorization).split('.')[1] ?? ''
    issued.push(JSON.parse(Buffer.from(jwt, 'base64url').toString('utf8')).iat)
    return { token: 'ghs_one', expires_at: '2026-01-02T04:04:05Z' }
  })
  scope.get(`${REPO}/git/ref/heads%2Fmain`).reply(200, made)
  expect(await openGitHub().port.readRef('refs/heads/main')).toMatchObject({ ok: true })
  expect(issued[0]).toBeLessThan(Date.now() / 1000 - 3500)
})

test('a token that can not be had leaves nothing unclear', async () => {
  nock(API).post(`/app/installations/${INSTALLATION}/access_tokens`).reply(502, {})
  expect(await openGitHub().port.createRef(testFence(), published, sha('a'))).toMatchObject({ failure: 'unavailable' })
  nock(API).post(`/app/installations/${INSTALLATION}/access_tokens`).reply(404, { message: 'Not Found' })
  expect(await openGitHub().port.createRef(testFence(), published, sha('a'))).toMatchObject({ failure: 'gone' })
})

test('a limited installation is not called until the limit ends, by whichever replica it was met', async () => {
  let now = NOW
  const limits = memoryLimits()
  const one = openGitHub({ limits, now: () => now }).port
  const other = openGitHub({ limits, now: () => now })
  listen().get(`${REPO}/git/ref/heads%2Fmain`).reply(429, { message: 'Slow down' }, { 'retry-after': '10' })
  expect(await one.readRef('refs/heads/main')).toMatchObject({ failure: 'limited', until: NOW + 10_000 })
  expect(await other.port.createRef(testFence(), published, sha('a'))).toMatchObject({
    failure: 'limited',
    until: NOW + 10_000,
  })
  expect(await limits.get(8)).toBeNull()
  now += 10_000
  nock.cleanAll()
  listen().get(`${REPO}/git/ref/heads%2Fmain`).reply(200, made)
  expect(await other.port.readRef('refs/heads/main')).toMatchObject({ ok: true })
})

test('a write that is redirected is not turned into a read: the repository has moved', async () => {
  listen()
    .post(`${REPO}/git/refs`)
    .reply(301, { message: 'Moved Permanently' }, { location: `${API}/repositories/1/git/refs` })
  const followed = nock(API).get('/repositories/1/git/refs').reply(200, [])
  expect(await openGitHub().port.createRef(testFence(), published, sha('a'))).toMatchObject({
    failure: 'gone',
    message: expect.stringContaining('renamed'),
  })
  expect(followed.isDone()).toBe(false)
})

test('a success that is not JSON is none', async () => {
  const scope = listen()
  scope.get(`${REPO}/git/commits/${sha('a')}`).reply(200, '<html>Sign in</html>', { 'content-type': 'text/html' })
  scope.post(`${REPO}/git/refs`).reply(201, '{"ref": "refs/he', { 'content-type': 'application/json' })
  const { port } = openGitHub()
  expect(await port.readCommit(sha('a'))).toMatchObject({ failure: 'unavailable' })
  expect(await port.createRef(testFence(), published, sha('a'))).toMatchObject({ failure: 'unclear' })
})

test('writes of one installation go one after the other and keep their distance, and another installation does not wait', async () => {
  let now = 0
  const slept: number[] = []
  const pacer = createPacer(
    { contentMs: 1000, writeMs: 100 },
    () => now,
    async (ms) => {
      slept.push(ms)
      now += ms
    },
  )
  const order: string[] = []
  const write = (name: string) => async () => {
    order.push(`${name} begins`)
    await Promise.resolve()
    order.push(`${name} ends`)
  }
  await Promise.all([
    pacer(1, 'content', write('a')),
    pacer(1, 'plain', async () => {
      await write('b')()
      throw new Error('b fails')
    }).catch(() => order.push('b is reported')),
    pacer(1, 'content', write('c')),
  ])
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'b is reported', 'c begins', 'c ends'])
  expect(slept).toEqual([100, 900])
  await pacer(2, 'content', write('d'))
  expect(slept).toEqual([100, 900])
})

interface Wire {
  readonly url: string
  close(): Promise<void>
}

/** A GitHub on a real socket, for what happens below HTTP. */
async function wire(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Wire> {
  nock.enableNetConnect('127.0.0.1')
  const server = createServer((request, response) => {
    if (!request.url?.endsWith('/access_tokens')) return answer(request, response)
    response
      .writeHead(201, { 'content-type': 'application/json', connection: 'close' })
      .end(JSON.stringify({ token: 'ghs_one', expires_at: '2026-01-02T04:04:05Z' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${address.port}`, close }
}

test('a connection that breaks leaves a write unclear and a read unavailable', async () => {
  const github = await wire((request) => request.socket.destroy())
  const { port } = openGitHub({ baseUrl: github.url })
  expect(await port.readCommit(sha('a'))).toMatchObject({ failure: 'unavailable' })
  expect(await port.createRef(testFence(), published, sha('a'))).toMatchObject({ failure: 'unclear' })
  await github.close()
})

test('a connection that is refused is unavailable, because nothing was sent', async () => {
  const headers = { 'content-type': 'application/json', connection: 'close' }
  const github = await wire((_request, response) => response.writeHead(200, headers).end(JSON.stringify(made)))
  const { port } = openGitHub({ baseUrl: github.url })
  expect(await port.readRef('refs/heads/main')).toMatchObject({ ok: true })
  await github.close()
  expect(await port.createRef(testFence(), published, sha('a'))).toMatchObject({
    failure: 'unavailable',
    message: expect.stringContaining('ECONNREFUSED'),
  })
})

test.each([
  [120_000, 20_000],
  [40_000, 20_000],
])('with %i ms of lease left a write is given up after %i ms, unclear', async (left, patience) => {
  const requests = new EventEmitter()
  const arrived = once(requests, 'request')
  const github = await wire((request) => requests.emit('request', request))
  const { port } = openGitHub({ baseUrl: github.url })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let answer: unknown
  const call = port.createRef(testFence({ left: () => left }), published, sha('a')).then((value) => {
    answer = value
  })
  await arrived
  await vi.advanceTimersByTimeAsync(patience - 1)
  expect(answer).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  await call
  expect(answer).toMatchObject({ failure: 'unclear', message: expect.stringContaining('in time') })
  await github.close()
})
