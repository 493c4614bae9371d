import { expect, test } from 'vitest'
import { loadContract } from '../../src/twin/contract/contract.ts'

const contract = await loadContract()
const repository = '/repos/octo/hello'
const none = new URLSearchParams()
const sha = 'aa218f56b14c9653891f9e74264a383fa43fefbd'

const ref = {
  ref: 'refs/heads/topic',
  node_id: 'REF_1',
  url: `https://api.github.com${repository}/git/refs/heads/topic`,
  object: { type: 'commit', sha, url: `https://api.github.com${repository}/git/commits/${sha}` },
}

const label = {
  id: 1,
  node_id: 'LA_1',
  url: `https://api.github.com${repository}/labels/bug`,
  name: 'bug',
  description: null,
  color: 'ff0000',
  default: false,
}

test.each([
  ['GET', '/app', 'GET /app'],
  ['get', repository, 'GET /repos/{owner}/{repo}'],
  ['GET', `${repository}/git/ref/heads/a/b`, 'GET /repos/{owner}/{repo}/git/ref/{ref}'],
  ['GET', `${repository}/git/ref/heads%2Fa`, 'GET /repos/{owner}/{repo}/git/ref/{ref}'],
  ['GET', `${repository}/contents/.github/mainkeeper.yml`, 'GET /repos/{owner}/{repo}/contents/{path}'],
  ['GET', `${repository}/compare/main...a/b`, 'GET /repos/{owner}/{repo}/compare/{basehead}'],
  ['GET', `${repository}/commits/a/b`, 'GET /repos/{owner}/{repo}/commits/{ref}'],
  ['GET', `${repository}/commits/a/b/check-runs`, 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs'],
  ['GET', `${repository}/commits/${sha}/pulls`, 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls'],
  ['GET', `${repository}/branches/a/b`, 'GET /repos/{owner}/{repo}/branches/{branch}'],
  ['GET', `${repository}/branches/a/b/protection`, 'GET /repos/{owner}/{repo}/branches/{branch}/protection'],
  ['GET', `${repository}/rules/branches/a/b`, 'GET /repos/{owner}/{repo}/rules/branches/{branch}'],
  ['GET', `${repository}/issues/comments`, 'GET /repos/{owner}/{repo}/issues/comments'],
  ['GET', `${repository}/issues/7`, 'GET /repos/{owner}/{repo}/issues/{issue_number}'],
])('%s %s is found as %s', (method, path, operation) => {
  expect(contract.request(method, path, none, undefined)).toEqual({ operation })
})

test('A request that the extract does not hold is a problem', () => {
  expect(contract.request('PUT', repository, none, undefined)).toEqual({
    problem: `PUT ${repository}: no such operation`,
  })
  expect(contract.request('GET', `${repository}/forks`, none, undefined)).toHaveProperty('problem')
})

test('A path parameter of the wrong type is a problem', () => {
  expect(contract.request('GET', `${repository}/pulls/latest`, none, undefined)).toEqual({
    problem: 'GET /repos/{owner}/{repo}/pulls/{pull_number}: path: pull_number must be integer',
  })
})

function pulls(query: string) {
  return contract.request('GET', `${repository}/pulls`, new URLSearchParams(query), undefined)
}

test('Query parameters are those of the description, with its types and values', () => {
  expect(pulls('state=open&per_page=100&sort=created')).toEqual({ operation: 'GET /repos/{owner}/{repo}/pulls' })
  expect(pulls('status=open')).toHaveProperty('problem', expect.stringContaining('additional properties: status'))
  expect(pulls('per_page=many')).toHaveProperty('problem', expect.stringContaining('per_page must be integer'))
  expect(pulls('state=merged')).toHaveProperty('problem', expect.stringContaining('["open","closed","all"]'))
})

function merge(body: unknown) {
  return contract.request('POST', `${repository}/merges`, none, body)
}

test('A body is as described: complete, typed, and without names that GitHub would ignore', () => {
  expect(merge({ base: 'mainkeeper/scratch/main', head: sha })).toEqual({
    operation: 'POST /repos/{owner}/{repo}/merges',
  })
  expect(merge(undefined)).toHaveProperty('problem', expect.stringContaining('body: is missing'))
  expect(merge({ base: 'main' })).toHaveProperty('problem', expect.stringContaining("required property 'head'"))
  expect(merge({ base: 'main', head: 7 })).toHaveProperty('problem', expect.stringContaining('head must be string'))
  expect(merge({ base: 'main', head: sha, message: 'x' })).toHaveProperty(
    'problem',
    expect.stringContaining('unknown properties: message'),
  )
})

function remove(body: unknown) {
  return contract.request('DELETE', `${repository}/git/refs/heads/topic`, none, body)
}

test('A body where none is asked for is a problem, an empty one is none', () => {
  expect(remove('')).toEqual({ operation: 'DELETE /repos/{owner}/{repo}/git/refs/{ref}' })
  expect(remove({ force: true })).toHaveProperty('problem', expect.stringContaining('body: is not asked for'))
})

function createIssue(body: unknown) {
  return contract.request('POST', `${repository}/issues`, none, body)
}

test('A null is taken where the description says nullable, and only there', () => {
  expect(createIssue({ title: 'A', assignee: null, milestone: null })).not.toHaveProperty('problem')
  expect(createIssue({ title: 'A', body: null })).toHaveProperty(
    'problem',
    expect.stringContaining('body must be string'),
  )
})

test('An answer of the described shape has no problems', () => {
  expect(contract.answer('GET /repos/{owner}/{repo}/git/ref/{ref}', 200, ref)).toEqual([])
  expect(contract.answer('POST /repos/{owner}/{repo}/git/refs', 201, ref)).toEqual([])
  expect(contract.answer('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', 200, [ref, ref])).toEqual([])
  expect(contract.answer('GET /repos/{owner}/{repo}/labels/{name}', 200, label)).toEqual([])
  expect(contract.answer('DELETE /repos/{owner}/{repo}/git/refs/{ref}', 204, undefined)).toEqual([])
})

test('An answer that lacks a field, or has one of another type, is told with its place', () => {
  const { node_id, ...withoutNode } = ref
  const operation = 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}'
  expect(node_id).toBe('REF_1')
  expect(contract.answer(operation, 200, [ref, withoutNode])).toEqual(["200: 1 must have required property 'node_id'"])
  expect(contract.answer(operation, 200, [{ ...ref, object: { ...ref.object, url: 'here' } }])).toEqual([
    '200: 0.object.url must match format "uri"',
  ])
  expect(contract.answer('GET /repos/{owner}/{repo}/labels/{name}', 200, { ...label, default: 'no' })).toEqual([
    '200: default must be boolean',
  ])
})

test('A success that the operation does not describe is a problem', () => {
  expect(contract.answer('GET /repos/{owner}/{repo}/git/ref/{ref}', 201, ref)).toEqual([
    '201: is no answer of this operation',
  ])
  expect(contract.answer('GET /repos/{owner}/{repo}', 204, undefined)).toEqual(['204: is no answer of this operation'])
  expect(contract.answer('GET /nowhere', 200, {})).toEqual(['no such operation'])
})

test('Where nothing is to be said, a body is a problem', () => {
  expect(contract.answer('POST /repos/{owner}/{repo}/merges', 204, {})).toEqual(['204: has a body'])
  expect(contract.answer('GET /repos/{owner}/{repo}', 304, { message: 'x' })).toEqual(['304: has a body'])
  expect(contract.answer('GET /repos/{owner}/{repo}', 304, undefined)).toEqual([])
})

test('An error carries a message, described or not, unless a gateway gives it', () => {
  const error = { message: 'Merge conflict', documentation_url: 'https://docs.github.com/rest' }
  expect(contract.answer('POST /repos/{owner}/{repo}/merges', 409, error)).toEqual([])
  expect(contract.answer('GET /app', 401, { message: 'Bad credentials' })).toEqual([])
  expect(contract.answer('GET /app', 401, {})).toEqual(["401: it must have required property 'message'"])
  expect(contract.answer('GET /app', 502, '<html>')).toEqual([])
})

function links(names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'https://api.github.com/']))
}

test('An installation of a user has an account that is no enterprise', () => {
  const alice = {
    login: 'alice',
    id: 1,
    node_id: 'U_1',
    type: 'User',
    site_admin: false,
    gravatar_id: null,
    ...links('avatar_url events_url followers_url following_url gists_url html_url organizations_url'),
    ...links('received_events_url repos_url starred_url subscriptions_url url'),
  }
  const installation = {
    id: 1,
    account: alice,
    app_id: 2,
    app_slug: 'mainkeeper',
    target_id: 1,
    target_type: 'User',
    permissions: { contents: 'write' },
    events: ['push'],
    repository_selection: 'selected',
    created_at: '2026-01-05T09:00:00Z',
    updated_at: '2026-01-05T09:00:00Z',
    single_file_name: null,
    suspended_at: null,
    suspended_by: null,
    ...links('access_tokens_url repositories_url html_url'),
  }
  expect(contract.answer('GET /app/installations', 200, [installation])).toEqual([])
  expect(contract.answer('GET /app/installations', 200, [{ ...installation, account: {} }])).not.toEqual([])
})
