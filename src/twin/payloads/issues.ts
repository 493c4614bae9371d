/**
 * How GitHub shows issues, their comments, labels and reactions.
 */
import type { Comment, Issue, IssueEvent, Label, Reaction, Repo } from '../state.ts'
import type { World } from '../world.ts'
import { apiUrl, appPayload, association, htmlUrl, iso, isoOrNull, type Json, userPayload } from './actors.ts'

const CONTENTS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'eyes', 'rocket'] as const

export function labelPayload(world: World, repo: Repo, label: Label): Json {
  return {
    id: label.id,
    node_id: label.nodeId,
    url: `${apiUrl(world, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  }
}

export function issueEventPayload(world: World, issue: Issue, { id, event, label, actor, at }: IssueEvent): Json {
  return {
    id,
    node_id: world.nodeId('IE', id),
    url: `${apiUrl(world, issue.repo)}/issues/events/${id}`,
    actor: userPayload(world, actor),
    event,
    commit_id: null,
    commit_url: null,
    created_at: iso(at),
    performed_via_github_app: world.isApp(actor) ? appPayload(world, world.app) : null,
    ...(label ? { label: { name: label.name, color: label.color } } : {}),
    ...(event === 'closed' || event === 'reopened' ? { state_reason: issue.stateReason } : {}),
  }
}

export function issuePayload(world: World, issue: Issue): Json {
  const { repo, pull } = issue
  const url = `${apiUrl(world, repo)}/issues/${issue.number}`
  const html = `${htmlUrl(world, repo)}/${pull ? 'pull' : 'issues'}/${issue.number}`
  return {
    url,
    repository_url: apiUrl(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: html,
    id: issue.id,
    node_id: issue.nodeId,
    number: issue.number,
    title: issue.title,
    user: userPayload(world, issue.user),
    labels: issue.labels.map((label) => labelPayload(world, repo, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.locked,
    assignee: issue.assignees[0] ? userPayload(world, issue.assignees[0]) : null,
    assignees: issue.assignees.map((user) => userPayload(world, user)),
    milestone: null,
    comments: issue.comments.length,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    author_association: association(world, repo, issue.user),
    active_lock_reason: null,
    body: issue.body,
    closed_by: issue.closedBy ? userPayload(world, issue.closedBy) : null,
    reactions: reactionsPayload(`${url}/reactions`, issue.reactions),
    performed_via_github_app: world.isApp(issue.user) ? appPayload(world, world.app) : null,
    ...(pull
      ? {
          draft: pull.draft,
          pull_request: {
            url: `${apiUrl(world, repo)}/pulls/${issue.number}`,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: isoOrNull(pull.mergedAt),
          },
        }
      : {}),
  }
}

export function commentPayload(world: World, comment: Comment): Json {
  const { issue } = comment
  const url = `${apiUrl(world, issue.repo)}/issues/comments/${comment.id}`
  const page = `${htmlUrl(world, issue.repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`
  return {
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${apiUrl(world, issue.repo)}/issues/${issue.number}`,
    id: comment.id,
    node_id: comment.nodeId,
    user: userPayload(world, comment.user),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: association(world, issue.repo, comment.user),
    body: comment.body,
    reactions: reactionsPayload(`${url}/reactions`, comment.reactions),
    performed_via_github_app: world.isApp(comment.user) ? appPayload(world, world.app) : null,
  }
}

export function reactionPayload(world: World, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: reaction.nodeId,
    user: userPayload(world, reaction.user),
    content: reaction.content,
    created_at: iso(reaction.createdAt),
  }
}

function reactionsPayload(url: string, reactions: readonly Reaction[]): Json {
  const count = (content: string) => reactions.filter((reaction) => reaction.content === content).length
  return {
    url,
    total_count: reactions.length,
    ...Object.fromEntries(CONTENTS.map((content) => [content, count(content)])),
  }
}
