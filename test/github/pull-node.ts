/**
 * One pull request as GraphQL gives it, for tests that change a field of it.
 */
import type { WholePull } from '../../src/github/facts/pull-facts.ts'
import type { PullNode } from '../../src/github/facts/pull-node.ts'
import { sha } from './nocked.ts'

const empty = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }

export const pullNodeOf = (over: Partial<PullNode>): PullNode => ({
  number: 12,
  title: 'Add a widget',
  body: '',
  state: 'OPEN',
  isDraft: false,
  updatedAt: '2026-01-02T03:00:00Z',
  mergeable: 'MERGEABLE',
  reviewDecision: null,
  changedFiles: 0,
  autoMergeRequest: null,
  timelineItems: { nodes: [] },
  author: { kind: 'User', login: 'alice' },
  baseRefName: 'main',
  baseRefOid: sha('0'),
  baseRef: { target: { oid: sha('f') } },
  headRefName: 'feature',
  headRefOid: sha('a'),
  headRef: { target: { oid: sha('a') } },
  headRepository: { nameWithOwner: 'acme/widgets' },
  labels: empty,
  reviews: empty,
  reviewThreads: empty,
  files: empty,
  commits: { totalCount: 2, nodes: [{ commit: { oid: sha('a'), statusCheckRollup: null } }] },
  ...over,
})

export const wholePullOf = (over: Partial<PullNode>, lists: Partial<WholePull> = {}): WholePull => ({
  node: pullNodeOf(over),
  labels: [],
  reviews: [],
  reviewThreads: [],
  files: [],
  signatures: null,
  contexts: [],
  checked: sha('a'),
  ...lists,
})
