/**
 * How GitHub shows pull requests and their reviews: short in lists, whole by number and in webhooks.
 */
import { compareTrees } from '../git/tree.ts'
import type { Pull, Repo, Review } from '../state.ts'

import type { World } from '../world.ts'
import { apiUrl, association, htmlUrl, iso, isoOrNull, type Json, userPayload } from './actors.ts'
import { filePayload } from './commits.ts'
import { labelPayload } from './issues.ts'
import { fullRepositoryPayload } from './repository.ts'

export interface Mergeability {
  readonly mergeable: boolean | null
  readonly state: string
}

/** As lists show it. */
export function pullPayload(world: World, pull: Pull): Json {
  const { repo, issue } = pull
  const api = apiUrl(world, repo)
  const url = `${api}/pulls/${pull.number}`
  const html = `${htmlUrl(world, repo)}/pull/${pull.number}`
  const links = {
    self: url,
    html,
    issue: `${api}/issues/${pull.number}`,
    comments: `${api}/issues/${pull.number}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${api}/statuses/${pull.head.sha}`,
  }
  return {
    url,
    id: pull.id,
    node_id: pull.nodeId,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: links.issue,
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: userPayload(world, issue.user),
    body: issue.body,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit ?? pull.mergeable?.commit ?? null,
    assignee: issue.assignees[0] ? userPayload(world, issue.assignees[0]) : null,
    assignees: issue.assignees.map((user) => userPayload(world, user)),
    requested_reviewers: [],
    requested_teams: [],
    labels: issue.labels.map((label) => labelPayload(world, repo, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: sidePayload(world, pull.head.repo, pull.head.ref, pull.head.sha),
    base: sidePayload(world, repo, pull.base.ref, pull.base.sha),
    _links: Object.fromEntries(Object.entries(links).map(([key, href]) => [key, { href }])),
    author_association: association(world, repo, issue.user),
    auto_merge: pull.autoMerge
      ? {
          enabled_by: userPayload(world, pull.autoMerge.by),
          merge_method: pull.autoMerge.method,
          commit_title: '',
          commit_message: '',
        }
      : null,
    active_lock_reason: null,
  }
}

/** The whole of it. Mergeability is told by the caller, who may have had to ask for it. */
export function wholePullPayload(world: World, pull: Pull, known: Mergeability): Json {
  const { repo, issue } = pull
  const { graph, objects } = repo.git
  const from = graph.mergeBase(pull.base.sha, pull.head.sha)
  const commits = graph.log(pull.head.sha, from)
  const changes = compareTrees(objects, from ? graph.read(from).tree : undefined, graph.read(pull.head.sha).tree)
  const files = changes.map((change) => filePayload(world, repo, pull.head.sha, change, objects))
  const sum = (key: 'additions' | 'deletions') => files.reduce((total, file) => total + Number(file[key]), 0)
  return {
    ...pullPayload(world, pull),
    merged: pull.merged,
    mergeable: known.mergeable,
    rebaseable: known.mergeable,
    mergeable_state: known.state,
    merged_by: pull.mergedBy ? userPayload(world, pull.mergedBy) : null,
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: files.length,
  }
}

/** A review; webhooks write its state in small letters. */
export function reviewPayload(world: World, review: Review, webhook = false): Json {
  const { pull } = review
  const url = `${apiUrl(world, pull.repo)}/pulls/${pull.number}`
  const html = `${htmlUrl(world, pull.repo)}/pull/${pull.number}#pullrequestreview-${review.id}`
  return {
    id: review.id,
    node_id: review.nodeId,
    user: userPayload(world, review.user),
    body: webhook && review.body === '' ? null : review.body,
    state: webhook ? review.state.toLowerCase() : review.state,
    html_url: html,
    pull_request_url: url,
    author_association: association(world, pull.repo, review.user),
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: iso(review.submittedAt),
    ...(webhook ? { updated_at: iso(review.updatedAt) } : {}),
    commit_id: review.commit,
  }
}

function sidePayload(world: World, repo: Repo, ref: string, sha: string): Json {
  return {
    label: `${repo.owner.login}:${ref}`,
    ref,
    sha,
    user: userPayload(world, repo.owner),
    repo: sideRepository(world, repo),
  }
}

function sideRepository(world: World, repo: Repo): Json {
  const { parent: _parent, source: _source, permissions: _permissions, ...rest } = fullRepositoryPayload(world, repo)
  return rest
}

/** The pull requests that a check run names: those of its own repository whose head is the sha. */
export function pullReference(world: World, pull: Pull): Json {
  const side = (repo: Repo, ref: string, sha: string) => ({
    ref,
    sha,
    repo: { id: repo.id, url: apiUrl(world, repo), name: repo.name },
  })
  return {
    url: `${apiUrl(world, pull.repo)}/pulls/${pull.number}`,
    id: pull.id,
    number: pull.number,
    head: side(pull.head.repo, pull.head.ref, pull.head.sha),
    base: side(pull.repo, pull.base.ref, pull.base.sha),
  }
}
