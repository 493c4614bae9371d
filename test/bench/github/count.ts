/**
 * What was asked of GitHub between two moments, by the twin's meter, and the busiest minute of it. It knows whose requests they
 * are by the installation alone.
 */
import { updateCheckRunsDocument, updateRefsDocument } from '../../../src/github/documents.ts'
import type { Twin } from '../../../src/twin/twin.ts'

export interface Count {
  readonly reads: number
  /** By REST and by GraphQL together. */
  readonly writes: number
  /** All GraphQL documents, and those that write. */
  readonly documents: number
  readonly mutations: number
  /** The most, over time, that was used of any of GitHub's secondary limits; 1 is all of it. */
  readonly busiest: number
  readonly requests: Readonly<Record<string, number>>
}

/**
 * What GitHub allows (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits):
 * points for REST and for GraphQL by the minute, requests that make content by the minute and by the hour.
 */
const LIMITS = { rest: 900, graphql: 2_000, content: 80, contentByHour: 500 }
const POINTS = { read: 1, write: 5 }
const MINUTE = 60_000

const MUTATIONS = new Set(
  [updateRefsDocument, updateCheckRunsDocument(1)].map((text) => `graphql:${/^mutation (\w+)/.exec(text)?.[1] ?? ''}`),
)
const isDocument = (operation: string): boolean => operation.startsWith('graphql:')
const isWrite = (operation: string): boolean =>
  isDocument(operation) ? MUTATIONS.has(operation) : !operation.startsWith('GET ')

interface Moment {
  readonly at: number
  readonly rest: number
  readonly graphql: number
  readonly content: number
}

/** Counts from now on until it is read, which ends it. The meter starts at nothing. */
export function startCount({ meter, faults, clock }: Twin, installation: number): () => Count {
  meter.reset()
  const moments: Moment[] = []
  let before = meter.snapshot(installation)
  const end = faults.on('done', /./, (operation) => {
    const after = meter.snapshot(installation)
    // The App's own requests, for tokens, are counted elsewhere.
    if (after.total === before.total) return
    const points = isWrite(operation) ? POINTS.write : POINTS.read
    const [rest, graphql] = isDocument(operation) ? [0, points] : [points, 0]
    moments.push({ at: clock.now(), rest, graphql, content: after.contentWrites - before.contentWrites })
    before = after
  })
  return () => {
    end()
    return { ...countOf(meter.snapshot(installation).requests), busiest: busiestOf(moments) }
  }
}

function countOf(requests: Readonly<Record<string, number>>): Omit<Count, 'busiest'> {
  const sum = (which: (operation: string) => boolean) =>
    Object.entries(requests).reduce((total, [operation, times]) => total + (which(operation) ? times : 0), 0)
  return {
    reads: sum((operation) => !isWrite(operation)),
    writes: sum(isWrite),
    documents: sum(isDocument),
    mutations: sum((operation) => MUTATIONS.has(operation)),
    requests,
  }
}

function busiestOf(moments: readonly Moment[]): number {
  const most = (kind: 'rest' | 'graphql' | 'content', span: number) =>
    Math.max(
      0,
      ...moments.map(({ at }) =>
        moments.reduce((sum, one) => sum + (one.at > at - span && one.at <= at ? one[kind] : 0), 0),
      ),
    )
  return Math.max(
    most('rest', MINUTE) / LIMITS.rest,
    most('graphql', MINUTE) / LIMITS.graphql,
    most('content', MINUTE) / LIMITS.content,
    most('content', 60 * MINUTE) / LIMITS.contentByHour,
  )
}
