/**
 * The port over HTTP against a local GitHub with real git: that the two sides mean the same. What a healthy GitHub does
 * not answer is in the tests beside this one.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { catalogue, type NewEvent } from '../../src/core/events.ts'
import type { CheckRunContent } from '../../src/github/check-run.ts'
import { createGitHub } from '../../src/github/octokit.ts'
import type { Answer, GitHub, RepositoryPort } from '../../src/github/port.ts'
import { VirtualClock } from '../../src/twin/clock.ts'
import { loadContract } from '../../src/twin/contract/contract.ts'
import { startTwin, type Twin } from '../../src/twin/twin.ts'
import type { TwinRepository } from '../../src/twin/twin-repository.ts'
import { testFence } from '../support/fence.ts'

const fence = testFence()
const clock = new VirtualClock()
const published = 'refs/heads/mainkeeper/queue/main/b1'
const scratch = 'mainkeeper/scratch/b1-1-1'
let twin: Twin
let repo: TwinRepository
let github: GitHub
let port: RepositoryPort
let installation: number

beforeEach(async () => {
  twin = await startTwin({ clock, contract: await loadContract() })
  repo = await twin.repository('acme/widgets', { files: { 'a.txt': 'a\n', '.github/mainkeeper.yml': 'mode: live\n' } })
  repo.collaborator('alice', 'write')
  repo.collaborator('bob', 'maintain')
  github = connect()
  installation = value(await github.listRepositories())[0]?.installation ?? 0
  value(await github.identity())
  port = github.repository('acme/widgets', installation)
})

afterEach(async () => {
  await twin.stop()
  if (twin.violations.length > 0) throw new Error(twin.violations.join('\n'))
})

function connect(baseUrl = twin.url): GitHub {
  const { id, privateKey } = twin.app
  return createGitHub({ appId: id, privateKey, baseUrl, now: () => clock.now(), pace: { contentMs: 0, writeMs: 0 } })
}

function value<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.failure}: ${answer.message}`)
  return answer.value
}

const tipOf = async (branch: string): Promise<string> => (await repo.ref(`refs/heads/${branch}`)) ?? ''

async function propose(branch: string, files: Record<string, string | null>): Promise<{ pull: number; head: string }> {
  const head = await repo.as('alice').commit(branch, files)
  return { pull: await repo.as('alice').openPull({ head: branch, title: `Change ${branch}` }), head }
}

async function observe(pulls: readonly number[]) {
  await port.observePulls(pulls, 'main')
  // GitHub works out what is mergeable after it was first asked.
  for (let due = clock.nextDue(); due !== undefined && due <= clock.now() + 60_000; due = clock.nextDue()) {
    clock.wakeNext()
    await twin.idle()
  }
  return value(await port.observePulls(pulls, 'main'))
}

const of = (facts: readonly NewEvent[], type: NewEvent['type']): readonly unknown[] =>
  facts.filter((fact) => fact.type === type).map((fact) => fact.payload)

/** A build of one member, assembled and published as the queue does it. */
async function publish(head: string): Promise<{ from: string; to: string }> {
  const from = await tipOf('main')
  value(await port.createRef(fence, `refs/heads/${scratch}`, from))
  const merged = value(await port.merge(fence, scratch, head, 'Merge one'))
  value(await port.createRef(fence, published, merged?.sha ?? ''))
  return { from, to: merged?.sha ?? '' }
}

test('the App finds itself, its repositories, and GraphQL beside either address of REST', async () => {
  expect(value(await github.identity())).toEqual({ id: twin.app.id, slug: twin.app.slug })
  expect(value(await github.listRepositories())).toEqual([
    {
      id: expect.any(Number),
      repository: 'acme/widgets',
      installation: expect.any(Number),
      default_branch: 'main',
      private: false,
    },
  ])
  const enterprise = connect(`${twin.url}/api/v3`)
  expect(value(await enterprise.repository('acme/widgets', installation).observePulls([], 'main')).tip).toBe(
    await tipOf('main'),
  )
  expect(value(await port.readRepository())).toMatchObject({
    default_branch: 'main',
    private: false,
    has_issues: true,
    full_name: 'acme/widgets',
  })
})

test('a pull request gives its facts, each of which satisfies its schema', async () => {
  await repo.as('alice').commit('feature', { 'first.txt': 'first\n' })
  const { pull, head } = await propose('feature', { 'b.txt': 'b\n', '.github/workflows/ci.yml': 'on: push\n' })
  const review = await repo.as('bob').review(pull, 'approve')
  await repo.as('bob').label(pull, 'ready')
  repo.reportCheckRun({
    sha: head,
    name: 'test',
    app: { id: 15368, slug: 'actions' },
    status: 'completed',
    conclusion: 'success',
    head_branch: 'feature',
  })
  repo.reportStatus({ sha: head, context: 'legacy', state: 'pending' })
  repo.reportStatus({ sha: head, context: 'legacy', state: 'success' })
  const { facts, tip, missing, incomplete } = await observe([pull, 99])
  expect({ tip, missing, incomplete }).toEqual({ tip: await tipOf('main'), missing: [99], incomplete: [] })
  for (const fact of facts) expect(catalogue[fact.type].payload.safeParse(fact.payload).error).toBeUndefined()
  expect(of(facts, 'target_moved')).toMatchObject([{ branch: 'main', after: tip }])
  expect(of(facts, 'pull_request_observed')).toMatchObject([
    {
      pull,
      author: 'alice',
      state: 'open',
      draft: false,
      base: 'main',
      branch: 'feature',
      remote: 'acme/widgets',
      sha: head,
      labels: ['ready'],
    },
  ])
  expect(of(facts, 'branch_pushed')).toMatchObject([{ branch: 'feature', sha: head, remote: 'acme/widgets' }])
  expect(of(facts, 'review_approved')).toMatchObject([{ pull, sha: head, reviewer: 'bob', review_id: review }])
  expect(of(facts, 'pull_request_examined')).toMatchObject([
    {
      pull,
      sha: head,
      tip,
      mergeable: 'yes',
      reachable: 'yes',
      integrated: 'no',
      threads_unresolved: 0,
      commits: 2,
      workflow_files: 'yes',
    },
  ])
  expect(of(facts, 'check_reported')).toMatchObject([
    {
      sha: head,
      context: 'test',
      app: 'actions',
      app_id: 15368,
      branch: 'feature',
      status: 'completed',
      conclusion: 'success',
    },
    { sha: head, context: 'legacy', app: null, branch: null, status: 'completed', conclusion: 'success' },
  ])
})

test('a review that ended is retracted, a conflict is not mergeable, and a branch that is gone can not be reached', async () => {
  const { pull } = await propose('feature', { 'a.txt': 'feature\n' })
  const approval = await repo.as('bob').review(pull, 'approve')
  await repo.as('bob').dismiss(pull, approval, 'No')
  await repo.as('carol').review(pull, 'request_changes', { body: 'No' })
  await repo.as('bob').openThread(pull)
  await repo.as('bob').commit('main', { 'a.txt': 'main\n' })
  const seen = await observe([pull])
  expect(of(seen.facts, 'review_approved')).toEqual([])
  expect(of(seen.facts, 'review_retracted')).toMatchObject([
    { review_id: approval, reviewer: 'bob', reason: 'dismissed' },
    { reviewer: 'carol', reason: 'changes_requested' },
  ])
  expect(of(seen.facts, 'pull_request_examined')).toMatchObject([
    { mergeable: 'no', reachable: 'yes', threads_unresolved: 1 },
  ])
  await repo.as('alice').close(pull)
  await repo.as('alice').deleteBranch('feature')
  const gone = await observe([pull])
  expect(of(gone.facts, 'pull_request_examined')).toMatchObject([{ reachable: 'no', integrated: 'unknown' }])
  expect(of(gone.facts, 'pull_request_observed')).toMatchObject([{ state: 'closed' }])
})

test('all open pull requests are found, over pages, and none that is closed', async () => {
  const opened: number[] = []
  for (let index = 0; index < 23; index++)
    opened.push((await propose(`feature-${index}`, { [`${index}.txt`]: 'x' })).pull)
  await repo.as('alice').close(opened[4] ?? 0)
  const all = value(await port.observeOpenPulls())
  expect(all.open).toEqual(opened.filter((_, index) => index !== 4))
  expect(of(all.facts, 'pull_request_observed')).toMatchObject(all.open.map((pull) => ({ pull, state: 'open' })))
  expect(all.incomplete).toEqual([])
})

test('nested lists longer than a page are read to their end', async () => {
  const files = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`files/${index}`, 'x']))
  const { pull } = await propose('feature', files)
  for (let index = 0; index < 101; index++) await repo.as('bob').openThread(pull)
  for (let index = 0; index < 103; index++) await repo.as('alice').label(pull, `label-${index}`)
  const { facts, incomplete } = await observe([pull])
  expect(incomplete).toEqual([])
  expect(of(facts, 'pull_request_observed')).toMatchObject([{ labels: { length: 103 } }])
  expect(of(facts, 'pull_request_examined')).toMatchObject([{ threads_unresolved: 101 }])
})

test('a build is assembled by sha, published, and the target moved to it in one step', async () => {
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const { from, to } = await publish(head)
  const commit = value(await port.readCommit(to))
  expect(commit).toMatchObject({ sha: to, parents: [from, head], message: 'Merge one', tree: await repo.tree(to) })
  expect(value(await port.merge(fence, scratch, head, 'Again'))).toBeNull()
  expect(value(await port.contains(to, head))).toBe(true)
  expect(value(await port.contains(from, to))).toBe(false)
  value(await port.advanceTarget(fence, { target: 'main', from, to, published }))
  expect(value(await port.readRef('refs/heads/main'))).toBe(to)
  expect(value(await port.readRef(published))).toBeNull()
  expect(value(await port.listRefs('refs/heads/mainkeeper/'))).toEqual([{ ref: `refs/heads/${scratch}`, sha: to }])
  value(await port.deleteRef(fence, `refs/heads/${scratch}`))
  value(await port.deleteRef(fence, `refs/heads/${scratch}`))
  expect(value(await port.listRefs('refs/heads/mainkeeper/'))).toEqual([])
})

test('a target that moved moves no further, not even where it would be a fast-forward', async () => {
  const one = await propose('one', { 'b.txt': 'b\n' })
  const two = await propose('two', { 'c.txt': 'c\n' })
  const { from, to } = await publish(one.head)
  await repo.as('bob').push('main', to)
  const longer = value(await port.merge(fence, scratch, two.head, 'Merge two'))?.sha ?? ''
  value(await port.deleteRef(fence, published))
  value(await port.createRef(fence, published, longer))
  expect(await port.advanceTarget(fence, { target: 'main', from, to: longer, published })).toMatchObject({
    failure: 'moved',
  })
  expect([await tipOf('main'), await repo.ref(published)]).toEqual([to, longer])
})

test('a build that was withdrawn, or published anew, moves nothing', async () => {
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const { from, to } = await publish(head)
  value(await port.deleteRef(fence, published))
  expect(await port.advanceTarget(fence, { target: 'main', from, to, published })).toMatchObject({ failure: 'moved' })
  value(await port.createRef(fence, published, head))
  expect(await port.advanceTarget(fence, { target: 'main', from, to, published })).toMatchObject({ failure: 'moved' })
  expect([await tipOf('main'), await repo.ref(published)]).toEqual([from, head])
})

test('a required check that did not pass is a refusal with GitHub’s text', async () => {
  repo.protect('main', { requiredChecks: [{ context: 'test' }] })
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const move = { target: 'main', published, ...(await publish(head)) }
  expect(await port.advanceTarget(fence, move)).toMatchObject({
    failure: 'refused',
    message: expect.stringMatching(/required status check/i),
  })
  repo.reportCheckRun({
    sha: move.to,
    name: 'test',
    app: { id: 15368, slug: 'actions' },
    status: 'completed',
    conclusion: 'success',
    head_branch: 'mainkeeper/queue/main/b1',
  })
  value(await port.advanceTarget(fence, move))
})

test('an advance that was done and answered with an error is unclear', async () => {
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const move = { target: 'main', published, ...(await publish(head)) }
  twin.faults.next({ operation: 'graphql:AdvanceTarget' }, twin.faults.failAfter(502))
  expect(await port.advanceTarget(fence, move)).toMatchObject({ failure: 'unclear' })
  expect(await tipOf('main')).toBe(move.to)
})

test('limits are honoured until they end', async () => {
  twin.faults.next({ operation: /git\/ref/ }, twin.faults.limit('secondary', 30))
  const until = clock.now() + 30_000
  expect(await port.readRef('refs/heads/main')).toMatchObject({ failure: 'limited', until })
  expect(await port.createRef(fence, published, await tipOf('main'))).toMatchObject({ failure: 'limited', until })
  clock.moveTo(until)
  expect(await port.readRef('refs/heads/main')).toMatchObject({ ok: true })
})

test('a token that was revoked is replaced', async () => {
  await port.readRef('refs/heads/main')
  twin.revokeTokens()
  expect(await port.readRef('refs/heads/main')).toMatchObject({ ok: true })
})

test('a conflict is told, with the files that both sides changed', async () => {
  const { head } = await propose('feature', { 'a.txt': 'feature\n', 'b.txt': 'b\n' })
  const tip = await repo.as('bob').commit('main', { 'a.txt': 'main\n', 'c.txt': 'c\n' })
  value(await port.createRef(fence, `refs/heads/${scratch}`, tip))
  expect(await port.merge(fence, scratch, head, 'Merge')).toMatchObject({ failure: 'conflict' })
  expect(value(await port.conflictingFiles(tip, head))).toEqual(['a.txt'])
})

test('where a branch stands is read together with the tree of a commit, and so is that there is none', async () => {
  const tip = await tipOf('main')
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const before = twin.meter.snapshot().total
  expect(value(await port.readTarget('main', head))).toEqual({ tip, tree: await repo.tree(head) })
  expect(twin.meter.snapshot().total).toBe(before + 1)
  expect(value(await port.readTarget('nowhere', 'e'.repeat(40)))).toEqual({ tip: null, tree: null })
})

test('refs, commits and heads that do not exist are told apart from those that do', async () => {
  const tip = await tipOf('main')
  expect(await port.createRef(fence, 'refs/heads/main', tip)).toMatchObject({ failure: 'moved' })
  expect(await port.createRef(fence, published, 'e'.repeat(40))).toMatchObject({ failure: 'gone' })
  expect(await port.merge(fence, 'nowhere', tip, 'Merge')).toMatchObject({ failure: 'gone' })
  expect(await port.readCommit('e'.repeat(40))).toMatchObject({ failure: 'gone' })
  expect(value(await port.readRef('refs/heads/mai'))).toBeNull()
  const commit = value(await port.createCommit(fence, { tree: await repo.tree(tip), parents: [tip], message: 'Again' }))
  expect(commit).toMatchObject({ parents: [tip], message: 'Again' })
})

test('check runs of several heads are written in one document, each done or not by itself', async () => {
  const written = (title: string, sha: string): CheckRunContent => ({
    name: 'mainkeeper',
    sha,
    external_id: `main#${title}`,
    status: 'in_progress',
    conclusion: null,
    title,
    summary: 'Why',
    actions: [],
    details_url: null,
  })
  const heads: string[] = []
  for (const name of ['one', 'two']) heads.push((await propose(name, { [`${name}.txt`]: 'x\n' })).head)
  const [one = '', two = ''] = heads
  const first = value(await port.createCheckRun(fence, written('Queued', one)))
  const second = value(await port.createCheckRun(fence, written('Queued', two)))
  const actions = [{ label: 'Resume', description: 'Take it up again', identifier: 'resume' }]
  const before = twin.meter.snapshot().total
  const said = value(
    await port.updateCheckRuns(fence, [
      {
        node: first.node,
        content: { ...written('Blocked', one), status: 'completed', conclusion: 'neutral', actions },
      },
      { node: 'CR_nowhere', content: written('Nowhere', one) },
      { node: second.node, content: { ...written('Landed', two), details_url: 'https://page.example/12' } },
      {
        node: second.node,
        content: { ...written('Lost', two), actions: [...actions, ...actions, ...actions, ...actions] },
      },
    ]),
  )
  expect(said).toMatchObject([{ ok: true }, { failure: 'gone' }, { ok: true }, { failure: 'refused' }])
  expect(twin.meter.snapshot().total - before).toBeLessThanOrEqual(2)
  expect(repo.checkRuns(one).find(({ id }) => id === first.id)).toMatchObject({
    status: 'completed',
    conclusion: 'neutral',
    title: 'Blocked',
    actions,
  })
  expect(repo.checkRuns(two)).toMatchObject([{ status: 'in_progress', conclusion: null, title: 'Landed' }])
})

test('checks of a commit are read with the branch that they ran for, and ours are not among them', async () => {
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const app = { id: 15368, slug: 'actions' }
  repo.reportCheckRun({ sha: head, name: 'test', app, status: 'in_progress', head_branch: 'feature' })
  repo.reportCheckRun({
    sha: head,
    name: 'test',
    app,
    status: 'completed',
    conclusion: 'failure',
    head_branch: 'other',
  })
  const content: CheckRunContent = {
    name: 'mainkeeper',
    sha: head,
    external_id: 'main#1',
    status: 'in_progress',
    conclusion: null,
    title: 'Queued',
    summary: 'First',
    actions: [],
    details_url: null,
  }
  const { id } = value(await port.createCheckRun(fence, content))
  expect(value(await port.listCheckRuns(head, 'mainkeeper'))).toEqual([
    { id, external_id: 'main#1', app_id: twin.app.id },
  ])
  const actions = [{ label: 'Resume', description: 'Take it up again', identifier: 'resume' }]
  value(
    await port.updateCheckRun(fence, id, {
      ...content,
      status: 'completed',
      conclusion: 'action_required',
      title: 'Blocked',
      actions,
    }),
  )
  expect(repo.checkRuns(head).at(-1)).toMatchObject({
    status: 'completed',
    conclusion: 'action_required',
    title: 'Blocked',
  })
  const facts = value(await port.observeChecks(head)).map((fact) => fact.payload)
  expect(facts.toSorted((a, b) => a.run - b.run)).toMatchObject([
    { context: 'test', branch: 'feature', status: 'in_progress', conclusion: null },
    { context: 'test', branch: 'other', status: 'completed', conclusion: 'failure' },
  ])
})

test('a file is read at its commit; where there is none it is null', async () => {
  const tip = await tipOf('main')
  expect(value(await port.readFile('.github/mainkeeper.yml', 'main'))).toMatchObject({
    commit: tip,
    text: 'mode: live\n',
  })
  expect(value(await port.readFile('.github/nothing.yml', 'main'))).toBeNull()
  expect(await port.readFile('.github/mainkeeper.yml', 'nowhere')).toMatchObject({ failure: 'gone' })
})

test('permissions are read by role, and of nobody they are none or what the public may', async () => {
  expect(value(await port.readPermission('bob'))).toMatchObject({ user: 'bob', permission: 'maintain' })
  expect(value(await port.readPermission('alice'))).toMatchObject({ permission: 'write' })
})

test('protection is the union of rulesets and classic protection', async () => {
  expect(value(await port.readProtection('main'))).toEqual({ branch: 'main', required: [], rules: [], bypass: 'yes' })
  repo.protect('main', { requiredChecks: [{ context: 'classic' }] })
  repo.ruleset({
    name: 'proven',
    include: ['~DEFAULT_BRANCH'],
    rules: [
      { type: 'required_status_checks', checks: [{ context: 'test', appId: 15368 }] },
      { type: 'non_fast_forward' },
    ],
  })
  repo.ruleset({
    name: 'queue only',
    include: ['~DEFAULT_BRANCH'],
    rules: [{ type: 'update' }],
    bypass: [{ actor: 'app' }],
  })
  const passing = value(await port.readProtection('main'))
  expect(passing.required).toEqual([
    { context: 'classic', app_id: null },
    { context: 'test', app_id: 15368 },
  ])
  expect(passing.rules).toContain('update')
  expect(passing.bypass).toBe('yes')
  repo.ruleset({ name: 'nobody', include: ['~DEFAULT_BRANCH'], rules: [{ type: 'update' }] })
  expect(value(await port.readProtection('main')).bypass).toBe('no')
})

test('a follow-up is opened, found again, changed, labelled and closed', async () => {
  const label = { name: 'mainkeeper:blocked', color: 'd93f0b', description: 'Waits for a person' }
  value(await port.ensureLabel(fence, label))
  value(await port.ensureLabel(fence, label))
  const issue = value(
    await port.createIssue(fence, { title: 'Blocked', body: 'Why', labels: [label.name], assignee: 'alice' }),
  )
  const second = value(
    await port.createIssue(fence, { title: 'Blocked too', body: 'Why', labels: [label.name], assignee: 'nobody-here' }),
  )
  await repo.as('alice').openIssue({ title: 'Not ours', labels: [label.name] })
  expect(
    value(await port.listIssues(label.name)).map(({ number, author, state }) => ({ number, author, state })),
  ).toEqual([
    { number: second, author: twin.app.botLogin, state: 'open' },
    { number: issue, author: twin.app.botLogin, state: 'open' },
  ])
  expect(repo.issue(issue).assignees).toEqual(['alice'])
  value(await port.updateIssue(fence, issue, { body: 'More', state: 'closed', reason: 'completed' }))
  expect(repo.issue(issue)).toMatchObject({ body: 'More', state: 'closed', stateReason: 'completed' })
  value(await port.removeLabel(fence, issue, label.name))
  value(await port.removeLabel(fence, issue, label.name))
  expect(repo.issue(issue).labels).toEqual([])
  await repo.as('alice').label(issue, 'mainkeeper:resume')
  expect(value(await port.readIssueEvents(issue)).map(({ event, label: name, actor }) => [event, name, actor])).toEqual(
    [
      ['labeled', label.name, twin.app.botLogin],
      ['closed', null, twin.app.botLogin],
      ['unlabeled', label.name, twin.app.botLogin],
      ['labeled', 'mainkeeper:resume', 'alice'],
    ],
  )
})

test('issues that are switched off are a refusal', async () => {
  repo.settings({ issues: false })
  expect(await port.createIssue(fence, { title: 'Blocked', body: 'Why', labels: [], assignee: null })).toMatchObject({
    failure: 'refused',
  })
})

test('comments are written, changed, listed and answered', async () => {
  const { pull } = await propose('feature', { 'b.txt': 'b\n' })
  const since = new Date(clock.now()).toISOString()
  const asked = await repo.as('alice').comment(pull, '/resume')
  const ours = value(await port.createComment(fence, pull, 'Hm'))
  value(await port.updateComment(fence, ours, 'Ah'))
  value(await port.react(fence, { on: 'comment', id: asked }, '+1'))
  const comments = value(await port.listComments(pull))
  expect(
    comments.map(({ id, issue, body, author, author_is_bot }) => ({ id, issue, body, author, author_is_bot })),
  ).toEqual([
    { id: asked, issue: pull, body: '/resume', author: 'alice', author_is_bot: false },
    { id: ours, issue: pull, body: 'Ah', author: twin.app.botLogin, author_is_bot: true },
  ])
  expect(value(await port.listCommentsSince(since)).map(({ id }) => id)).toEqual([asked, ours])
  expect(repo.comments(pull)[0]?.reactions).toEqual(['+1'])
})

test('a right that is missing is told as such', async () => {
  repo.permissions({ metadata: 'read', contents: 'read' })
  const fresh = connect().repository('acme/widgets', installation)
  expect(await fresh.createRef(fence, published, await tipOf('main'))).toMatchObject({ failure: 'forbidden' })
})
