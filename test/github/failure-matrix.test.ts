/**
 * Every call of the port at every kind of failure, over HTTP against the twin: each request that the call makes fails once in
 * each way, and what the port answers is a value. A call that is added to the port without a row here does not compile.
 */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createGitHub } from '../../src/github/octokit.ts'
import type { Answer, GitHub } from '../../src/github/port.ts'
import { VirtualClock } from '../../src/twin/clock.ts'
import type { CallAct } from '../../src/twin/faults.ts'
import { startTwin, type Twin } from '../../src/twin/twin.ts'
import { testFence } from '../support/fence.ts'
import { type Came, KINDS, type Kind, type KindName } from './failures/kinds.ts'
import { type CallName, type Ground, type Made, ROWS, type Row } from './failures/rows.ts'

const clock = new VirtualClock()
/** As long as a request is waited for. */
const PATIENCE = 20_000
let twin: Twin
let ground: Ground
let installation: number
/** What is kept of limits; a test forgets it between two failures. */
const limits = new Map<number, number>()
let number = 0

beforeAll(async () => {
  twin = await startTwin({ clock, hourlyRequests: 1_000_000, hourlyPoints: 1_000_000 })
  const repo = await twin.repository('acme/widgets', {
    files: { 'a.txt': 'a\n', '.github/mainkeeper.yml': 'mode: live\n' },
  })
  repo.collaborator('alice', 'write')
  repo.ruleset({ name: 'queue', include: ['refs/heads/main'], rules: [{ type: 'update' }], bypass: [{ actor: 'app' }] })
  repo.protect('main', { requiredChecks: [{ context: 'test' }] })
  const alice = repo.as('alice')
  const head = await alice.commit('feature', { 'b.txt': 'b\n' })
  const pull = await alice.openPull({ head: 'feature', title: 'Change' })
  const github = connect()
  installation = value(await github.listRepositories())[0]?.installation ?? 0
  value(await github.identity())
  const port = github.repository('acme/widgets', installation)
  const fence = testFence()
  const checkRun = value(
    await port.createCheckRun(fence, {
      name: 'mainkeeper',
      sha: head,
      external_id: 'main#1',
      status: 'in_progress',
      conclusion: null,
      title: 'Queued',
      summary: '',
      actions: [],
      details_url: null,
    }),
  )
  const issue = value(await port.createIssue(fence, { title: 'Blocked', body: '', labels: [], assignee: null }))
  const comment = value(await port.createComment(fence, pull, 'Hm'))
  const tip = (await repo.ref('refs/heads/main')) ?? ''
  ground = { repo, port, fence, tip, head, pull, issue, comment, checkRun }
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(() => twin.stop())

/** One process of the App, that knows nothing yet. */
function connect(): GitHub {
  const { id, privateKey } = twin.app
  return createGitHub({
    appId: id,
    privateKey,
    baseUrl: twin.url,
    now: () => clock.now(),
    pace: { contentMs: 0, writeMs: 0 },
    limits: {
      get: async (of) => limits.get(of) ?? null,
      set: async (of, until) => void limits.set(of, until),
    },
  })
}

function value<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.failure}: ${answer.message}`)
  return answer.value
}

/** The requests of a call on which nothing fails. */
async function requestsOf(made: Made): Promise<string[]> {
  const asked: string[] = []
  const unsee = twin.faults.on('before', /./, (operation) => void asked.push(operation))
  value(await made.call())
  unsee()
  return asked
}

const isGraphql = (operation: string): boolean => operation.startsWith('graphql:')
const isRead = (operation: string): boolean =>
  operation.startsWith('GET ') || /^graphql:(Observe|Continue|Read)/.test(operation)

/** Makes the call while its n-th request meets the act. */
async function meet(made: Made, nth: number, act: CallAct, hangs: boolean): Promise<Answer<unknown>> {
  if (hangs) vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const fault = twin.faults.next({ nth }, act)
  const answering = made.call()
  if (hangs) {
    await fault.reached
    await vi.advanceTimersByTimeAsync(PATIENCE)
  }
  const answer = await answering
  // One that hung is not let go: whoever asked is gone.
  if (!hangs) fault.cancel()
  vi.useRealTimers()
  await twin.idle()
  return answer
}

/** What came of the n-th request meeting this, in one word, with what is wrong besides. */
async function cameOf(arrange: () => Made | Promise<Made>, nth: number, kind: Kind, write: boolean): Promise<string> {
  limits.clear()
  const made = await arrange()
  const answer = await meet(made, nth, kind.act(twin.faults), kind.hangs === true)
  const came: Came = answer.ok ? 'ok' : answer.failure
  const until = !answer.ok && answer.failure === 'limited' ? answer.until : null
  // Of whoever asked: the installation, or the App itself.
  const [kept = null] = limits.values()
  const seen = await made.seen?.()
  const times = came === 'ok' || (write && kind.done) ? 1 : 0
  return [
    came,
    ...(until === kept ? [] : [`limited until ${until}, kept ${kept}`]),
    ...(until === null || until === clock.now() + (kind.wait ?? 0) * 1000 ? [] : [`waits ${until - clock.now()} ms`]),
    ...(seen === undefined || seen === times ? [] : [`done ${seen} times`]),
  ].join(', ')
}

function kindsFor(operation: string): [KindName, Kind][] {
  const over = isGraphql(operation) ? 'graphql' : 'rest'
  const kinds = Object.entries(KINDS) as [KindName, Kind][]
  return kinds.filter(([, kind]) => kind.over === 'both' || kind.over === over)
}

test('every call of the port has a row', () => {
  const calls = Object.keys(ground.port).filter((name) => name !== 'repository' && name !== 'bot')
  expect(calls.sort()).toEqual(Object.keys(ROWS).sort())
})

test.each(Object.entries(ROWS) as [CallName, Row][])('%s answers every failure with a value', async (_name, row) => {
  for (const [index, operation] of (await requestsOf(await row.arrange(ground, ++number))).entries()) {
    const nth = index + 1
    const act = isRead(operation) ? 'read' : 'write'
    const expected: Partial<Record<KindName, string>> = {}
    const came: Partial<Record<KindName, string>> = {}
    for (const [name, kind] of kindsFor(operation)) {
      expected[name] = row.otherwise?.[nth]?.[name] ?? kind[act]
      came[name] = await cameOf(() => row.arrange(ground, ++number), nth, kind, act === 'write')
    }
    expect({ [`${nth}. ${operation}`]: came }).toEqual({ [`${nth}. ${operation}`]: expected })
  }
})

/** What the App asks in its own name. */
const OF_THE_APP: Readonly<Record<keyof Omit<GitHub, 'repository'>, (github: GitHub) => Promise<Answer<unknown>>>> = {
  identity: (github) => github.identity(),
  listRepositories: (github) => github.listRepositories(),
}
const TOKEN = 'POST /app/installations/{installation_id}/access_tokens'

test.each(Object.entries(OF_THE_APP))('%s answers every failure with a value', async (_name, ask) => {
  const arrange = (): Made => {
    const github = connect()
    return { call: () => ask(github) }
  }
  for (const [index, operation] of (await requestsOf(arrange())).entries()) {
    const expected: Partial<Record<KindName, string>> = {}
    const came: Partial<Record<KindName, string>> = {}
    for (const [name, kind] of kindsFor(operation)) {
      // A token is waited for by the machine's own clock, which no test moves.
      if (operation === TOKEN && 'hangs' in kind) continue
      // With another key we are another App: only the token of an installation can be replaced.
      const unknown = name === 'a token that was refused' && operation !== 'GET /installation/repositories'
      // Tokens have one address: a redirect of it is no answer.
      const astray = name === 'a repository that moved elsewhere' && operation === TOKEN
      // A token that may have been made is asked for again, so it is never unclear.
      expected[name] = unknown ? 'forbidden' : astray ? 'unavailable' : kind.read
      came[name] = await cameOf(arrange, index + 1, kind, false)
    }
    expect({ [operation]: came }).toEqual({ [operation]: expected })
  }
})

test('a key that GitHub does not take is told with what to do about it', async () => {
  twin.faults.next(
    { operation: 'GET /app', times: 2 },
    twin.faults.failBefore(401, { message: 'Integration not found' }),
  )
  expect(await connect().identity()).toMatchObject({
    failure: 'forbidden',
    message: expect.stringContaining('APP_ID and PRIVATE_KEY have to belong to one App'),
  })
})
