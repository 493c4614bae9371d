import { expect, test } from 'vitest'
import { catalogue, type NewEvent } from '../../src/core/events.ts'
import { ZERO_SHA } from '../../src/core/ids.ts'
import {
  type Circumstances,
  loginOf,
  pullFacts,
  targetFact,
  type WholePull,
} from '../../src/github/facts/pull-facts.ts'
import type { PullNode } from '../../src/github/facts/pull-node.ts'
import { sha } from './nocked.ts'
import { wholePullOf } from './pull-node.ts'

const AT = '2026-01-02T03:04:05.000Z'
const US = 1
type Of<T extends NewEvent['type']> = Extract<NewEvent, { type: T }>
const only = <T extends NewEvent['type']>(facts: readonly NewEvent[], type: T): Of<T>[] =>
  facts.filter((fact): fact is Of<T> => fact.type === type)
const factsOf = (pull: WholePull, how: Partial<Circumstances> = {}) =>
  pullFacts(pull, { at: AT, us: US, mayWriteWorkflows: 'unknown', codeOwners: null, ...how })
const examined = (over: Partial<PullNode>, lists: Partial<WholePull> = {}) =>
  only(factsOf(wholePullOf(over, lists)), 'pull_request_examined')[0]?.payload

test('a pull request is observed in the words of webhooks', () => {
  const [fact] = only(
    factsOf(wholePullOf({}, { labels: [{ name: 'wip' }, { name: 'area: docs' }] })),
    'pull_request_observed',
  )
  expect(fact).toEqual({
    type: 'pull_request_observed',
    payload: {
      pull: 12,
      title: 'Add a widget',
      author: 'alice',
      state: 'open',
      draft: false,
      base: 'main',
      branch: 'feature',
      remote: 'acme/widgets',
      sha: sha('a'),
      labels: ['area: docs', 'wip'],
      auto_merge: null,
      depends_on: [],
      updated_at: '2026-01-02T03:00:00Z',
    },
    occurred_at: '2026-01-02T03:00:00Z',
    source: 'read',
  })
})

test('a merged pull request is merged, not closed', () => {
  const merged = { state: 'MERGED', mergeCommit: { oid: sha('c') }, mergedAt: AT } as const
  const [fact] = only(factsOf(wholePullOf(merged)), 'pull_request_observed')
  expect(fact?.payload).toMatchObject({ state: 'merged', merged_as: sha('c'), merged_at: AT })
})

test('every fact of a pull request satisfies its schema', () => {
  const facts = factsOf(
    wholePullOf(
      {},
      {
        reviews: [review('APPROVED'), review('CHANGES_REQUESTED'), review('DISMISSED')],
        contexts: [checkRun({})],
      },
    ),
  )
  expect(new Set(facts.map((fact) => fact.type))).toEqual(
    new Set([
      'pull_request_observed',
      'branch_pushed',
      'review_approved',
      'review_retracted',
      'check_reported',
      'pull_request_examined',
    ]),
  )
  for (const fact of [...facts, targetFact('main', sha('f'), AT)])
    expect(catalogue[fact.type].payload.safeParse(fact.payload).error).toBeUndefined()
})

const review = (state: string, over: Partial<WholePull['reviews'][number]> = {}): WholePull['reviews'][number] => ({
  fullDatabaseId: '4000000001',
  state,
  submittedAt: '2026-01-02T01:00:00Z',
  updatedAt: '2026-01-02T02:00:00Z',
  author: { kind: 'User', login: 'bob' },
  commit: { oid: sha('b') },
  ...over,
})

test('an approval is bound to the commit that was reviewed, by the id that webhooks give', () => {
  const facts = factsOf(wholePullOf({}, { reviews: [review('APPROVED')] }))
  expect(only(facts, 'review_approved')).toEqual([
    {
      type: 'review_approved',
      payload: {
        pull: 12,
        sha: sha('b'),
        reviewer: 'bob',
        review_id: 4_000_000_001,
        approved_at: '2026-01-02T01:00:00Z',
      },
      occurred_at: '2026-01-02T01:00:00Z',
      source: 'read',
    },
  ])
})

test('an approval of a commit that is gone approves nothing', () => {
  expect(
    only(factsOf(wholePullOf({}, { reviews: [review('APPROVED', { commit: null })] })), 'review_approved'),
  ).toEqual([])
})

test('requested changes and a dismissal retract; a comment says nothing', () => {
  const facts = factsOf(
    wholePullOf(
      {},
      { reviews: [review('CHANGES_REQUESTED', { commit: null }), review('DISMISSED'), review('COMMENTED')] },
    ),
  )
  expect(only(facts, 'review_retracted').map(({ payload, occurred_at }) => [payload.reason, occurred_at])).toEqual([
    ['changes_requested', '2026-01-02T01:00:00Z'],
    ['dismissed', '2026-01-02T02:00:00Z'],
  ])
  expect(only(facts, 'review_approved')).toEqual([])
})

test('a bot is named as REST names it, a deleted account as GitHub does', () => {
  expect(loginOf({ kind: 'Bot', login: 'renovate' })).toBe('renovate[bot]')
  expect(loginOf({ kind: 'Bot', login: 'renovate[bot]' })).toBe('renovate[bot]')
  expect(loginOf({ kind: 'User', login: 'alice' })).toBe('alice')
  expect(loginOf(null)).toBe('ghost')
})

const checkRun = (
  over: Partial<Extract<WholePull['contexts'][number], { kind: 'CheckRun' }>>,
): WholePull['contexts'][number] => ({
  kind: 'CheckRun',
  databaseId: 30_000_000_001,
  name: 'ci / test',
  status: 'COMPLETED',
  conclusion: 'TIMED_OUT',
  detailsUrl: 'https://ci.example/1',
  startedAt: '2026-01-02T02:00:00Z',
  completedAt: '2026-01-02T02:10:00Z',
  checkSuite: { app: { slug: 'github-actions', databaseId: 15368 }, branch: { name: 'feature' } },
  ...over,
})

test('a check run is told in the words of webhooks, on the commit that it ran on', () => {
  const facts = only(factsOf(wholePullOf({}, { checked: sha('d'), contexts: [checkRun({})] })), 'check_reported')
  expect(facts.map((fact) => fact.payload)).toEqual([
    {
      sha: sha('d'),
      branch: 'feature',
      context: 'ci / test',
      app: 'github-actions',
      app_id: 15368,
      status: 'completed',
      conclusion: 'timed_out',
      run: 30_000_000_001,
      url: 'https://ci.example/1',
      started_at: '2026-01-02T02:00:00Z',
      completed_at: '2026-01-02T02:10:00Z',
    },
  ])
})

test.each(['QUEUED', 'WAITING', 'PENDING', 'REQUESTED'])('a check run that is %s has not begun', (status) => {
  const run = checkRun({ status, conclusion: null, startedAt: null, completedAt: null })
  const [fact] = only(factsOf(wholePullOf({}, { contexts: [run] })), 'check_reported')
  expect(fact).toMatchObject({ payload: { status: 'queued', conclusion: null }, occurred_at: AT })
})

test('of two runs of one check the higher id counts', () => {
  const runs = [checkRun({ databaseId: 9, conclusion: 'SUCCESS' }), checkRun({ databaseId: 8, conclusion: 'FAILURE' })]
  const facts = only(factsOf(wholePullOf({}, { contexts: runs })), 'check_reported')
  expect(facts.map((fact) => fact.payload.run)).toEqual([9])
})

test('the examination is bound to the head and to the tip of the base as it is now', () => {
  expect(examined({ baseRefOid: sha('0'), baseRef: { target: { oid: sha('f') } } })).toMatchObject({
    sha: sha('a'),
    tip: sha('f'),
  })
  expect(examined({ baseRefOid: sha('0'), baseRef: null })).toMatchObject({ tip: sha('0') })
})

test.each([
  ['MERGEABLE', 'yes', 'no'],
  ['CONFLICTING', 'no', 'no'],
  ['UNKNOWN', 'unknown', 'no'],
] as const)(
  'an open pull request that GitHub calls %s is mergeable: %s, integrated: %s',
  (mergeable, yes, integrated) => {
    expect(examined({ mergeable })).toMatchObject({ mergeable: yes, integrated })
  },
)

test('only a merged pull request is known to be integrated; of a closed one it is unknown', () => {
  expect(examined({ state: 'MERGED', mergeable: 'UNKNOWN' })).toMatchObject({ integrated: 'yes' })
  expect(examined({ state: 'CLOSED', mergeable: 'MERGEABLE' })).toMatchObject({ integrated: 'unknown' })
})

test('a head is reachable where its ref stands at it', () => {
  expect(examined({})).toMatchObject({ reachable: 'yes' })
  expect(examined({ headRef: null })).toMatchObject({ reachable: 'no' })
  expect(examined({ headRepository: null })).toMatchObject({ reachable: 'no' })
  expect(examined({ headRef: { target: { oid: sha('e') } } })).toMatchObject({ reachable: 'unknown' })
})

test('threads are counted, and workflow files are seen wherever they lie in the folder', () => {
  const lists = {
    reviewThreads: [{ isResolved: false }, { isResolved: true }],
    files: [{ path: 'src/a.ts' }, { path: '.github/workflows/deep/ci.yml' }],
  }
  expect(examined({}, lists)).toMatchObject({
    threads_unresolved: 1,
    workflow_files: 'yes',
    review_decision: null,
    commits: 2,
  })
  expect(examined({}, { files: [{ path: '.github/workflows.md' }] })).toMatchObject({
    threads_unresolved: 0,
    workflow_files: 'no',
  })
})

test.each([
  ['APPROVED', 'approved'],
  ['CHANGES_REQUESTED', 'changes_requested'],
  ['REVIEW_REQUIRED', 'review_required'],
  [null, null],
] as const)('the review decision %s is %s', (reviewDecision, decision) => {
  expect(examined({ reviewDecision })).toMatchObject({ review_decision: decision })
})

const pushed = (over: Partial<PullNode>) =>
  only(factsOf(wholePullOf(over)), 'branch_pushed').map((fact) => fact.payload)

test('the branch is where its ref stands, and without a ref or a repository nothing is said of it', () => {
  expect(pushed({ headRef: { target: { oid: sha('e') } }, headRepository: { nameWithOwner: 'bob/widgets' } })).toEqual([
    {
      branch: 'feature',
      sha: sha('e'),
      before: ZERO_SHA,
      remote: 'bob/widgets',
      forced: false,
      pusher: null,
      pushed_at: '2026-01-02T03:00:00Z',
    },
  ])
  expect(pushed({ headRef: null })).toEqual([])
  expect(pushed({ headRepository: null })).toEqual([])
})

test('our own check runs are no evidence of anything', () => {
  const ours = checkRun({ checkSuite: { app: { slug: 'mainkeeper', databaseId: US }, branch: null } })
  expect(only(factsOf(wholePullOf({}, { contexts: [ours] })), 'check_reported')).toEqual([])
})

test('a run that was begun again has no conclusion, whatever it still shows', () => {
  const [fact] = only(factsOf(wholePullOf({}, { contexts: [checkRun({ status: 'IN_PROGRESS' })] })), 'check_reported')
  expect(fact).toMatchObject({
    payload: { status: 'in_progress', conclusion: null, completed_at: null },
    occurred_at: '2026-01-02T02:00:00Z',
  })
})

test('C44 of files that GitHub left out nothing is said: neither workflows nor owners', () => {
  const codeOwners = [{ pattern: '*', owners: ['ann'] }]
  const told = (changedFiles: number) =>
    only(factsOf(wholePullOf({ changedFiles }, { files: [{ path: 'a' }] }), { codeOwners }), 'pull_request_examined')[0]
      ?.payload
  expect(told(1)).toMatchObject({ workflow_files: 'no', owners: [{ file: 'a', owners: ['ann'] }] })
  expect(told(3001)).toMatchObject({ workflow_files: 'unknown', owners: null })
})
