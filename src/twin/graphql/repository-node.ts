/**
 * A repository as GraphQL shows it: the way to its refs, objects, issues and pull requests.
 */

import { entryAt } from '../git/tree.ts'
import { Problem } from '../problem.ts'
import type { Issue, Label, Pull, Repo } from '../state.ts'
import { fullName, pullsOf } from '../state.ts'
import { actorNode } from './actor-nodes.ts'
import { blobSource, commitSource, refNode, treeSource } from './commit-nodes.ts'
import { connection, type PageArguments, type Source } from './connection.ts'
import { issueSource, labelSource, pullSource } from './issue-nodes.ts'
import type { Viewer } from './viewer.ts'

interface Order {
  readonly field: string
  readonly direction: string
}

interface IssueArguments extends PageArguments {
  readonly states?: readonly string[] | null
  readonly labels?: readonly string[] | null
  readonly orderBy?: Order | null
  readonly filterBy?: {
    readonly createdBy?: string | null
    readonly since?: string | null
    readonly labels?: readonly string[] | null
  } | null
}

interface PullArguments extends IssueArguments {
  readonly baseRefName?: string | null
  readonly headRefName?: string | null
}

function numbered(kind: string, number: number, found: Source | null): Source {
  if (!found) throw unresolved(`a ${kind} with the number of ${number}`)
  return found
}

export function repositorySource(viewer: Viewer, repo: Repo): Source {
  const pullOf = (number: number) => {
    const pull = repo.issues.get(number)?.pull
    return pull ? pullSource(viewer, pull) : null
  }
  const issueOf = (number: number) => {
    const issue = repo.issues.get(number)
    return issue && !issue.pull ? issueSource(viewer, issue) : null
  }
  return {
    __typename: 'Repository',
    id: repo.nodeId,
    databaseId: repo.id,
    name: repo.name,
    nameWithOwner: fullName(repo),
    isPrivate: repo.private,
    isFork: repo.parent !== null,
    isArchived: repo.archived,
    hasIssuesEnabled: repo.hasIssues,
    deleteBranchOnMerge: repo.deleteBranchOnMerge,
    mergeCommitAllowed: repo.methods.merge,
    squashMergeAllowed: repo.methods.squash,
    rebaseMergeAllowed: repo.methods.rebase,
    autoMergeAllowed: repo.methods.auto,
    viewerPermission: 'WRITE',
    owner: () => actorNode(viewer.world, repo.owner),
    defaultBranchRef: () => refNode(viewer, repo, `refs/heads/${repo.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      refNode(viewer, repo, qualifiedName) ?? refNode(viewer, repo, `refs/heads/${qualifiedName}`),
    refs: connection<string, PageArguments & { refPrefix: string; query?: string | null }>(
      ({ refPrefix, query }) =>
        repo.git.refs(refPrefix).flatMap(([name]) => (!query || name.includes(query) ? [name] : [])),
      (name) => refNode(viewer, repo, name) ?? {},
    ),
    object: (args: { expression?: string | null; oid?: string | null }) => objectSource(viewer, repo, args),
    pullRequest: ({ number }: { number: number }) => {
      viewer.need('pull_requests', 'read')
      return numbered('PullRequest', number, pullOf(number))
    },
    pullRequests: connection<Pull, PullArguments>(
      (args) => {
        viewer.need('pull_requests', 'read')
        return pullsOf(repo)
          .filter(
            (pull) => !args.states || args.states.includes(pull.merged ? 'MERGED' : pull.issue.state.toUpperCase()),
          )
          .filter((pull) => !args.baseRefName || pull.base.ref === args.baseRefName)
          .filter((pull) => !args.headRefName || pull.head.ref === args.headRefName)
          .filter((pull) => hasLabels(pull.issue, args.labels))
          .sort((a, b) => compare(a.issue, b.issue, args.orderBy))
      },
      (pull) => pullSource(viewer, pull),
    ),
    issue: ({ number }: { number: number }) => {
      viewer.need('issues', 'read')
      return numbered('Issue', number, issueOf(number))
    },
    issueOrPullRequest: ({ number }: { number: number }) =>
      numbered('issue or pull request', number, pullOf(number) ?? issueOf(number)),
    issues: connection<Issue, IssueArguments>(
      (args) => {
        viewer.need('issues', 'read')
        return [...repo.issues.values()]
          .filter((issue) => !issue.pull && issue.visibleAt <= viewer.world.now())
          .filter((issue) => !args.states || args.states.includes(issue.state.toUpperCase()))
          .filter((issue) => hasLabels(issue, args.labels ?? args.filterBy?.labels))
          .filter((issue) => !args.filterBy?.createdBy || issue.user.login === args.filterBy.createdBy)
          .filter((issue) => !args.filterBy?.since || issue.updatedAt >= Date.parse(args.filterBy.since))
          .sort((a, b) => compare(a, b, args.orderBy))
      },
      (issue) => issueSource(viewer, issue),
    ),
    label: ({ name }: { name: string }) => {
      const label = repo.labels.get(name.toLowerCase())
      return label ? labelSource(label) : null
    },
    labels: connection<Label, PageArguments>(() => [...repo.labels.values()], labelSource),
  }
}

export const unresolved = (what: string): Problem =>
  new Problem(200, `Could not resolve to ${what}.`, { graphqlType: 'NOT_FOUND' })

/** `HEAD`, `main`, a sha, or `main:path/to/file`; null where there is nothing. */
function objectSource(
  viewer: Viewer,
  repo: Repo,
  args: { expression?: string | null; oid?: string | null },
): Source | null {
  viewer.need('contents', 'read')
  const { graph, objects } = repo.git
  const [name = '', path] = (args.oid ?? args.expression ?? '').split(':')
  const branch = name === 'HEAD' ? repo.defaultBranch : name
  const commit = graph.find(viewer.ref(repo, `refs/heads/${branch}`) ?? viewer.ref(repo, name) ?? name)
  if (commit && path === undefined) return commitSource(viewer, repo, commit)
  const sha = commit ? (path === '' ? commit.tree : entryAt(objects, commit.tree, path ?? '')?.sha) : name
  const type = sha === undefined ? undefined : objects.get(sha)?.type
  if (sha === undefined || type === undefined) return null
  return type === 'tree' ? treeSource(repo, sha) : blobSource(repo, sha)
}

function hasLabels(issue: Issue, labels: readonly string[] | null | undefined): boolean {
  if (!labels || labels.length === 0) return true
  return issue.labels.some((label) => labels.some((name) => name.toLowerCase() === label.name.toLowerCase()))
}

function compare(a: Issue, b: Issue, order: Order | null | undefined): number {
  const by = order?.field === 'UPDATED_AT' ? a.updatedAt - b.updatedAt : a.createdAt - b.createdAt
  return (by || a.number - b.number) * (order?.direction === 'DESC' ? -1 : 1)
}
