/** Check runs and statuses: those of others read, our own written. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CheckRunContent } from '../../../src/github/check-run.ts'
import { testFence } from '../../support/fence.ts'
import { listen, loosen, openGitHub, REPO, sha, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(loosen)

const fence = testFence()
const is = (value: unknown) => ({ ok: true, value })

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
