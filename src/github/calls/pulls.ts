/**
 * Live looks at pull requests: one GraphQL document for many, their nested lists read to the end, and all of it turned
 * into facts. A pull request that could not be read whole gives no facts; it is named instead, so that nobody judges by half.
 */
import { z } from 'zod'
import type { NewEvent } from '../../core/events.ts'
import { iso } from '../../core/ids.ts'
import { failed, ok } from '../answer.ts'
import {
  continuePullDocument,
  LIST_NAMES,
  type ListName,
  observePullsDocument,
  openPullsDocument,
  PULLS_AT_ONCE,
  pullAlias,
} from '../documents.ts'
import { pullFacts, targetFact, type WholePull, workflowFiles } from '../facts/pull-facts.ts'
import { nestedLists, type PullNode, pullNode } from '../facts/pull-node.ts'
import { type GraphqlError, unanswered } from '../failure.ts'
import { queryGraph } from '../graphql.ts'
import type { Answer, PullAsks, RepositoryPort } from '../port.ts'
import type { Access } from './access.ts'
import { readStatuses } from './checks.ts'

type PullCalls = Pick<RepositoryPort, 'observePulls' | 'observeOpenPulls'>

const NOTHING_MORE: PullAsks = { signatures: false, owners: new Map() }

/** Pages of one pull request beyond its first; what is larger stays incomplete. */
const MORE_PAGES = 50

const tipAnswer = z.object({
  repository: z.looseObject({ ref: z.object({ target: z.object({ oid: z.string() }).nullable() }).nullable() }),
})
const openAnswer = z.object({
  repository: z.object({
    pullRequests: z.object({
      nodes: z.array(z.unknown()),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
})
const moreAnswer = z.object({
  repository: z.object({
    pullRequest: z
      .object({ headRefOid: z.string(), ...nestedLists })
      .partial({ labels: true, reviews: true, reviewThreads: true, files: true, signatures: true, commits: true }),
  }),
})

export function pullCalls(access: Access): PullCalls {
  const { octokit, caller, at, graphqlUrl } = access
  const names = { owner: at.owner, name: at.repo }

  return {
    observePulls: async (pulls, target, asks = NOTHING_MORE) => {
      const wanted = [...new Set(pulls)]
      if (wanted.length > PULLS_AT_ONCE)
        throw new RangeError(`${wanted.length} pull requests were asked for at once; ${PULLS_AT_ONCE} is the most`)
      const us = await access.identity()
      if (!us.ok) return us
      const variables = { ...names, ref: `refs/heads/${target}`, signatures: asks.signatures }
      const answer = await caller.read(queryGraph(octokit, graphqlUrl, observePullsDocument(wanted), variables))
      if (!answer.ok) return answer
      const { data, errors } = answer.value.data
      const root = tipAnswer.safeParse(data)
      if (!root.success || errorsAt(errors, 'ref').length > 0)
        return failed(unanswered('read', 'GraphQL did not tell the tip of the target'))
      const nodes: Readonly<Record<string, unknown>> = root.data.repository
      const tip = root.data.repository.ref?.target?.oid ?? null
      const missing = wanted.filter((pull) => isMissing(nodes[pullAlias(pull)], errorsAt(errors, pullAlias(pull))))
      const facts: NewEvent[] = tip === null ? [] : [targetFact(target, tip, iso(access.now()))]
      const incomplete: number[] = []
      for (const pull of wanted) {
        if (missing.includes(pull)) continue
        const found =
          errorsAt(errors, pullAlias(pull)).length > 0
            ? null
            : await factsOf(access, nodes[pullAlias(pull)], us.value.id, asks)
        if (found) facts.push(...found)
        else incomplete.push(pull)
      }
      return ok({ facts, tip, missing, incomplete })
    },

    observeOpenPulls: async (asks = NOTHING_MORE) => {
      const us = await access.identity()
      if (!us.ok) return us
      const facts: NewEvent[] = []
      const open: number[] = []
      const incomplete: number[] = []
      let after: string | null = null
      for (;;) {
        const answer: Answer<{ data: { data: unknown; errors: readonly GraphqlError[] } }> = await caller.read(
          queryGraph(octokit, graphqlUrl, openPullsDocument, { ...names, after, signatures: asks.signatures }),
        )
        if (!answer.ok) return answer
        const { data, errors } = answer.value.data
        const page = openAnswer.safeParse(data)
        if (!page.success)
          return failed(unanswered('read', errors[0]?.message ?? 'GraphQL gave no list of pull requests'))
        const { nodes, pageInfo } = page.data.repository.pullRequests
        for (const [index, node] of nodes.entries()) {
          const number = z.object({ number: z.int() }).safeParse(node)
          // One that can't even be named would look closed to whoever compares.
          if (!number.success) return failed(unanswered('read', 'GraphQL left out an open pull request'))
          open.push(number.data.number)
          const broken = errors.some(({ path }) => path?.[2] === 'nodes' && path[3] === index)
          const found = broken ? null : await factsOf(access, node, us.value.id, asks)
          if (found) facts.push(...found)
          else incomplete.push(number.data.number)
        }
        if (!pageInfo.hasNextPage || pageInfo.endCursor === null)
          return ok({ facts, tip: null, missing: [], incomplete, open })
        after = pageInfo.endCursor
      }
    },
  }
}

const errorsAt = (errors: readonly GraphqlError[], alias: string): GraphqlError[] =>
  errors.filter(({ path }) => path?.[1] === alias)

const isMissing = (node: unknown, errors: readonly GraphqlError[]): boolean =>
  (node === null || node === undefined) && errors.every((error) => error.type === 'NOT_FOUND')

/** The facts of one pull request, or null when it could not be read whole. */
async function factsOf(access: Access, node: unknown, us: number, asks: PullAsks): Promise<NewEvent[] | null> {
  const parsed = pullNode.safeParse(node)
  if (!parsed.success) return null
  const whole = await readWhole(access, parsed.data)
  if (!whole) return null
  // What nobody needs is not asked for: a right that is missing costs a new token each time.
  const mayWriteWorkflows = workflowFiles(whole) === 'no' ? 'unknown' : await access.mayWrite('workflows')
  const codeOwners = asks.owners.get(whole.node.baseRefName) ?? null
  const facts = pullFacts(whole, { at: iso(access.now()), us, mayWriteWorkflows, codeOwners })
  if (whole.checked === null || !whole.contexts.some((context) => context.kind === 'StatusContext')) return facts
  const statuses = await readStatuses(access, whole.checked)
  return statuses.ok ? [...facts, ...statuses.value] : null
}

type Lists = {
  readonly [L in 'labels' | 'reviews' | 'reviewThreads' | 'files' | 'signatures' | 'commits']?: PullNode[L] | undefined
}

async function readWhole({ octokit, caller, at, graphqlUrl }: Access, node: PullNode): Promise<WholePull | null> {
  const head = node.commits.nodes?.at(-1)?.commit
  const all = itemsOf(node)
  let next = cursorsOf(node)
  for (let page = 0; Object.keys(next).length > 0; page++) {
    if (page === MORE_PAGES) return null
    const lists = LIST_NAMES.filter((name) => next[name] !== undefined)
    const variables = { owner: at.owner, name: at.repo, number: node.number, ...next }
    const answer = await caller.read(queryGraph(octokit, graphqlUrl, continuePullDocument(lists), variables))
    if (!answer.ok || answer.value.data.errors.length > 0) return null
    const more = moreAnswer.safeParse(answer.value.data.data)
    // A push between two pages: their lists belong to different heads.
    if (!more.success || more.data.repository.pullRequest.headRefOid !== node.headRefOid) return null
    const found = itemsOf(more.data.repository.pullRequest)
    all.labels.push(...found.labels)
    all.reviews.push(...found.reviews)
    all.reviewThreads.push(...found.reviewThreads)
    all.files.push(...found.files)
    all.signatures?.push(...(found.signatures ?? []))
    all.contexts.push(...found.contexts)
    next = cursorsOf(more.data.repository.pullRequest)
  }
  return { node, ...all, checked: head?.oid ?? null }
}

const contextsOf = (lists: Lists) => lists.commits?.nodes?.at(-1)?.commit.statusCheckRollup?.contexts

const present = <T>(connection: { readonly nodes: readonly (T | null)[] | null } | null | undefined): T[] =>
  (connection?.nodes ?? []).filter((item): item is T & {} => item !== null)

function itemsOf(lists: Lists) {
  return {
    labels: present(lists.labels),
    reviews: present(lists.reviews),
    reviewThreads: present(lists.reviewThreads),
    files: present(lists.files),
    signatures: lists.signatures ? present(lists.signatures) : null,
    contexts: present(contextsOf(lists)),
  }
}

/** The cursor of each list that goes on. */
function cursorsOf(lists: Lists): Partial<Record<ListName, string>> {
  const connections = { ...lists, contexts: contextsOf(lists) }
  const names = LIST_NAMES.filter((name) => connections[name]?.pageInfo.hasNextPage)
  return Object.fromEntries(names.map((name) => [name, connections[name]?.pageInfo.endCursor ?? '']))
}
