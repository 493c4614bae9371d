import nock from 'nock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testFence } from '../support/fence.ts'
import { listen, loosen, NOW, openGitHub, REPO, sha, silence } from './nocked.ts'

beforeEach(silence)
afterEach(loosen)

interface Refusal {
  readonly status: number
  readonly message: string
  readonly errors?: readonly unknown[]
  readonly headers?: Record<string, string>
}

async function merge({ status, message, errors, headers = {} }: Refusal) {
  listen()
    .post(`${REPO}/merges`)
    .reply(status, { message, ...(errors ? { errors } : {}) }, headers)
  return openGitHub().port.merge(testFence(), 'scratch', sha('a'), 'Merge')
}

async function read({ status, message, headers = {} }: Refusal) {
  listen()
    .get(`${REPO}/git/commits/${sha('a')}`)
    .reply(status, { message }, headers)
  return openGitHub().port.readCommit(sha('a'))
}

test.each<[string, Refusal, string]>([
  ['a merge conflict', { status: 409, message: 'Merge conflict' }, 'conflict'],
  [
    'a head that was modified',
    { status: 409, message: 'Head branch was modified. Review and try the merge again.' },
    'moved',
  ],
  ['an empty repository', { status: 409, message: 'Git Repository is empty.' }, 'refused'],
  ['a permission told as a conflict', { status: 409, message: 'Resource not accessible by integration' }, 'forbidden'],
  ['a ref that exists', { status: 422, message: 'Reference already exists' }, 'moved'],
  ['an update that is no fast-forward', { status: 422, message: 'Update is not a fast forward' }, 'moved'],
  ['a ref that is not there', { status: 422, message: 'Reference does not exist' }, 'gone'],
  ['a commit that is not there', { status: 422, message: 'Object does not exist' }, 'gone'],
  ['a missing required check', { status: 422, message: 'Required status check "ci" is expected.' }, 'refused'],
  [
    'a protected branch',
    { status: 403, message: "You're not authorized to push to this branch. Visit the page about protected branches." },
    'refused',
  ],
  [
    'a ruleset',
    { status: 422, message: 'Repository rule violations found\n\nCannot update this protected ref.\n\n' },
    'refused',
  ],
  [
    'an invalid value',
    { status: 422, message: 'Validation Failed', errors: [{ resource: 'Issue', field: 'title', code: 'missing' }] },
    'refused',
  ],
  ['a missing right', { status: 403, message: 'Resource not accessible by integration' }, 'forbidden'],
  ['a suspended installation', { status: 403, message: 'This installation has been suspended' }, 'forbidden'],
  [
    'a workflow file',
    {
      status: 422,
      message:
        'refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission',
    },
    'forbidden',
  ],
  ['something hidden or absent', { status: 404, message: 'Not Found' }, 'gone'],
  ['issues switched off', { status: 410, message: 'Issues has been disabled in this repository.' }, 'refused'],
  ['something deleted', { status: 410, message: 'This issue was deleted' }, 'gone'],
  ['a method that is not allowed', { status: 405, message: 'Merging is blocked' }, 'refused'],
])('%s is told by status and message', async (_name, refusal, failure) => {
  expect(await merge(refusal)).toMatchObject({
    ok: false,
    failure,
    message: expect.stringContaining(refusal.message.trim()),
  })
})

test('the reasons behind a validation error are part of the message', async () => {
  const answer = await merge({
    status: 422,
    message: 'Validation Failed',
    errors: [{ resource: 'Issue', field: 'title', code: 'missing' }, 'too long'],
  })
  expect(answer).toMatchObject({ message: 'Validation Failed: Issue title missing: too long' })
})

test('a 404 says that it may mean forbidden', async () => {
  expect(await read({ status: 404, message: 'Not Found' })).toMatchObject({
    failure: 'gone',
    message: expect.stringContaining('we may not see it'),
  })
})

test.each<[string, Refusal, number]>([
  [
    'a primary limit waits for the reset',
    {
      status: 403,
      message: 'API rate limit exceeded',
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 300) },
    },
    300_000,
  ],
  [
    'a secondary limit waits as long as it says',
    { status: 403, message: 'You have exceeded a secondary rate limit', headers: { 'retry-after': '30' } },
    30_000,
  ],
  [
    'a secondary limit without a time waits a minute',
    { status: 403, message: 'You have exceeded a secondary rate limit' },
    60_000,
  ],
  [
    'a 429 waits as long as it says',
    { status: 429, message: 'Too many requests', headers: { 'retry-after': '5' } },
    5000,
  ],
  [
    'writing too quickly waits a minute',
    { status: 422, message: 'Validation Failed', errors: ['was submitted too quickly'] },
    60_000,
  ],
])('%s', async (_name, refusal, wait) => {
  expect(await merge(refusal)).toMatchObject({ ok: false, failure: 'limited', until: NOW + wait })
})

test.each([500, 502, 503, 504])('a %i leaves a write unclear and a read unavailable', async (status) => {
  expect(await merge({ status, message: 'Server Error' })).toMatchObject({ failure: 'unclear' })
  nock.cleanAll()
  expect(await read({ status, message: 'Server Error' })).toMatchObject({ failure: 'unavailable' })
})

test('a page instead of JSON is kept out of the message', async () => {
  listen()
    .get(`${REPO}/git/commits/${sha('a')}`)
    .reply(502, '<html>Unicorn!</html>', { 'content-type': 'text/html' })
  expect(await openGitHub().port.readCommit(sha('a'))).toEqual({
    ok: false,
    failure: 'unavailable',
    message: '502: an answer that is not JSON',
  })
})

test.each<[string, { type?: string; message: string; extensions?: { code: string } }, string]>([
  [
    'a stale ref',
    { type: 'UNPROCESSABLE', message: `refs/heads/main is at ${sha('b')} but expected ${sha('a')}` },
    'moved',
  ],
  ['stale data', { type: 'STALE_DATA', message: 'Something changed' }, 'moved'],
  ['a withdrawn ref', { type: 'UNPROCESSABLE', message: 'Reference does not exist' }, 'moved'],
  ['a ruleset', { type: 'UNPROCESSABLE', message: 'Repository rule violations found' }, 'refused'],
  ['another refusal with a type', { type: 'UNPROCESSABLE', message: 'No.' }, 'refused'],
  ['a missing right', { type: 'FORBIDDEN', message: 'Resource not accessible by integration' }, 'forbidden'],
  [
    'a repository that is gone',
    { type: 'NOT_FOUND', message: "Could not resolve to a node with the global id of 'R_1'" },
    'gone',
  ],
  [
    'a time-out',
    { message: 'Something went wrong while executing your query. This may be the result of a timeout' },
    'unclear',
  ],
  ['words without a type', { message: 'Hm.' }, 'unclear'],
  ['a limit', { type: 'RATE_LIMITED', message: 'API rate limit exceeded' }, 'limited'],
])('%s is told from a GraphQL answer under 200', async (_name, error, failure) => {
  const scope = listen()
  scope
    .get(REPO)
    .reply(200, { node_id: 'R_1', default_branch: 'main', private: false, has_issues: true, full_name: 'acme/widgets' })
  scope.post('/graphql').reply(200, { data: { updateRefs: null }, errors: [{ path: ['updateRefs'], ...error }] })
  const move = { target: 'main', from: sha('a'), to: sha('c'), published: 'refs/heads/mainkeeper/queue/main/b1' }
  expect(await openGitHub().port.advanceTarget(testFence(), move)).toMatchObject({ ok: false, failure })
})
