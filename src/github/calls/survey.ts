/**
 * The sweep's look at a repository in as few requests as there can be: branches with one file of each, who owns code
 * there, and the issues of a label. What the file says, and whose issues they are, is not known here.
 */
import { z } from 'zod'
import { failed, ok } from '../answer.ts'
import { branchVariables, surveyDocument } from '../documents.ts'
import { loginOf } from '../facts/pull-facts.ts'
import { type GraphqlError, unanswered } from '../failure.ts'
import { queryGraph } from '../graphql.ts'
import type { Answer, BranchContent, Issue, RepositoryPort } from '../port.ts'
import type { Access } from './access.ts'
import { ownersOfBranch } from './owners.ts'
import { settingsCalls } from './settings.ts'

const refNode = z
  .object({
    target: z
      .object({
        oid: z.string(),
        file: z
          .object({
            object: z
              .union([
                z.object({
                  kind: z.literal('Blob'),
                  oid: z.string(),
                  text: z.string().nullable(),
                  isTruncated: z.boolean(),
                }),
                z.object({ kind: z.string() }).transform(() => null),
              ])
              .nullable(),
          })
          .nullable(),
      })
      .nullable(),
  })
  .nullable()
const issueNode = z.object({
  number: z.int(),
  body: z.string(),
  state: z.enum(['OPEN', 'CLOSED']),
  stateReason: z.string().nullable(),
  locked: z.boolean(),
  updatedAt: z.string(),
  author: z.object({ kind: z.string(), login: z.string() }).nullable(),
  labels: z.object({ nodes: z.array(z.object({ name: z.string() })) }).nullable(),
})
const issuesNode = z.object({
  nodes: z.array(issueNode),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
})
const answerNode = z.object({
  repository: z.looseObject({ issues: z.unknown(), open: z.object({ totalCount: z.int() }) }),
})

export function surveyCall(access: Access): Pick<RepositoryPort, 'survey'> {
  const { octokit, caller, at, graphqlUrl } = access
  const { readFile } = settingsCalls(access)

  /** GraphQL cuts a long text off and leaves a binary one out; REST tells of both what there is to tell. */
  const branchOf = async (branch: string, node: unknown, path: string): Promise<Answer<BranchContent>> => {
    const parsed = refNode.safeParse(node)
    if (!parsed.success) return failed(unanswered('read', `GraphQL did not tell of the branch ${branch}`))
    const target = parsed.data?.target
    if (!target) return ok({ branch, tip: null, file: null, owners: null })
    const tip = target.oid
    const owners = ownersOfBranch(node)
    const blob = target.file?.object
    if (!blob) return ok({ branch, tip, file: null, owners })
    if (blob.text !== null && !blob.isTruncated)
      return ok({ branch, tip, file: { blob: blob.oid, text: blob.text }, owners })
    const file = await readFile(path, tip)
    return file.ok ? ok({ branch, tip, file: file.value, owners }) : file
  }

  return {
    survey: async (branches, path, label, owners) => {
      // Whoever looks at issues tells ours by our name.
      const us = await access.identity()
      if (!us.ok) return us
      const found: BranchContent[] = []
      const issues: Issue[] = []
      let asked = branches
      let after: string | null = null
      for (;;) {
        const names = { owner: at.owner, name: at.repo, label, after, ...branchVariables(asked) }
        const variables = asked.length > 0 ? { ...names, path } : names
        const answer: Answer<{ data: { data: unknown; errors: readonly GraphqlError[] } }> = await caller.read(
          queryGraph(octokit, graphqlUrl, surveyDocument(asked.length, owners), variables),
        )
        if (!answer.ok) return answer
        const { data, errors } = answer.value.data
        const root = answerNode.safeParse(data)
        // Issues may be switched off or forbidden; a branch that can't be read is no branch that is gone.
        const broken = errors.find(({ path: where }) => where?.[1] !== 'issues')
        if (!root.success || broken)
          return failed(unanswered('read', broken?.message ?? 'GraphQL did not tell of the repository'))
        const nodes: Readonly<Record<string, unknown>> = root.data.repository
        for (const [index, name] of Object.keys(branchVariables(asked)).entries()) {
          const branch = await branchOf(asked[index] ?? '', nodes[name], path)
          if (!branch.ok) return branch
          found.push(branch.value)
        }
        const page = issuesNode.safeParse(root.data.repository.issues)
        const open = root.data.repository.open.totalCount
        if (errors.length > 0 || !page.success) return ok({ branches: found, open, issues: null })
        issues.push(...page.data.nodes.map(issueOf))
        const { hasNextPage, endCursor } = page.data.pageInfo
        if (!hasNextPage || endCursor === null) return ok({ branches: found, open, issues })
        asked = []
        after = endCursor
      }
    },
  }
}

const issueOf = (issue: z.output<typeof issueNode>): Issue => ({
  number: issue.number,
  body: issue.body,
  state: issue.state === 'OPEN' ? 'open' : 'closed',
  state_reason: issue.stateReason?.toLowerCase() ?? null,
  labels: (issue.labels?.nodes ?? []).map(({ name }) => name).sort(),
  locked: issue.locked,
  author: loginOf(issue.author),
  is_pull: false,
  updated_at: issue.updatedAt,
})
