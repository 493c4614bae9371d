import { Octokit } from '@octokit/rest'
import { expect, test } from 'vitest'
import { appClient, clientFor, failureOf, pass, silent, twinForTest } from './app-client.ts'

const REPO = { owner: 'acme', repo: 'shop' }

test('a right that the installation lacks is a 403, and a private repository that it may not see a 404', async () => {
  const { twin } = await twinForTest()
  const rights = { metadata: 'read', contents: 'read', issues: 'read' } as const
  const repository = await twin.repository('acme/shop', { permissions: rights })
  await twin.repository('acme/secret', { private: true, installed: false })
  const { rest } = await clientFor(twin, repository)
  const sha = (await rest.git.getRef({ ...REPO, ref: 'heads/main' })).data.object.sha
  const forbidden = await failureOf(rest.git.createRef({ ...REPO, ref: 'refs/heads/x', sha }))
  expect(forbidden).toMatchObject({
    status: 403,
    message: expect.stringContaining('Resource not accessible by integration'),
  })
  expect(await failureOf(rest.checks.listForRef({ ...REPO, ref: 'main' }))).toMatchObject({ status: 403 })
  expect(await failureOf(rest.repos.get({ owner: 'acme', repo: 'secret' }))).toMatchObject({ status: 404 })
  repository.permissions({ ...rights, checks: 'read' })
  expect(await failureOf(rest.checks.listForRef({ ...REPO, ref: 'main' }))).toMatchObject({ status: 403 })
  const renewed = await clientFor(twin, repository)
  expect((await renewed.rest.checks.listForRef({ ...REPO, ref: 'main' })).status).toBe(200)
})

test('a token is worthless when it is made up or revoked, and a JWT when another key signed it', async () => {
  const { twin } = await twinForTest()
  const repository = await twin.repository('acme/shop')
  const made = new Octokit({ baseUrl: twin.url, auth: 'ghs_madeup', log: silent })
  expect(await failureOf(made.rest.repos.get(REPO))).toMatchObject({
    status: 401,
    message: expect.stringContaining('Bad credentials'),
  })
  const client = await clientFor(twin, repository)
  twin.revokeTokens()
  expect(await failureOf(client.rest.repos.get(REPO))).toMatchObject({ status: 401 })
  const { token } = (await appClient(twin).auth({ type: 'app' })) as { token: string }
  const [head, claims] = token.split('.')
  const forged = new Octokit({
    baseUrl: twin.url,
    auth: `${head}.${claims}.${Buffer.alloc(256).toString('base64url')}`,
    log: silent,
  })
  expect(await failureOf(forged.rest.apps.getAuthenticated())).toMatchObject({ status: 401 })
})

test('a suspended installation is refused until that ends', async () => {
  const { twin } = await twinForTest()
  const { rest } = await clientFor(twin, await twin.repository('acme/shop'))
  twin.suspend('acme', true)
  expect(await failureOf(rest.repos.get(REPO))).toMatchObject({
    status: 403,
    message: expect.stringContaining('suspended'),
  })
  twin.suspend('acme', false)
  expect((await rest.repos.get(REPO)).status).toBe(200)
})

test('lists come in pages that the Link header leads through', async () => {
  const { twin } = await twinForTest()
  const repository = await twin.repository('acme/shop')
  for (let i = 1; i <= 5; i++) await repository.as('alice').openIssue({ title: `Issue ${i}` })
  const client = await clientFor(twin, repository)
  const first = await client.rest.issues.listForRepo({ ...REPO, per_page: 2 })
  expect(first.data.map((issue) => issue.title)).toEqual(['Issue 5', 'Issue 4'])
  expect(first.headers.link).toContain('rel="next"')
  const all = await client.paginate(client.rest.issues.listForRepo, { ...REPO, per_page: 2, direction: 'asc' })
  expect(all.map((issue) => issue.title)).toEqual(['Issue 1', 'Issue 2', 'Issue 3', 'Issue 4', 'Issue 5'])
})

test('an unchanged read answers 304 to its ETag', async () => {
  const { twin } = await twinForTest()
  const { rest } = await clientFor(twin, await twin.repository('acme/shop'))
  const { headers } = await rest.repos.get(REPO)
  const again = await failureOf(rest.repos.get({ ...REPO, headers: { 'if-none-match': headers.etag ?? '' } }))
  expect(again.status).toBe(304)
})

test('the hourly allowance is told, used up, and there again an hour later', async () => {
  const { twin, clock } = await twinForTest({ hourlyRequests: 2 })
  const { rest } = await clientFor(twin, await twin.repository('acme/shop'))
  const first = await rest.repos.get(REPO)
  expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '1' })
  await rest.repos.get(REPO)
  expect(await failureOf(rest.repos.get(REPO))).toMatchObject({
    status: 403,
    message: expect.stringContaining('rate limit'),
  })
  await pass(twin, clock, 3_600_001)
  expect((await rest.repos.get(REPO)).status).toBe(200)
})

test('an operation that the twin does not have is a 501 and a violation', async () => {
  const { twin } = await twinForTest()
  const client = await clientFor(twin, await twin.repository('acme/shop'))
  expect(await failureOf(client.rest.repos.listTags(REPO))).toMatchObject({ status: 501 })
  expect(twin.violations).toEqual([expect.stringContaining('/repos/acme/shop/tags')])
})

test('requests are counted by operation and installation', async () => {
  const { twin } = await twinForTest()
  const client = await clientFor(twin, await twin.repository('acme/shop'))
  twin.meter.reset()
  await client.rest.repos.get(REPO)
  await client.rest.issues.create({ ...REPO, title: 'One' })
  expect(twin.meter.snapshot()).toEqual({
    requests: { 'GET /repos/{owner}/{repo}': 1, 'POST /repos/{owner}/{repo}/issues': 1 },
    total: 2,
    points: 0,
    contentWrites: 1,
    refMoves: 0,
  })
})
