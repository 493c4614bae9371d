import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PullNode } from '../../../src/github/facts/pull-node.ts'
import { listen, loosen, openGitHub, REPO, sha, silence } from '../nocked.ts'
import { pullNodeOf } from '../pull-node.ts'

beforeEach(silence)
afterEach(loosen)

const main = { target: { oid: sha('f') } }
const numbered = (number: number, over: Partial<PullNode> = {}) => pullNodeOf({ number, ...over })
const first = <T>(nodes: readonly T[], endCursor: string) => ({
  nodes: [...nodes],
  pageInfo: { hasNextPage: true, endCursor },
})
const last = <T>(nodes: readonly T[]) => ({ nodes: [...nodes], pageInfo: { hasNextPage: false, endCursor: null } })
const operation = (name: string) => (body: { query: string }) => body.query.includes(` ${name}(`)

test('many pull requests and the tip of the target are read in one document', async () => {
  listen()
    .post('/graphql', (body) => {
      expect(body.variables).toEqual({ owner: 'acme', name: 'widgets', ref: 'refs/heads/main', signatures: false })
      return true
    })
    .reply(200, { data: { repository: { ref: main, pull1: numbered(1), pull2: numbered(2) } } })
  const answer = await openGitHub().port.observePulls([1, 2, 1], 'main')
  expect(answer).toMatchObject({ ok: true, value: { tip: sha('f'), missing: [], incomplete: [] } })
  const facts = answer.ok ? answer.value.facts : []
  expect(facts.map((fact) => fact.type)).toEqual([
    'target_moved',
    'pull_request_observed',
    'branch_pushed',
    'pull_request_examined',
    'pull_request_observed',
    'branch_pushed',
    'pull_request_examined',
  ])
})

test('more than twenty at once is a mistake of the caller', async () => {
  await expect(
    openGitHub().port.observePulls(
      Array.from({ length: 21 }, (_, index) => index + 1),
      'main',
    ),
  ).rejects.toThrow('20 is the most')
})

test('a number that is no pull request is missing; one that was read in part or not at all is incomplete and gives no facts', async () => {
  listen()
    .post('/graphql')
    .reply(200, {
      data: {
        repository: {
          ref: null,
          pull1: null,
          pull2: numbered(2, { headRepository: null }),
          pull3: numbered(3),
          pull4: null,
        },
      },
      errors: [
        {
          type: 'NOT_FOUND',
          path: ['repository', 'pull1'],
          message: 'Could not resolve to a PullRequest with the number of 1.',
        },
        {
          type: 'FORBIDDEN',
          path: ['repository', 'pull2', 'headRepository'],
          message: 'Resource not accessible by integration',
        },
        { type: 'FORBIDDEN', path: ['repository', 'pull4'], message: 'Resource not accessible by integration' },
      ],
    })
  const answer = await openGitHub().port.observePulls([1, 2, 3, 4], 'gone')
  expect(answer).toMatchObject({ value: { tip: null, missing: [1], incomplete: [2, 4] } })
  const facts = answer.ok ? answer.value.facts : []
  expect(facts.map((fact) => ('pull' in fact.payload ? fact.payload.pull : fact.type))).toEqual([3, 'branch_pushed', 3])
})

test('a pull request of a shape that we do not know is incomplete', async () => {
  listen()
    .post('/graphql')
    .reply(200, { data: { repository: { ref: main, pull1: { ...numbered(1), state: 'PONDERING' } } } })
  expect(await openGitHub().port.observePulls([1], 'main')).toMatchObject({
    value: { incomplete: [1], facts: [{ type: 'target_moved' }] },
  })
})

test('a repository that can not be seen is gone, not empty', async () => {
  listen()
    .post('/graphql')
    .reply(200, {
      data: { repository: null },
      errors: [{ type: 'NOT_FOUND', path: ['repository'], message: 'Could not resolve to a Repository' }],
    })
  expect(await openGitHub().port.observePulls([1], 'main')).toMatchObject({ failure: 'gone' })
})

test('a tip that was not told is not an absent branch', async () => {
  listen()
    .post('/graphql')
    .reply(200, {
      data: { repository: { ref: null } },
      errors: [{ type: 'INTERNAL', path: ['repository', 'ref'], message: 'Oops' }],
    })
  expect(await openGitHub().port.observePulls([], 'main')).toMatchObject({ failure: 'unavailable' })
})

test('nested lists are read to their end, all that go on in one document', async () => {
  const thread = { isResolved: false }
  const scope = listen()
  scope.post('/graphql', operation('ObservePulls')).reply(200, {
    data: {
      repository: {
        ref: main,
        pull1: numbered(1, {
          reviewThreads: first([thread], 'T1'),
          files: first([{ path: 'a' }], 'F1'),
          labels: last([{ name: 'x' }]),
        }),
      },
    },
  })
  scope
    .post(
      '/graphql',
      (body) =>
        operation('ContinuePull')(body) &&
        body.variables.reviewThreads === 'T1' &&
        body.variables.files === 'F1' &&
        !('labels' in body.variables),
    )
    .reply(200, {
      data: {
        repository: {
          pullRequest: {
            headRefOid: sha('a'),
            reviewThreads: first([thread], 'T2'),
            files: last([{ path: '.github/workflows/ci.yml' }]),
          },
        },
      },
    })
  scope
    .post(
      '/graphql',
      (body) =>
        operation('ContinuePull')(body) && body.variables.reviewThreads === 'T2' && !('files' in body.variables),
    )
    .reply(200, { data: { repository: { pullRequest: { headRefOid: sha('a'), reviewThreads: last([thread]) } } } })
  const answer = await openGitHub().port.observePulls([1], 'main')
  const examined = answer.ok && answer.value.facts.find((fact) => fact.type === 'pull_request_examined')
  expect(examined).toMatchObject({ payload: { threads_unresolved: 3, workflow_files: 'yes' } })
})

test.each([
  ['a page that fails', 502, {}],
  [
    'a push between two pages',
    200,
    { data: { repository: { pullRequest: { headRefOid: sha('e'), files: last([]) } } } },
  ],
])('C44 %s leaves the pull request incomplete, and with that not ready', async (_name, status, body) => {
  const scope = listen()
  scope.post('/graphql', operation('ObservePulls')).reply(200, {
    data: { repository: { ref: main, pull1: numbered(1, { files: first([], 'F1') }), pull2: numbered(2) } },
  })
  scope.post('/graphql', operation('ContinuePull')).reply(status, body)
  const answer = await openGitHub().port.observePulls([1, 2], 'main')
  expect(answer).toMatchObject({ value: { incomplete: [1] } })
  expect(answer.ok && answer.value.facts.some((fact) => 'pull' in fact.payload && fact.payload.pull === 1)).toBe(false)
})

test('a pull request whose list never ends stays incomplete', async () => {
  const scope = listen()
  scope
    .post('/graphql', operation('ObservePulls'))
    .reply(200, { data: { repository: { ref: main, pull1: numbered(1, { files: first([], 'F') }) } } })
  scope
    .post('/graphql', operation('ContinuePull'))
    .times(50)
    .reply(200, { data: { repository: { pullRequest: { headRefOid: sha('a'), files: first([], 'F') } } } })
  expect(await openGitHub().port.observePulls([1], 'main')).toMatchObject({ value: { incomplete: [1] } })
  expect(scope.pendingMocks().filter((mock) => mock.includes('graphql'))).toEqual([])
})

test('statuses of a head are read by REST, where they have the ids that webhooks give', async () => {
  const rollup = { contexts: last([{ kind: 'StatusContext' as const, context: 'legacy-ci' }]) }
  const scope = listen()
  const node = numbered(1, {
    commits: { totalCount: 1, nodes: [{ commit: { oid: sha('a'), statusCheckRollup: rollup } }] },
  })
  scope.post('/graphql').reply(200, { data: { repository: { ref: main, pull1: node } } })
  const status = { context: 'legacy-ci', target_url: null, updated_at: '2026-01-02T02:00:00Z' }
  scope.get(`${REPO}/commits/${sha('a')}/statuses?per_page=100`).reply(
    200,
    [
      { id: 5, state: 'success', ...status },
      { id: 4, state: 'pending', ...status },
    ],
    { link: `<https://api.github.com/next?page=2>; rel="next"` },
  )
  scope.get('/next?page=2').reply(200, [{ id: 3, state: 'error', ...status, context: 'other' }])
  const answer = await openGitHub().port.observePulls([1], 'main')
  const checks = answer.ok ? answer.value.facts.filter((fact) => fact.type === 'check_reported') : []
  expect(checks.map(({ payload }) => payload)).toMatchObject([
    { context: 'legacy-ci', app: null, branch: null, run: 5, status: 'completed', conclusion: 'success' },
    { context: 'other', run: 3, conclusion: 'failure' },
  ])
})

const page = (nodes: unknown[], endCursor: string | null) => ({
  repository: { pullRequests: { nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor } } },
})

test('open pull requests are paged, and each is listed as open even when it is incomplete', async () => {
  const scope = listen()
  scope
    .post('/graphql', (body) => body.variables.after === null)
    .reply(200, { data: page([numbered(1), numbered(2)], 'C') })
  scope
    .post('/graphql', (body) => body.variables.after === 'C')
    .reply(200, {
      data: page([numbered(3)], null),
      errors: [
        {
          type: 'FORBIDDEN',
          path: ['repository', 'pullRequests', 'nodes', 0, 'commits'],
          message: 'Resource not accessible by integration',
        },
      ],
    })
  const answer = await openGitHub().port.observeOpenPulls()
  expect(answer).toMatchObject({ value: { open: [1, 2, 3], incomplete: [3], missing: [], tip: null } })
})

test('an open pull request that GitHub leaves out fails the whole read', async () => {
  const nodes = { nodes: [null], pageInfo: { hasNextPage: false, endCursor: null } }
  listen()
    .post('/graphql')
    .reply(200, { data: { repository: { pullRequests: nodes } } })
  expect(await openGitHub().port.observeOpenPulls()).toMatchObject({ failure: 'unavailable' })
})
