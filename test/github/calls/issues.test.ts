/** Issues, labels, comments and reactions. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testFence } from '../../support/fence.ts'
import { API, listen, loosen, openGitHub, REPO, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(loosen)

const fence = testFence()
const done = { ok: true, value: undefined }
const is = (value: unknown) => ({ ok: true, value })
const notFound = { message: 'Not Found' }

test('only issues that we opened are listed, newest first', async () => {
  const query = {
    creator: 'mainkeeper[bot]',
    labels: 'mainkeeper:blocked',
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: '100',
  }
  listen()
    .get(`${REPO}/issues`)
    .query(query)
    .reply(200, [
      {
        number: 57,
        body: null,
        state: 'closed',
        state_reason: 'completed',
        labels: ['z', { name: 'a' }],
        locked: false,
        user: null,
        updated_at: '2026-01-02T03:00:00Z',
      },
      {
        number: 12,
        body: 'x',
        state: 'open',
        labels: [],
        locked: true,
        user: { login: 'alice', type: 'User' },
        pull_request: {},
        updated_at: '2026-01-02T03:00:00Z',
      },
    ])
  const updated_at = '2026-01-02T03:00:00Z'
  expect(await openGitHub().port.listIssues('mainkeeper:blocked')).toEqual(
    is([
      {
        number: 57,
        body: '',
        state: 'closed',
        state_reason: 'completed',
        labels: ['a', 'z'],
        locked: false,
        author: 'ghost',
        is_pull: false,
        updated_at,
      },
      {
        number: 12,
        body: 'x',
        state: 'open',
        state_reason: null,
        labels: [],
        locked: true,
        author: 'alice',
        is_pull: true,
        updated_at,
      },
    ]),
  )
})

test('an issue is assigned where GitHub allows it, and opened all the same where not', async () => {
  const { port } = openGitHub()
  const scope = listen()
  const issue = { title: 'Blocked', body: 'Why', labels: ['mainkeeper:blocked'] }
  scope.get(`${REPO}/assignees/alice`).reply(204)
  scope.post(`${REPO}/issues`, { ...issue, assignees: ['alice'] }).reply(201, { number: 57 })
  expect(await port.createIssue(fence, { ...issue, assignee: 'alice' })).toEqual(is(57))
  scope.get(`${REPO}/assignees/mallory`).reply(404, notFound)
  scope.post(`${REPO}/issues`, { ...issue, assignees: [] }).reply(201, { number: 58 })
  expect(await port.createIssue(fence, { ...issue, assignee: 'mallory' })).toEqual(is(58))
})

test('an issue is opened without the one who can not be assigned any more', async () => {
  const { port } = openGitHub()
  const scope = listen()
  const issue = { title: 'Blocked', body: 'Why', labels: ['mainkeeper:blocked'] }
  scope.get(`${REPO}/assignees/alice`).reply(204)
  const errors = [{ resource: 'Issue', field: 'assignees', code: 'invalid', value: 'alice' }]
  scope.post(`${REPO}/issues`, { ...issue, assignees: ['alice'] }).reply(422, { message: 'Validation Failed', errors })
  scope.post(`${REPO}/issues`, { ...issue, assignees: [] }).reply(201, { number: 57 })
  expect(await port.createIssue(fence, { ...issue, assignee: 'alice' })).toEqual(is(57))
})

test('an issue that was transferred or deleted is gone, and is not written to where it went', async () => {
  const { port } = openGitHub()
  const scope = listen()
  const location = 'https://api.github.com/repositories/2/issues/3'
  scope.patch(`${REPO}/issues/57`).reply(301, { message: 'Moved Permanently' }, { location })
  expect(await port.updateIssue(fence, 57, { body: 'More' })).toMatchObject({ ok: false, failure: 'gone' })
  scope.patch(`${REPO}/issues/57`).reply(410, { message: 'This issue was deleted' })
  expect(await port.updateIssue(fence, 57, { body: 'More' })).toMatchObject({ ok: false, failure: 'gone' })
})

test('an issue is changed in what is named alone', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.patch(`${REPO}/issues/57`, { state: 'closed', state_reason: 'completed' }).reply(200, { number: 57 })
  expect(await port.updateIssue(fence, 57, { state: 'closed', reason: 'completed' })).toEqual(done)
  scope.patch(`${REPO}/issues/57`, { body: 'More' }).reply(200, { number: 57 })
  expect(await port.updateIssue(fence, 57, { body: 'More' })).toEqual(done)
})

test('C121 a label is made where there is none and nowhere else, also when another was faster', async () => {
  const { port } = openGitHub()
  const scope = listen()
  const label = { name: 'mainkeeper:blocked', color: 'd93f0b', description: 'Waits for a person' }
  scope.get(`${REPO}/labels/mainkeeper%3Ablocked`).reply(200, label)
  expect(await port.ensureLabel(fence, label)).toEqual(done)
  scope.get(`${REPO}/labels/mainkeeper%3Ablocked`).times(3).reply(404, notFound)
  scope.post(`${REPO}/labels`, label).reply(201, label)
  expect(await port.ensureLabel(fence, label)).toEqual(done)
  scope.post(`${REPO}/labels`, label).reply(422, {
    message: 'Validation Failed',
    errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
  })
  expect(await port.ensureLabel(fence, label)).toEqual(done)
  scope
    .post(`${REPO}/labels`, label)
    .reply(422, { message: 'Validation Failed', errors: [{ resource: 'Label', code: 'invalid', field: 'color' }] })
  expect(await port.ensureLabel(fence, label)).toMatchObject({ failure: 'refused' })
})

test('C121 removing a label that is not there is ok; of an issue that is not there it is not', async () => {
  const { port } = openGitHub()
  const scope = listen()
  const path = `${REPO}/issues/57/labels/mainkeeper%3Aresume`
  scope.delete(path).reply(200, [])
  expect(await port.removeLabel(fence, 57, 'mainkeeper:resume')).toEqual(done)
  scope.delete(path).reply(404, { message: 'Label does not exist' })
  expect(await port.removeLabel(fence, 57, 'mainkeeper:resume')).toEqual(done)
  scope.delete(path).reply(404, notFound)
  expect(await port.removeLabel(fence, 57, 'mainkeeper:resume')).toMatchObject({ failure: 'gone' })
})

test('comments are listed with their issue and whether a bot wrote them', async () => {
  const { port } = openGitHub()
  const scope = listen()
  const at = { created_at: '2026-01-02T03:00:00Z', updated_at: '2026-01-02T03:00:00Z' }
  const rest = {
    id: 4,
    body: '/resume',
    issue_url: `${API}${REPO}/issues/57`,
    user: { login: 'renovate[bot]', type: 'Bot' },
    ...at,
  }
  const comment = { id: 4, issue: 57, body: '/resume', author: 'renovate[bot]', author_is_bot: true, ...at }
  scope.get(`${REPO}/issues/57/comments?per_page=100`).reply(200, [rest])
  expect(await port.listComments(57)).toEqual(is([comment]))
  const since = '2026-01-02T00:00:00Z'
  scope
    .get(`${REPO}/issues/comments`)
    .query({ since, sort: 'updated', direction: 'asc', per_page: '100' })
    .reply(200, [{ ...rest, user: null }])
  expect(await port.listCommentsSince(since)).toEqual(is([{ ...comment, author: 'ghost', author_is_bot: false }]))
})

test('comments and reactions are written', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.post(`${REPO}/issues/12/comments`, { body: 'Hm' }).reply(201, { id: 4 })
  expect(await port.createComment(fence, 12, 'Hm')).toEqual(is(4))
  scope.patch(`${REPO}/issues/comments/4`, { body: 'Ah' }).reply(200, { id: 4 })
  expect(await port.updateComment(fence, 4, 'Ah')).toEqual(done)
  scope.post(`${REPO}/issues/comments/4/reactions`, { content: '+1' }).reply(200, { id: 1 })
  expect(await port.react(fence, { on: 'comment', id: 4 }, '+1')).toEqual(done)
  scope.post(`${REPO}/pulls/comments/5/reactions`, { content: '-1' }).reply(201, { id: 2 })
  expect(await port.react(fence, { on: 'review_comment', id: 5 }, '-1')).toEqual(done)
  scope.post(`${REPO}/issues/12/reactions`, { content: '+1' }).reply(201, { id: 3 })
  expect(await port.react(fence, { on: 'issue', id: 12 }, '+1')).toEqual(done)
})
