/**
 * A pull request as GraphQL gives it: the shape that the documents ask for, checked before anything is made of it. What
 * does not fit was not understood, and is not guessed at.
 */
import { z } from 'zod'

const actor = z.object({ kind: z.string(), login: z.string() }).nullable()
const page = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() })
const connection = <T extends z.ZodType>(node: T) =>
  z.object({ nodes: z.array(node.nullable()).nullable(), pageInfo: page })
const target = z.object({ target: z.object({ oid: z.string() }).nullable() }).nullable()

const review = z.object({
  fullDatabaseId: z.union([z.string(), z.number()]).nullable(),
  state: z.string(),
  submittedAt: z.string().nullable(),
  updatedAt: z.string(),
  author: actor,
  commit: z.object({ oid: z.string() }).nullable(),
})
const context = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('CheckRun'),
    databaseId: z.number(),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    detailsUrl: z.string().nullable(),
    startedAt: z.string().nullable(),
    completedAt: z.string().nullable(),
    checkSuite: z.object({
      app: z.object({ slug: z.string(), databaseId: z.number() }).nullable(),
      branch: z.object({ name: z.string() }).nullable(),
    }),
  }),
  z.object({ kind: z.literal('StatusContext'), context: z.string() }),
])

/** The nested lists, as the first page and every later one hold them. */
export const nestedLists = {
  labels: connection(z.object({ name: z.string() })).nullable(),
  reviews: connection(review).nullable(),
  reviewThreads: connection(z.object({ isResolved: z.boolean() })),
  files: connection(z.object({ path: z.string() })).nullable(),
  /** Absent where it was not asked for. */
  signatures: connection(
    z.object({ commit: z.object({ signature: z.object({ isValid: z.boolean() }).nullable() }) }),
  ).optional(),
  commits: z.object({
    totalCount: z.int(),
    nodes: z
      .array(
        z
          .object({
            commit: z.object({
              oid: z.string(),
              statusCheckRollup: z.object({ contexts: connection(context) }).nullable(),
            }),
          })
          .nullable(),
      )
      .nullable(),
  }),
}

export const pullNode = z.object({
  number: z.int(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  updatedAt: z.string(),
  mergedAt: z.string().nullish(),
  mergeCommit: z.object({ oid: z.string() }).nullish(),
  mergeable: z.enum(['MERGEABLE', 'CONFLICTING', 'UNKNOWN']),
  reviewDecision: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'REVIEW_REQUIRED']).nullable(),
  changedFiles: z.int(),
  author: actor,
  autoMergeRequest: z.object({ enabledBy: actor }).nullable(),
  timelineItems: z.object({ nodes: z.array(z.object({ createdAt: z.string() }).nullable()).nullable() }),
  baseRefName: z.string(),
  baseRefOid: z.string(),
  baseRef: target,
  headRefName: z.string(),
  headRefOid: z.string(),
  headRef: target,
  headRepository: z.object({ nameWithOwner: z.string() }).nullable(),
  ...nestedLists,
})
export type PullNode = z.infer<typeof pullNode>
export type SignedNode = NonNullable<NonNullable<NonNullable<PullNode['signatures']>['nodes']>[number]>
export type ReviewNode = z.infer<typeof review>
export type ContextNode = z.infer<typeof context>
export type ActorNode = z.infer<typeof actor>
