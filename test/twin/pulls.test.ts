import { expect, test } from 'vitest'
import { clientFor, failureOf, pass, twinForTest } from './app-client.ts'

const REPO = { owner: 'acme', repo: 'shop' }

const PULL = `fragment Pull on PullRequest {
  number state isDraft mergeable reviewDecision headRefOid
  author { __typename login }
  headRepository { nameWithOwner }
  labels(first: 100) { nodes { name } }
  reviews(first: 100, states: [APPROVED]) { nodes { state author { login } commit { oid } } }
  reviewThreads(first: 100) { nodes { isResolved } }
  files(first: 100) { nodes { path } }
  commits(last: 1) { totalCount nodes { commit { oid statusCheckRollup { contexts(first: 100) { nodes {
    ... on CheckRun { name status conclusion checkSuite { app { slug } branch { name } } }
    ... on StatusContext { context }
  } } } } } }
}`

const TWO = `query Two($one: Int!, $two: Int!) {
  repository(owner: "acme", name: "shop") {
    one: pullRequest(number: $one) { ...Pull }
    two: pullRequest(number: $two) { ...Pull }
  }
}
${PULL}`

const OPEN = `query Open($after: String) {
  repository(owner: "acme", name: "shop") {
    pullRequests(states: [OPEN], first: 20, after: $after) { nodes { number } pageInfo { hasNextPage endCursor } }
  }
}`

async function shop() {
  const { twin, clock } = await twinForTest()
  const repository = await twin.repository('acme/shop', { files: { 'a.txt': 'a\n' } })
  for (const login of ['alice', 'bob']) repository.collaborator(login, 'write')
  const client = await clientFor(twin, repository)
  return { twin, clock, repository, client, alice: repository.as('alice'), bob: repository.as('bob') }
}

test('whether a pull request can be merged is unknown until some seconds after somebody asked, and again after a push', async () => {
  const { twin, clock, client, alice } = await shop()
  await alice.commit('feature', { 'a.txt': 'x\n' })
  const pull_number = await alice.openPull({ head: 'feature', title: 'Change a' })
  const read = async () => (await client.rest.pulls.get({ ...REPO, pull_number })).data
  await pass(twin, clock)
  expect(await read()).toMatchObject({ mergeable: null, mergeable_state: 'unknown' })
  await pass(twin, clock)
  expect(await read()).toMatchObject({ mergeable: true, mergeable_state: 'clean' })
  await alice.commit('main', { 'a.txt': 'y\n' })
  expect((await read()).mergeable).toBeNull()
  await pass(twin, clock)
  expect(await read()).toMatchObject({ mergeable: false, mergeable_state: 'dirty' })
})

test('GraphQL tells of a pull request what a merge queue needs to know', async () => {
  const { twin, client, alice, bob, repository } = await shop()
  repository.protect('main', { requiredReviews: { count: 1 } })
  const head = await alice.commit('feature', { 'b.txt': 'b\n' })
  const number = await alice.openPull({ head: 'feature', title: 'Add b' })
  await bob.review(number, 'approve')
  await alice.label(number, 'soon')
  await alice.openThread(number)
  repository.reportCheckRun({
    sha: head,
    name: 'test',
    app: { id: 9, slug: 'ci' },
    status: 'completed',
    conclusion: 'success',
  })
  repository.reportStatus({ sha: head, context: 'lint', state: 'success' })
  const answer = await client.request('POST /graphql', { query: TWO, variables: { one: number, two: number } })
  expect(answer.data.data.repository.one).toMatchObject({
    number,
    state: 'OPEN',
    isDraft: false,
    mergeable: 'UNKNOWN',
    reviewDecision: 'APPROVED',
    author: { __typename: 'User', login: 'alice' },
    headRefOid: head,
    headRepository: { nameWithOwner: 'acme/shop' },
    labels: { nodes: [{ name: 'soon' }] },
    reviews: { nodes: [{ state: 'APPROVED', author: { login: 'bob' }, commit: { oid: head } }] },
    reviewThreads: { nodes: [{ isResolved: false }] },
    files: { nodes: [{ path: 'b.txt' }] },
    commits: {
      totalCount: 1,
      nodes: [
        {
          commit: {
            oid: head,
            statusCheckRollup: {
              contexts: {
                nodes: [
                  {
                    name: 'test',
                    status: 'COMPLETED',
                    conclusion: 'SUCCESS',
                    checkSuite: { app: { slug: 'ci' }, branch: { name: 'feature' } },
                  },
                  { context: 'lint' },
                ],
              },
            },
          },
        },
      ],
    },
  })
  expect(twin.meter.snapshot().points).toBe(1)
  expect(twin.violations).toEqual([])
})

test('GraphQL gives open pull requests in pages, and the missing one as an error beside the rest', async () => {
  const { twin, client, alice } = await shop()
  for (let i = 0; i < 23; i++) {
    await alice.commit(`b${i}`, { [`f${i}.txt`]: 'x\n' })
    await alice.openPull({ head: `b${i}`, title: `Pull ${i}` })
  }
  const page = async (after: string | null) => {
    const answer = await client.request('POST /graphql', {
      query: OPEN,
      variables: { after },
    })
    return answer.data.data.repository.pullRequests
  }
  const first = await page(null)
  const second = await page(first.pageInfo.endCursor)
  expect([first.nodes.length, first.pageInfo.hasNextPage, second.nodes.length, second.pageInfo.hasNextPage]).toEqual([
    20,
    true,
    3,
    false,
  ])
  const { data } = await client.request('POST /graphql', { query: TWO, variables: { one: 1, two: 99 } })
  expect(data.data.repository).toMatchObject({ one: { number: 1 }, two: null })
  expect(data.errors).toMatchObject([{ type: 'NOT_FOUND', path: ['repository', 'two'] }])
  expect(twin.violations).toEqual([])
})

test('a pull request that came along with another is marked merged too', async () => {
  const { twin, clock, repository, alice } = await shop()
  await alice.commit('one', { 'b.txt': 'b\n' })
  const one = await alice.openPull({ head: 'one', title: 'One' })
  await alice.commit('two', { 'c.txt': 'c\n' }, { from: 'one' })
  const two = await alice.openPull({ head: 'two', title: 'Two' })
  await alice.merge(two)
  await pass(twin, clock)
  expect([repository.pull(one).merged, repository.pull(two).merged]).toEqual([true, true])
})

test('a head branch that is deleted before GitHub noticed the merge leaves its pull request closed, not merged', async () => {
  const { twin, clock, repository, alice } = await shop()
  const head = await alice.commit('feature', { 'b.txt': 'b\n' })
  const number = await alice.openPull({ head: 'feature', title: 'Add b' })
  await alice.push('main', head)
  await alice.deleteBranch('feature')
  await pass(twin, clock)
  expect(repository.pull(number)).toMatchObject({ state: 'closed', merged: false })
})

test('the merge button refuses a head that moved, a draft, and an author may not approve their own work', async () => {
  const { client, alice } = await shop()
  await alice.commit('feature', { 'b.txt': 'b\n' })
  const pull_number = await alice.openPull({ head: 'feature', title: 'Add b', draft: true })
  const merge = (sha: string) => failureOf(client.rest.pulls.merge({ ...REPO, pull_number, sha }))
  expect(await merge('0'.repeat(40))).toMatchObject({ status: 405 })
  await alice.readyForReview(pull_number)
  expect(await merge('0'.repeat(40))).toMatchObject({
    status: 409,
    message: expect.stringContaining('Head branch was modified'),
  })
  await expect(alice.review(pull_number, 'approve')).rejects.toThrow('approve your own pull request')
})
