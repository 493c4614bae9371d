/**
 * Issues, pull requests and what hangs on them, as GraphQL shows them, each field computed when it is asked for.
 */
import { askMergeability, knownMergeability } from '../acts/mergeability.ts'
import type { Commit } from '../git/commits.ts'
import { compareTrees, type FileChange } from '../git/tree.ts'
import { association, iso, isoOrNull, permissionOf } from '../payloads/actors.ts'
import { filePayload } from '../payloads/commits.ts'
import { approvers, protectionFor, rulesetsFor } from '../rules/protection.ts'
import type { Comment, Issue, Label, Pull, Repo, Review, User } from '../state.ts'
import { fullName } from '../state.ts'
import { actorNode } from './actor-nodes.ts'
import { commitSource, refNode } from './commit-nodes.ts'
import { connection, type PageArguments, type Source } from './connection.ts'
import type { Viewer } from './viewer.ts'

interface ReviewArguments extends PageArguments {
  readonly states?: readonly string[] | null
  readonly author?: string | null
}

/** What issues and pull requests have in common. */
function shared(viewer: Viewer, issue: Issue): Source {
  const { world } = viewer
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    url: `${world.url}/${fullName(issue.repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`,
    closed: issue.state === 'closed',
    closedAt: isoOrNull(issue.closedAt),
    createdAt: iso(issue.createdAt),
    updatedAt: iso(issue.updatedAt),
    locked: issue.locked,
    author: () => actorNode(world, issue.user),
    authorAssociation: association(world, issue.repo, issue.user),
    labels: connection<Label, PageArguments>(() => issue.labels, labelSource),
    assignees: connection<User, PageArguments>(
      () => issue.assignees,
      (user) => actorNode(world, user),
    ),
    comments: connection<Comment, PageArguments>(
      () => issue.comments.filter((comment) => comment.visibleAt <= world.now()),
      (comment) => commentSource(viewer, comment),
    ),
  }
}

export function issueSource(viewer: Viewer, issue: Issue): Source {
  return {
    __typename: 'Issue',
    ...shared(viewer, issue),
    id: issue.nodeId,
    databaseId: issue.id,
    fullDatabaseId: String(issue.id),
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
  }
}

export function pullSource(viewer: Viewer, pull: Pull): Source {
  const { world } = viewer
  const { repo, issue } = pull
  const { graph, objects } = repo.git
  const commits = () => graph.log(pull.head.sha, graph.mergeBase(pull.base.sha, pull.head.sha)).toReversed()
  const files = () => {
    const from = graph.mergeBase(pull.base.sha, pull.head.sha)
    return compareTrees(objects, from ? graph.read(from).tree : undefined, graph.read(pull.head.sha).tree)
  }
  const commit = (sha: string) => commitSource(viewer, repo, graph.read(sha))
  return {
    __typename: 'PullRequest',
    ...shared(viewer, issue),
    id: pull.nodeId,
    databaseId: pull.id,
    fullDatabaseId: String(pull.id),
    state: pull.merged ? 'MERGED' : issue.state.toUpperCase(),
    isDraft: pull.draft,
    merged: pull.merged,
    mergedAt: isoOrNull(pull.mergedAt),
    mergedBy: () => (pull.mergedBy ? actorNode(world, pull.mergedBy) : null),
    mergeCommit: () => (pull.mergeCommit ? commit(pull.mergeCommit) : null),
    baseRef: () => refNode(viewer, repo, `refs/heads/${pull.base.ref}`),
    baseRefName: pull.base.ref,
    baseRefOid: pull.base.sha,
    headRef: () => (pull.head.deleted ? null : refNode(viewer, pull.head.repo, `refs/heads/${pull.head.ref}`)),
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
    headRepository: () => shortRepository(pull.head.repo),
    headRepositoryOwner: () => actorNode(world, pull.head.repo.owner),
    baseRepository: () => shortRepository(repo),
    isCrossRepository: pull.head.repo !== repo,
    maintainerCanModify: false,
    mergeable: () => {
      const { mergeable } = askMergeability(world, pull)
      return mergeable === null ? 'UNKNOWN' : mergeable ? 'MERGEABLE' : 'CONFLICTING'
    },
    mergeStateStatus: () => knownMergeability(pull).state.toUpperCase(),
    reviewDecision: () => decision(viewer, pull),
    reviews: connection<Review, ReviewArguments>(
      ({ states, author }) =>
        pull.reviews.filter(
          (review) => (!states || states.includes(review.state)) && (!author || review.user.login === author),
        ),
      (review) => reviewSource(viewer, review),
    ),
    latestReviews: connection<Review, PageArguments>(
      () => newestByUser(pull.reviews),
      (review) => reviewSource(viewer, review),
    ),
    latestOpinionatedReviews: connection<Review, PageArguments>(
      () => newestByUser(pull.reviews.filter((review) => review.state !== 'COMMENTED')),
      (review) => reviewSource(viewer, review),
    ),
    reviewThreads: connection<Pull['threads'][number], PageArguments>(
      () => pull.threads,
      (thread) => ({ id: thread.id, isResolved: thread.resolved, isOutdated: false }),
    ),
    commits: connection<Commit, PageArguments>(commits, (each) => ({
      id: `PRC_${pull.id}_${each.sha}`,
      commit: () => commitSource(viewer, repo, each),
    })),
    files: connection<FileChange, PageArguments>(files, (change) => {
      const { additions, deletions } = filePayload(world, repo, pull.head.sha, change, objects)
      const changeType = { added: 'ADDED', removed: 'DELETED', modified: 'MODIFIED' }[change.status]
      return { path: change.path, additions, deletions, changeType }
    }),
    timelineItems: connection<Pull['baseChanges'][number], PageArguments>(
      () => pull.baseChanges,
      ({ at, automatic }) => ({
        __typename: automatic ? 'AutomaticBaseChangeSucceededEvent' : 'BaseRefChangedEvent',
        id: `BRC_${pull.id}_${at}`,
        createdAt: iso(at),
      }),
    ),
    changedFiles: () => files().length,
    autoMergeRequest: () =>
      pull.autoMerge && {
        enabledAt: iso(pull.autoMerge.at),
        enabledBy: () => actorNode(world, pull.autoMerge?.by ?? issue.user),
        mergeMethod: pull.autoMerge.method.toUpperCase(),
      },
    statusCheckRollup: () => {
      const { statusCheckRollup } = commit(pull.head.sha)
      return typeof statusCheckRollup === 'function' ? (statusCheckRollup() as unknown) : null
    },
  }
}

/** The little that pull requests tell of their repositories. */
const shortRepository = (repo: Repo): Source => ({
  __typename: 'Repository',
  id: repo.nodeId,
  databaseId: repo.id,
  name: repo.name,
  nameWithOwner: fullName(repo),
  isPrivate: repo.private,
  isFork: repo.parent !== null,
  isArchived: repo.archived,
})

function reviewSource(viewer: Viewer, review: Review): Source {
  const { world } = viewer
  const { repo } = review.pull
  return {
    __typename: 'PullRequestReview',
    id: review.nodeId,
    databaseId: review.id,
    fullDatabaseId: String(review.id),
    author: () => actorNode(world, review.user),
    authorAssociation: association(world, repo, review.user),
    authorCanPushToRepository: ['admin', 'maintain', 'write'].includes(permissionOf(world, repo, review.user)),
    state: review.state,
    body: review.body,
    commit: () => commitSource(viewer, repo, repo.git.graph.read(review.commit)),
    submittedAt: iso(review.submittedAt),
    createdAt: iso(review.submittedAt),
    updatedAt: iso(review.updatedAt),
    url: `${world.url}/${fullName(repo)}/pull/${review.pull.number}#pullrequestreview-${review.id}`,
  }
}

export function commentSource(viewer: Viewer, comment: Comment): Source {
  const { world } = viewer
  const { issue } = comment
  return {
    __typename: 'IssueComment',
    id: comment.nodeId,
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    body: comment.body,
    author: () => actorNode(world, comment.user),
    authorAssociation: association(world, issue.repo, comment.user),
    createdAt: iso(comment.createdAt),
    updatedAt: iso(comment.updatedAt),
    lastEditedAt: comment.edited ? iso(comment.updatedAt) : null,
    isMinimized: comment.minimized !== null,
    minimizedReason: comment.minimized,
    url: `${world.url}/${fullName(issue.repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}#issuecomment-${comment.id}`,
  }
}

export const labelSource = (label: Label): Source => ({
  __typename: 'Label',
  id: label.nodeId,
  name: label.name,
  color: label.color,
  description: label.description,
})

function newestByUser(reviews: readonly Review[]): Review[] {
  return [...new Map(reviews.map((review) => [review.user.id, review])).values()]
}

/** Null where no review is required, as on GitHub. */
function decision(viewer: Viewer, pull: Pull): string | null {
  const rules = rulesetsFor(pull.repo, `refs/heads/${pull.base.ref}`).flatMap((ruleset) => ruleset.rules)
  const ruled = rules.flatMap((rule) => (rule.type === 'pull_request' ? [rule.approvals ?? 0] : []))
  const classic = protectionFor(pull.repo, pull.base.ref)?.requiredReviews?.count ?? 0
  const required = Math.max(0, classic, ...ruled)
  if (required === 0) return null
  const opinions = newestByUser(pull.reviews.filter((review) => review.state !== 'COMMENTED'))
  if (opinions.some((review) => review.state === 'CHANGES_REQUESTED')) return 'CHANGES_REQUESTED'
  return approvers(viewer.world, pull).length >= required ? 'APPROVED' : 'REVIEW_REQUIRED'
}
