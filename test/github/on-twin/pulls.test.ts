/** What a pull request shows is what its facts say: reviews, checks, conflicts, over all pages. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { catalogue } from '../../../src/core/events.ts'
import { of, openTwinPort, type TwinPort, value } from './twin-port.ts'

let on: TwinPort
let clock: TwinPort['clock']
let twin: TwinPort['twin']
let repo: TwinPort['repo']
let port: TwinPort['port']
let tipOf: TwinPort['tipOf']
let propose: TwinPort['propose']

beforeEach(async () => {
  on = await openTwinPort({ 'a.txt': 'a\n', '.github/mainkeeper.yml': 'mode: live\n' })
  ;({ clock, twin, repo, port, tipOf, propose } = on)
})

afterEach(() => on.close())

async function observe(pulls: readonly number[]) {
  await port.observePulls(pulls, 'main')
  // GitHub works out what is mergeable after it was first asked.
  for (let due = clock.nextDue(); due !== undefined && due <= clock.now() + 60_000; due = clock.nextDue()) {
    clock.wakeNext()
    await twin.idle()
  }
  return value(await port.observePulls(pulls, 'main'))
}

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
