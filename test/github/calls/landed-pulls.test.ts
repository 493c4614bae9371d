/** What a landing asks of GitHub besides moving the target, against answers that are written down. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testFence } from '../../support/fence.ts'
import { API, listen, loosen, openGitHub, REPO, sha, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(loosen)

const fence = testFence()
const is = (value: unknown) => ({ ok: true, value })
const written = (digit: string, login: string | null, type = 'User') => ({
  sha: sha(digit),
  parents: [{ sha: sha('0') }],
  author: login === null ? null : { login, type },
  commit: { message: 'm', tree: { sha: sha('9') }, author: { name: 'n', email: 'e', date: 'd' } },
})

test('what a head adds is read over all pages, with the accounts behind it', async () => {
  const scope = listen()
  const path = `${REPO}/compare/${sha('a')}...${sha('b')}?per_page=100`
  scope.get(path).reply(
    200,
    { total_commits: 2, commits: [written('1', 'ann')] },
    {
      link: `<${API}${path}&page=2>; rel="next"`,
    },
  )
  scope.get(`${path}&page=2`).reply(200, { total_commits: 2, commits: [written('2', null)] })
  expect(await openGitHub().port.commitsBetween(sha('a'), sha('b'))).toMatchObject(
    is({
      total: 2,
      commits: [
        { sha: sha('1'), login: 'ann', bot: false },
        { sha: sha('2'), login: null },
      ],
    }),
  )
})

test('a list of commits that is shorter than its count is not believed', async () => {
  listen()
    .get(`${REPO}/compare/${sha('a')}...${sha('b')}?per_page=100`)
    .reply(200, { total_commits: 2, commits: [written('1', 'ann')] })
  expect(await openGitHub().port.commitsBetween(sha('a'), sha('b'))).toMatchObject({ failure: 'unavailable' })
})

test('a pull request is read with its description; one of a deleted fork has no owner but its author', async () => {
  const head = { sha: sha('a'), ref: 'topic', repo: null }
  listen()
    .get(`${REPO}/pulls/12`)
    .reply(200, {
      number: 12,
      title: 't',
      body: null,
      user: { login: 'ann' },
      state: 'open',
      merged: false,
      head,
      base: { ref: 'main' },
    })
  expect(await openGitHub().port.readPull(12)).toEqual(
    is({
      number: 12,
      title: 't',
      body: null,
      author: 'ann',
      state: 'open',
      merged: null,
      sha: sha('a'),
      head: 'ann/topic',
      base: 'main',
    }),
  )
})

test('a branch is used by those that come from it and those that go into it', async () => {
  const scope = listen()
  scope.get(`${REPO}/pulls?state=open&per_page=100&base=topic`).reply(200, [{ number: 3 }])
  scope.get(`${REPO}/pulls?state=open&per_page=100&head=acme%3Atopic`).reply(200, [{ number: 3 }, { number: 4 }])
  scope.get(REPO).reply(200, { delete_branch_on_merge: true })
  expect(await openGitHub().port.readBranchUse('topic')).toEqual(is({ pulls: [3, 4], deleted_by_github: true }))
})

test('a branch is deleted by comparison, and one that moved stays', async () => {
  const scope = listen()
  const ref = { name: 'refs/heads/topic', beforeOid: sha('a'), afterOid: sha('0'), force: true }
  scope.get(REPO).reply(200, { node_id: 'R_1', default_branch: 'main', full_name: 'acme/widgets', private: false })
  scope
    .post('/graphql', ({ variables }) => JSON.stringify(variables.input.refUpdates) === JSON.stringify([ref]))
    .reply(200, { data: { updateRefs: { clientMutationId: null } } })
  const { port } = openGitHub()
  expect(await port.deleteBranchAt(fence, 'topic', sha('a'))).toEqual({ ok: true, value: undefined })
  scope.post('/graphql').reply(200, {
    data: { updateRefs: null },
    errors: [{ type: 'UNPROCESSABLE', message: `cannot lock ref: is at ${sha('b')} but expected ${sha('a')}` }],
  })
  expect(await port.deleteBranchAt(fence, 'topic', sha('a'))).toMatchObject({ failure: 'moved' })
})

test('where GraphQL can not compare, a branch is read before it is deleted', async () => {
  const scope = listen()
  scope.get(REPO).reply(200, { node_id: 'R_1', default_branch: 'main', full_name: 'acme/widgets', private: false })
  scope.post('/graphql').reply(200, { errors: [{ message: "Field 'updateRefs' doesn't exist on type 'Mutation'" }] })
  scope.get(`${REPO}/git/ref/heads%2Ftopic`).reply(200, { ref: 'refs/heads/topic', object: { sha: sha('b') } })
  expect(await openGitHub().port.deleteBranchAt(fence, 'topic', sha('a'))).toMatchObject({ failure: 'moved' })
})

test('a pull request is closed', async () => {
  listen().patch(`${REPO}/pulls/12`, { state: 'closed' }).reply(200, { number: 12 })
  expect(await openGitHub().port.closePull(fence, 12)).toEqual({ ok: true, value: undefined })
})

test('a pull request is merged at one head, and what came of it and by whom is read', async () => {
  const scope = listen()
  const merge = { sha: sha('a'), merge_method: 'squash' }
  scope.put(`${REPO}/pulls/12/merge`, { ...merge, commit_title: 't', commit_message: '' }).reply(200, { sha: sha('b') })
  scope.put(`${REPO}/pulls/12/merge`, { sha: sha('a'), merge_method: 'rebase' }).reply(200, { sha: sha('b') })
  const { port } = openGitHub()
  const squash = { pull: 12, sha: sha('a'), method: 'squash', message: { title: 't', body: '' } } as const
  expect(await port.mergePull(fence, squash)).toEqual(is(undefined))
  expect(await port.mergePull(fence, { ...squash, method: 'rebase', message: null })).toEqual(is(undefined))
  const head = { sha: sha('a'), ref: 'topic', repo: null }
  const base = { ref: 'main' }
  const pull = {
    number: 12,
    title: 't',
    body: null,
    user: null,
    state: 'closed',
    head,
    base,
    merge_commit_sha: sha('b'),
  }
  scope.get(`${REPO}/pulls/12`).reply(200, { ...pull, merged: true, merged_by: { login: 'dave' } })
  expect(await port.readPull(12)).toMatchObject(is({ merged: { sha: sha('b'), by: 'dave' } }))
  // A test merge of an open one is no merge.
  scope.get(`${REPO}/pulls/12`).reply(200, { ...pull, merged: false, state: 'open' })
  expect(await port.readPull(12)).toMatchObject(is({ merged: null }))
})

test.each([
  [409, 'Head branch was modified. Review and try the merge again.', 'moved'],
  [405, 'Base branch was modified. Review and try the merge again.', 'moved'],
  [405, 'Pull Request is not mergeable', 'refused'],
  [405, 'Squash merges are not allowed on this repository.', 'refused'],
])('a merge that is answered with %s %s is %s', async (status, message, failure) => {
  listen().put(`${REPO}/pulls/12/merge`).reply(status, { message })
  const merge = { pull: 12, sha: sha('a'), method: 'merge', message: null } as const
  expect(await openGitHub().port.mergePull(fence, merge)).toMatchObject({ failure, message })
})
