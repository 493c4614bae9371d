import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CheckRunContent } from '../../../src/github/check-run.ts'
import { testFence } from '../../support/fence.ts'
import { API, listen, loosen, openGitHub, REPO, sha, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(loosen)

const fence = testFence()
const done = { ok: true, value: undefined }
const is = (value: unknown) => ({ ok: true, value })
const ref = 'refs/heads/mainkeeper/scratch/b1-1-1'
const encoded = 'heads%2Fmainkeeper%2Fscratch%2Fb1-1-1'
const notFound = { message: 'Not Found' }

// Refs.

test('a ref that is not there is null; one that we may not see is gone', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(`${REPO}/git/ref/heads%2Fmain`).twice().reply(404, notFound)
  scope
    .get(`${REPO}/git/matching-refs/heads%2Fmain`)
    .reply(200, [{ ref: 'refs/heads/main-2', object: { sha: sha('a') } }])
  expect(await port.readRef('refs/heads/main')).toEqual(is(null))
  scope.get(`${REPO}/git/matching-refs/heads%2Fmain`).reply(404, notFound)
  expect(await port.readRef('refs/heads/main')).toMatchObject({ failure: 'gone' })
})

test('a ref that the first read missed is found in the second', async () => {
  const scope = listen()
  scope.get(`${REPO}/git/ref/heads%2Fmain`).reply(404, notFound)
  scope
    .get(`${REPO}/git/matching-refs/heads%2Fmain`)
    .reply(200, [{ ref: 'refs/heads/main', object: { sha: sha('a') } }])
  expect(await openGitHub().port.readRef('refs/heads/main')).toEqual(is(sha('a')))
})

test('refs are listed by prefix, over all pages', async () => {
  const scope = listen()
  const path = `${REPO}/git/matching-refs/heads%2Fmainkeeper%2F`
  scope.get(path).reply(200, [{ ref: `${ref}a`, object: { sha: sha('a') } }], {
    link: `<${API}${path}?page=2>; rel="next", <${API}${path}?page=2>; rel="last"`,
  })
  scope.get(`${path}?page=2`).reply(200, [{ ref: `${ref}b`, object: { sha: sha('b') } }])
  expect(await openGitHub().port.listRefs('refs/heads/mainkeeper/')).toEqual(
    is([
      { ref: `${ref}a`, sha: sha('a') },
      { ref: `${ref}b`, sha: sha('b') },
    ]),
  )
})

test('a ref is made; deleting one that is not there is ok, deleting in a hidden repository is not', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.post(`${REPO}/git/refs`, { ref, sha: sha('a') }).reply(201, { ref, object: { sha: sha('a') } })
  expect(await port.createRef(fence, ref, sha('a'))).toEqual(done)
  scope.delete(`${REPO}/git/refs/${encoded}`).reply(204)
  expect(await port.deleteRef(fence, ref)).toEqual(done)
  scope.delete(`${REPO}/git/refs/${encoded}`).reply(422, { message: 'Reference does not exist' })
  expect(await port.deleteRef(fence, ref)).toEqual(done)
  scope.delete(`${REPO}/git/refs/${encoded}`).reply(404, notFound)
  expect(await port.deleteRef(fence, ref)).toMatchObject({ failure: 'gone' })
})

// Commits.

const author = { name: 'Alice', email: 'alice@example.org', date: '2026-01-02T03:04:05Z' }
const commit = { sha: sha('c'), tree: sha('7'), parents: [sha('a'), sha('b')], message: 'Merge', author }
const gitCommit = {
  sha: sha('c'),
  tree: { sha: sha('7') },
  parents: [{ sha: sha('a') }, { sha: sha('b') }],
  message: 'Merge',
  author,
}

test('a commit is read and made with its tree and parents', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(`${REPO}/git/commits/${sha('c')}`).reply(200, gitCommit)
  expect(await port.readCommit(sha('c'))).toEqual(is(commit))
  scope
    .post(`${REPO}/git/commits`, { tree: sha('7'), parents: [sha('a'), sha('b')], message: 'Merge', author })
    .reply(201, gitCommit)
  expect(await port.createCommit(fence, commit)).toEqual(is(commit))
  const { author: _, ...unsigned } = commit
  scope
    .post(`${REPO}/git/commits`, { tree: sha('7'), parents: [sha('a'), sha('b')], message: 'Merge' })
    .reply(201, gitCommit)
  // Without an author GitHub names the App and signs.
  expect(await port.createCommit(fence, unsigned)).toEqual(is(commit))
})

test('a merge is by sha and answers with the commit; what is contained answers null', async () => {
  const { port } = openGitHub()
  const scope = listen()
  const body = { base: 'mainkeeper/scratch/b1-1-1', head: sha('b'), commit_message: 'Merge' }
  const { sha: id, parents, ...rest } = gitCommit
  scope.post(`${REPO}/merges`, body).reply(201, { sha: id, parents, commit: rest })
  expect(await port.merge(fence, body.base, sha('b'), 'Merge')).toEqual(is(commit))
  scope.post(`${REPO}/merges`, body).reply(204)
  expect(await port.merge(fence, body.base, sha('b'), 'Merge')).toEqual(is(null))
})

test.each([
  ['ahead', true],
  ['identical', true],
  ['behind', false],
  ['diverged', false],
])('what is %s of an ancestor contains it: %s', async (status, contained) => {
  listen()
    .get(`${REPO}/compare/${sha('a')}...${sha('b')}?per_page=1`)
    .reply(200, { status })
  expect(await openGitHub().port.contains(sha('b'), sha('a'))).toEqual(is(contained))
})

test('unrelated histories contain nothing of each other; an unknown commit is gone', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(/compare/).reply(404, { message: `No common ancestor between ${sha('a')} and ${sha('b')}.` })
  expect(await port.contains(sha('b'), sha('a'))).toEqual(is(false))
  scope.get(/compare/).reply(404, notFound)
  expect(await port.contains(sha('b'), sha('a'))).toMatchObject({ failure: 'gone' })
  expect(await port.contains(sha('b'), sha('b'))).toEqual(is(true))
})

test('conflicting files are those that both sides changed, under old names too', async () => {
  const scope = listen()
  scope
    .get(`${REPO}/compare/${sha('b')}...${sha('a')}`)
    .reply(200, { files: [{ filename: 'src/z.ts' }, { filename: 'src/old.ts' }, { filename: 'ours' }] })
  scope.get(`${REPO}/compare/${sha('a')}...${sha('b')}`).reply(200, {
    files: [
      { filename: 'src/z.ts' },
      { filename: 'src/new.ts', previous_filename: 'src/old.ts' },
      { filename: 'theirs' },
    ],
  })
  expect(await openGitHub().port.conflictingFiles(sha('a'), sha('b'))).toEqual(is(['src/old.ts', 'src/z.ts']))
})

test('a comparison that lists no files is no evidence', async () => {
  listen()
    .get(/compare/)
    .twice()
    .reply(200, { status: 'diverged' })
  expect(await openGitHub().port.conflictingFiles(sha('a'), sha('b'))).toEqual(is([]))
})

// Checks.

const run = (id: number, suite: number, over: object = {}) => ({
  id,
  name: 'ci',
  status: 'completed',
  conclusion: 'success',
  details_url: `https://ci.example/${id}`,
  started_at: '2026-01-02T02:00:00Z',
  completed_at: '2026-01-02T02:10:00Z',
  app: { id: 15368, slug: 'github-actions' },
  check_suite: { id: suite },
  external_id: '',
  ...over,
})

test('checks of one name on two branches are two checks, of each the newest run counts, and ours are left out', async () => {
  const scope = listen()
  scope.get(`${REPO}/commits/${sha('a')}/check-suites?per_page=100`).reply(200, {
    check_suites: [
      { id: 1, head_branch: 'mainkeeper/queue/main/b1' },
      { id: 2, head_branch: null },
    ],
  })
  const runs = [
    run(11, 1),
    run(10, 1, { conclusion: 'failure' }),
    run(12, 2, { conclusion: 'failure' }),
    run(14, 2, { name: 'mainkeeper', app: { id: 1, slug: 'mainkeeper' } }),
    run(13, 2, { status: 'queued', name: 'lint', conclusion: null, completed_at: null }),
  ]
  scope.get(`${REPO}/commits/${sha('a')}/check-runs?filter=all&per_page=100`).reply(200, { check_runs: runs })
  scope
    .get(`${REPO}/commits/${sha('a')}/statuses?per_page=100`)
    .reply(200, [{ id: 3, state: 'pending', context: 'deploy', target_url: null, updated_at: '2026-01-02T02:00:00Z' }])
  const answer = await openGitHub().port.observeChecks(sha('a'))
  expect(answer.ok && answer.value.map(({ payload }) => payload)).toMatchObject([
    {
      context: 'ci',
      branch: 'mainkeeper/queue/main/b1',
      run: 11,
      conclusion: 'success',
      app: 'github-actions',
      app_id: 15368,
      url: 'https://ci.example/11',
    },
    { context: 'ci', branch: null, run: 12, conclusion: 'failure' },
    { context: 'lint', status: 'queued', conclusion: null },
    { context: 'deploy', app: null, run: 3, status: 'in_progress', conclusion: null, completed_at: null },
  ])
})

test('our own check runs are listed by name', async () => {
  listen()
    .get(`${REPO}/commits/${sha('a')}/check-runs?check_name=mainkeeper&filter=all&per_page=100`)
    .reply(200, {
      check_runs: [
        run(5, 1, { external_id: 'main#12', app: { id: 1, slug: 'mainkeeper' } }),
        run(4, 1, { external_id: null, app: null }),
      ],
    })
  expect(await openGitHub().port.listCheckRuns(sha('a'), 'mainkeeper')).toEqual(
    is([
      { id: 5, external_id: 'main#12', app_id: 1 },
      { id: 4, external_id: '', app_id: null },
    ]),
  )
})

test('a check run is written with its buttons, and without a conclusion while it runs', async () => {
  const { port } = openGitHub()
  const scope = listen()
  const actions = [{ label: 'Resume', description: 'Take it up again', identifier: 'resume' }]
  const blocked: CheckRunContent = {
    name: 'mainkeeper',
    sha: sha('a'),
    external_id: 'main#12',
    status: 'completed',
    conclusion: 'action_required',
    title: 'Blocked',
    summary: 'Why',
    actions,
    details_url: 'https://page.example/12',
  }
  const body = {
    name: 'mainkeeper',
    external_id: 'main#12',
    status: 'completed',
    conclusion: 'action_required',
    output: { title: 'Blocked', summary: 'Why' },
    actions,
  }
  scope
    .post(`${REPO}/check-runs`, { head_sha: sha('a'), ...body, details_url: 'https://page.example/12' })
    .reply(201, { id: 9, node_id: 'CR_9' })
  expect(await port.createCheckRun(fence, blocked)).toEqual(is({ id: 9, node: 'CR_9' }))
  const running = {
    name: 'mainkeeper',
    external_id: 'main#12',
    status: 'in_progress',
    output: { title: 'Queued', summary: 'Why' },
    actions: [],
  }
  scope.patch(`${REPO}/check-runs/9`, running).reply(200, { id: 9, node_id: 'CR_9' })
  expect(
    await port.updateCheckRun(fence, 9, {
      ...blocked,
      status: 'in_progress',
      conclusion: null,
      title: 'Queued',
      actions: [],
      details_url: null,
    }),
  ).toEqual(is({ id: 9, node: 'CR_9' }))
})

// Issues and comments.

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
