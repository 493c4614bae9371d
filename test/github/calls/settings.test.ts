import { afterEach, beforeEach, expect, test } from 'vitest'
import { graphqlUrl } from '../../../src/github/graphql.ts'
import { listen, loosen, NOW, openGitHub, REPO, sha, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(loosen)

const is = (value: unknown) => ({ ok: true, value })
const notFound = { message: 'Not Found' }
const path = '.github/mainkeeper.yml'
const contents = `${REPO}/contents/.github%2Fmainkeeper.yml?ref=${sha('a')}`
const main = { ref: 'refs/heads/main', object: { sha: sha('a') } }

test('a file is read at the commit where the branch stands', async () => {
  const scope = listen()
  scope.get(`${REPO}/git/ref/heads%2Fmain`).reply(200, main)
  const content = Buffer.from('mode: live # ✓\n').toString('base64')
  scope.get(contents).reply(200, {
    type: 'file',
    sha: sha('b'),
    encoding: 'base64',
    content: `${content.slice(0, 8)}\n${content.slice(8)}`,
  })
  expect(await openGitHub().port.readFile(path, 'main')).toEqual(
    is({ blob: sha('b'), commit: sha('a'), text: 'mode: live # ✓\n' }),
  )
})

test('no file is null, no branch is gone, and no right to look is not the same as no file', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(contents).times(2).reply(404, notFound)
  scope
    .get(`${REPO}/git/commits/${sha('a')}`)
    .reply(200, { sha: sha('a'), tree: { sha: sha('7') }, parents: [], message: '', author: {} })
  expect(await port.readFile(path, sha('a'))).toEqual(is(null))
  scope.get(`${REPO}/git/commits/${sha('a')}`).reply(404, notFound)
  expect(await port.readFile(path, sha('a'))).toMatchObject({ failure: 'gone' })
  scope.get(`${REPO}/git/ref/heads%2Fmain`).reply(404, notFound)
  scope.get(`${REPO}/git/matching-refs/heads%2Fmain`).reply(200, [])
  expect(await port.readFile(path, 'main')).toMatchObject({ failure: 'gone', message: 'there is no refs/heads/main' })
})

test('a folder is no file, and one too large to be shown has no text', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(contents).reply(200, [{ type: 'file' }])
  expect(await port.readFile(path, sha('a'))).toEqual(is(null))
  scope.get(contents).reply(200, { type: 'file', sha: sha('b'), encoding: 'none', content: '' })
  expect(await port.readFile(path, sha('a'))).toEqual(is({ blob: sha('b'), commit: sha('a'), text: null }))
})

test.each([
  ['write', 'maintain', 'maintain'],
  ['read', 'triage', 'triage'],
  ['write', 'release captain', 'write'],
  ['none', 'none', 'none'],
])('permission %s in the role %s is %s', async (permission, role_name, expected) => {
  listen().get(`${REPO}/collaborators/alice/permission`).reply(200, { permission, role_name })
  expect(await openGitHub().port.readPermission('alice')).toEqual(
    is({ user: 'alice', permission: expected, asked_at: new Date(NOW).toISOString() }),
  )
})

test('who is no user has no permission; a repository that is gone tells nothing', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(`${REPO}/collaborators/ghost/permission`).reply(404, { message: 'ghost is not a user' })
  expect(await port.readPermission('ghost')).toMatchObject({ value: { permission: 'none' } })
  scope.get(`${REPO}/collaborators/ghost/permission`).reply(404, notFound)
  expect(await port.readPermission('ghost')).toMatchObject({ failure: 'gone' })
})

test('GraphQL is found beside REST', () => {
  expect(graphqlUrl('https://api.github.com')).toBe('https://api.github.com/graphql')
  expect(graphqlUrl('https://ghe.example/api/v3/')).toBe('https://ghe.example/api/graphql')
  expect(graphqlUrl('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080/graphql')
})

test('the App knows itself, and asks once', async () => {
  const { github } = openGitHub()
  listen()
  expect(await github.identity()).toEqual(is({ id: 1, slug: 'mainkeeper' }))
  expect(await github.identity()).toEqual(is({ id: 1, slug: 'mainkeeper' }))
})

test('repositories of every installation that is not suspended are listed', async () => {
  const scope = listen()
  scope.get('/app/installations?per_page=100').reply(200, [
    { id: 7, suspended_at: null },
    { id: 8, suspended_at: '2026-01-01T00:00:00Z' },
  ])
  scope
    .get('/installation/repositories?per_page=100')
    .reply(200, { repositories: [{ id: 5, full_name: 'acme/widgets', default_branch: 'main', private: true }] })
  expect(await openGitHub().github.listRepositories()).toEqual(
    is([{ id: 5, repository: 'acme/widgets', installation: 7, default_branch: 'main', private: true }]),
  )
})

test('a repository is read with its node id', async () => {
  const repository = {
    default_branch: 'main',
    private: false,
    has_issues: false,
    node_id: 'R_1',
    full_name: 'acme/gadgets',
  }
  listen()
    .get(REPO)
    .reply(200, { ...repository, id: 1 })
  expect(await openGitHub().port.readRepository()).toEqual(is(repository))
})
