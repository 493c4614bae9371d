import { afterEach, beforeEach, expect, test } from 'vitest'
import { ZERO_SHA } from '../../../src/core/ids.ts'
import { testFence } from '../../support/fence.ts'
import { listen, loosen, openGitHub, REPO, sha, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(loosen)

const fence = testFence()
const published = 'refs/heads/mainkeeper/queue/main/b1'
const encoded = 'heads%2Fmainkeeper%2Fqueue%2Fmain%2Fb1'
const move = { target: 'main', from: sha('a'), to: sha('c'), published }
const repository = {
  node_id: 'R_1',
  default_branch: 'main',
  private: false,
  has_issues: true,
  full_name: 'acme/widgets',
}
const swapped = { data: { updateRefs: { clientMutationId: null } } }
const old = {
  errors: [{ message: "Field 'updateRefs' doesn't exist on type 'Mutation'", extensions: { code: 'undefinedField' } }],
}

test('the target is compared and swapped, and the published ref deleted, in one call', async () => {
  const scope = listen()
  scope.get(REPO).reply(200, repository)
  scope
    .post('/graphql', (body) => {
      expect(body.query).toContain('mutation AdvanceTarget')
      expect(body.variables).toEqual({
        input: {
          repositoryId: 'R_1',
          refUpdates: [
            { name: 'refs/heads/main', beforeOid: sha('a'), afterOid: sha('c'), force: false },
            { name: published, beforeOid: sha('c'), afterOid: ZERO_SHA, force: true },
          ],
        },
      })
      return true
    })
    .reply(200, swapped)
  expect(await openGitHub().port.advanceTarget(fence, move)).toEqual({ ok: true, value: undefined })
})

test('the node id is read once, and again after GitHub did not know it any more', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(REPO).reply(200, repository)
  scope.post('/graphql').twice().reply(200, swapped)
  await port.advanceTarget(fence, move)
  expect(await port.advanceTarget(fence, move)).toMatchObject({ ok: true })
  scope.post('/graphql').reply(200, {
    data: { updateRefs: null },
    errors: [{ type: 'NOT_FOUND', path: ['updateRefs'], message: 'Could not resolve to a node' }],
  })
  expect(await port.advanceTarget(fence, move)).toMatchObject({ failure: 'gone' })
  scope.get(REPO).reply(200, { ...repository, node_id: 'R_2' })
  scope.post('/graphql', (body) => body.variables.input.repositoryId === 'R_2').reply(200, swapped)
  expect(await port.advanceTarget(fence, move)).toMatchObject({ ok: true })
})

test('an answer with neither data nor errors is unclear', async () => {
  const scope = listen()
  scope.get(REPO).reply(200, repository)
  scope.post('/graphql').reply(200, '<html></html>', { 'content-type': 'text/html' })
  expect(await openGitHub().port.advanceTarget(fence, move)).toMatchObject({ failure: 'unclear' })
})

test('where GraphQL has no updateRefs, the published ref is read, the target fast-forwarded and the ref deleted', async () => {
  const scope = listen()
  scope.get(REPO).reply(200, repository)
  scope.post('/graphql').reply(200, old)
  scope.get(`${REPO}/git/ref/${encoded}`).reply(200, { ref: published, object: { sha: sha('c') } })
  scope
    .patch(`${REPO}/git/refs/heads%2Fmain`, { sha: sha('c'), force: false })
    .reply(200, { ref: 'refs/heads/main', object: { sha: sha('c') } })
  scope.delete(`${REPO}/git/refs/${encoded}`).reply(204)
  expect(await openGitHub().port.advanceTarget(fence, move)).toEqual({ ok: true, value: undefined })
  expect(scope.pendingMocks().filter((mock) => mock.includes('/git/'))).toEqual([])
})

test('where GraphQL has no updateRefs, a withdrawn build moves nothing', async () => {
  const scope = listen()
  scope.get(REPO).reply(200, repository)
  scope.post('/graphql').reply(200, old)
  scope.get(`${REPO}/git/ref/${encoded}`).reply(404, { message: 'Not Found' })
  scope.get(`${REPO}/git/matching-refs/${encoded}`).reply(200, [])
  expect(await openGitHub().port.advanceTarget(fence, move)).toMatchObject({ failure: 'moved' })
})

test('where the target was moved and the published ref was not deleted, it is unclear', async () => {
  const scope = listen()
  scope.get(REPO).reply(200, repository)
  scope.post('/graphql').reply(200, old)
  scope.get(`${REPO}/git/ref/${encoded}`).reply(200, { ref: published, object: { sha: sha('c') } })
  scope.patch(`${REPO}/git/refs/heads%2Fmain`).reply(200, { ref: 'refs/heads/main', object: { sha: sha('c') } })
  scope.delete(`${REPO}/git/refs/${encoded}`).reply(403, { message: 'Resource not accessible by integration' })
  expect(await openGitHub().port.advanceTarget(fence, move)).toMatchObject({ failure: 'unclear' })
})
