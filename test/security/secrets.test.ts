/**
 * Secrets in what Mainkeeper writes about itself: the private key, the webhook secret, the tokens of its installations and
 * the database's password, in flows that fail in many ways. None stands in the log, in a message or in the database, and
 * none as base64.
 */
import { generateKeyPairSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { afterEach, describe, expect, it, test } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { openLog } from '../../src/cli/process/process-log.ts'
import { passwordsIn, secretsIn } from '../../src/cli/process/secrets.ts'
import { runCommandLine } from '../../src/cli/program.ts'
import { scrubberOf } from '../../src/cli/start.ts'
import { signed } from '../ingest/door.ts'
import { asStory } from '../support/story/story.ts'

/** Every form of a secret in which it may be found again; of one of several lines, of each line. */
const formsOf = (secret: string): string[] =>
  secret
    .split('\n')
    .filter((line) => line.length > 5 && !line.startsWith('-----'))
    .flatMap((line) => [
      line,
      encodeURIComponent(line),
      ...[0, 1, 2].map((shift) =>
        Buffer.from('x'.repeat(shift) + line)
          .toString('base64')
          .slice(shift === 0 ? 0 : 4, -4),
      ),
    ])

function expectNone(text: string, secrets: readonly string[]): void {
  const shown = secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)))
  expect(shown.map((secret) => `${secret.slice(0, 6)}…`)).toEqual([])
  expect(text).not.toMatch(/gh[a-z]_[A-Za-z0-9]{10,}|eyJ[\w-]{8,}\.|sha256=[0-9a-f]{40}|PRIVATE KEY/)
}

const usualFetch = globalThis.fetch
afterEach(() => {
  globalThis.fetch = usualFetch
})

/** Every authorization that is sent while it listens: GitHub's client asks for `fetch` at each call. */
function tokensSent(): Set<string> {
  const sent = new Set<string>()
  globalThis.fetch = (input, init) => {
    const value = new Headers(init?.headers).get('authorization')?.replace(/^\w+ /, '')
    if (value) sent.add(value)
    return usualFetch(input, init)
  }
  return sent
}

const lines: string[] = []

test(
  'a story of refused tokens, refused signatures, errors, limits and answers that never come leaves no secret in its log',
  asStory(
    {
      config: 'mode: live\nland: { delete_branch: true }\n',
      log: ({ privateKey, webhookSecret }) => {
        const app = { id: 1, privateKey, webhookSecret }
        const scrub = scrubberOf({ app, storage: { folder: '.' } })
        return openLog('trace', scrub, { write: (line) => void lines.push(line) })
      },
    },
    async ({ twin, repo, store, until, approved, merged, title, stopBot, startBot, url }) => {
      const sent = tokensSent()
      const { faults, app } = twin
      faults.next(
        { operation: /^POST .*\/merges$/ },
        faults.failBefore(500, { message: 'Resource not accessible by integration' }),
      )
      faults.next({ operation: /^POST .*\/git\/refs$/, nth: 2 }, faults.failAfter(502))
      faults.next({ operation: /AdvanceTarget/ }, faults.failAfter(502))
      // Whoever names branches like this wants them to be run, linked or cut somewhere on the way to main.
      const branch = "x/$(touch${IFS}evil);`evil`&'#666'@evil%2e%2e"
      const one = await approved(branch, { 'one.txt': 'one\n' })
      await merged(one)
      await until(async () => (await repo.ref(`refs/heads/${branch}`)) === undefined)
      twin.revokeTokens()
      faults.next({ operation: /check-runs/ }, faults.limit('secondary', 30))
      const two = await approved('two', { 'two.txt': 'fail\n' })
      await until(() => title(two).startsWith('Waiting'))
      const bad = JSON.stringify({ authorization: 'x' })
      await usualFetch(`${url()}/api/github/webhooks`, {
        method: 'POST',
        body: bad,
        headers: signed('push', 'd-x', bad),
      })
      await stopBot()
      faults.next({ operation: 'GET /app/installations' }, faults.failBefore(500))
      await startBot()
      await until(() => lines.some((line) => line.includes('swept')))

      expect(sent.size).toBeGreaterThan(2)
      const log = lines.join('')
      for (const told of ['refused', 'performed', 'decided', 'swept', 'listening']) expect(log).toContain(told)
      expectNone(log, [app.privateKey, app.webhookSecret, ...sent])
      const events = await store.models.eventsOf({ limit: 1000 })
      expectNone(JSON.stringify(events), [app.privateKey, app.webhookSecret, ...sent])
    },
  ),
)

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()
const PASSWORD = 'p@ss/w:rd%1'
const WRITTEN = encodeURIComponent(PASSWORD)
const GOOD = { APP_ID: '1', PRIVATE_KEY: KEY, WEBHOOK_SECRET: 'a-secret-nobody-guesses' }

describe('a command line', () => {
  async function told(
    given: readonly string[],
    variables: Record<string, string>,
  ): Promise<{ code: number; text: string }> {
    let text = ''
    const say = (words: string): void => void (text += words)
    const code = await runCommandLine(given, {
      variables,
      out: say,
      err: say,
      input: async () => '',
      stop: new AbortController().signal,
    })
    return { code, text }
  }

  it.each<[string, readonly string[], Record<string, string>, number]>([
    [
      'a database that is not there',
      ['start'],
      { ...GOOD, DATABASE_URL: `postgres://keeper:${WRITTEN}@127.0.0.1:1/x` },
      EXIT.databaseUnavailable,
    ],
    [
      'one named on the command line',
      ['status', '--database', `postgres://keeper:${WRITTEN}@127.0.0.1:1/x`],
      GOOD,
      EXIT.databaseUnavailable,
    ],
    [
      'a password that is written wrongly',
      ['start'],
      { ...GOOD, DATABASE_URL: 'postgres://keeper:50%off-p@ssword@db/x' },
      EXIT.usage,
    ],
    [
      'everything being wrong',
      ['start'],
      { ...GOOD, APP_ID: KEY, PORT: GOOD.WEBHOOK_SECRET, HOST: ' x', LOG_LEVEL: PASSWORD },
      EXIT.usage,
    ],
    [
      'a key that is no key',
      ['start'],
      { ...GOOD, PRIVATE_KEY: Buffer.from(KEY.replace('RSA', 'DSA')).toString('base64') },
      EXIT.usage,
    ],
    ['a folder that is none', ['status', '--folder', `${tmpdir()}/none/${GOOD.WEBHOOK_SECRET}`], GOOD, EXIT.notFound],
  ])('tells of %s without a secret', async (_, given, variables, exit) => {
    const { code, text } = await told(given, variables)
    expect(code).toBe(exit)
    expect(text).not.toBe('')
    expectNone(text, [KEY, GOOD.WEBHOOK_SECRET, PASSWORD, WRITTEN, '50%off-p@ssword'])
  })
})

describe('an error in the log', () => {
  const secrets = [KEY, GOOD.WEBHOOK_SECRET, PASSWORD]
  const app = { id: 1, privateKey: KEY, webhookSecret: GOOD.WEBHOOK_SECRET }
  const scrub = scrubberOf({ app, storage: { url: `postgres://keeper:${WRITTEN}@db/x` } })
  const written = (line: object): string => {
    let text = ''
    openLog('trace', scrub, { write: (one) => void (text += one) }).error(line, 'no')
    return text
  }
  const token = `ghs_${'a'.repeat(36)}`
  const requestError = (): Error =>
    Object.assign(new Error('Bad credentials'), {
      status: 401,
      request: {
        headers: { authorization: `token ${token}`, cookie: 'sid=abcdef' },
        url: `https://x:${token}@github.com`,
      },
      response: { headers: { 'set-cookie': 'sid=abcdef' }, data: { token } },
    })

  it.each<[string, object]>([
    ['of Octokit with the headers of its request', { err: requestError() }],
    ['of Octokit under another name', { failure: requestError() }],
    ['that has one as its cause', { err: new Error('outer', { cause: requestError() }) }],
    ['of several', { err: new AggregateError([requestError(), new Error(`password ${PASSWORD}`)], 'all') }],
    [
      'of a statement with its parameters',
      { err: Object.assign(new Error('Failed query'), { params: [GOOD.WEBHOOK_SECRET], query: KEY }) },
    ],
    [
      'whose message holds a secret as base64',
      { err: new Error(Buffer.from(`user:${GOOD.WEBHOOK_SECRET}!`).toString('base64')) },
    ],
    ['whose message holds the key as base64', { err: new Error(Buffer.from(KEY).toString('base64')) }],
  ])('%s shows none', (_, line) => {
    expectNone(written(line), [...secrets, token, 'sid=abcdef'])
  })

  it('is told with its reasons, and at no more length than a person reads', () => {
    const cause = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
    const text = written({ err: new Error(`Failed query: ${'x'.repeat(100_000)}`, { cause }) })
    expect(text.length).toBeLessThan(6000)
    expect(JSON.parse(text)).toMatchObject({
      err: { type: 'Error', message: expect.stringMatching(/: connection refused$/) },
    })
  })
})

it('the passwords of a database’s address are found as they are written and as they are meant', () => {
  expect(passwordsIn(`--database=postgres://keeper:${WRITTEN}@db:5432/x?a=b@c`)).toEqual([WRITTEN, PASSWORD])
  expect(passwordsIn('postgres://db/x')).toEqual([])
  expect(passwordsIn('postgres://a:50%off@db')).toBeNull()
  expect(secretsIn({ DATABASE_URL: 'postgres://a:b@db', WEBHOOK_SECRET: 'development' }, ['start'])).toEqual(['b', 'b'])
})
