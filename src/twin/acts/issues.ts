/**
 * What happens to issues (a pull request is one too): made, changed, labelled, commented on, reacted to.
 */
import { emit } from '../emit.ts'
import type { Json } from '../payloads/actors.ts'
import { userPayload } from '../payloads/actors.ts'
import { commentPayload, issuePayload, labelPayload } from '../payloads/issues.ts'
import { pullPayload } from '../payloads/pulls.ts'
import { invalid, Problem } from '../problem.ts'
import type { Act, Comment, Issue, IssueEvent, Label, Pull, Reaction, Repo, StateReason, User } from '../state.ts'
import type { World } from '../world.ts'

export interface IssueDraft {
  readonly title: string
  readonly body: string | null
  readonly labels?: readonly string[]
  readonly assignees?: readonly User[]
  readonly pull?: Omit<Pull, 'issue' | 'number'>
}

/** Takes the next number for an issue or a pull request; sends no webhook. */
export function makeIssue(world: World, repo: Repo, act: Act, draft: IssueDraft): Issue {
  const id = world.nextId()
  const number = repo.nextNumber++
  const issue: Issue = {
    id,
    nodeId: world.nodeId('I', id),
    number,
    repo,
    user: act.by,
    title: draft.title,
    body: draft.body,
    state: 'open',
    stateReason: null,
    labels: (draft.labels ?? []).map((name) => labelOf(world, repo, name)),
    assignees: [...(draft.assignees ?? [])],
    locked: false,
    createdAt: world.now(),
    updatedAt: world.now(),
    closedAt: null,
    closedBy: null,
    visibleAt: act.visibleAt ?? 0,
    comments: [],
    reactions: [],
    history: [],
  }
  for (const label of issue.labels) note(world, issue, act, 'labeled', label)
  const whole: Issue = draft.pull ? Object.assign(issue, { pull: Object.assign(draft.pull, { issue, number }) }) : issue
  repo.issues.set(number, whole)
  return whole
}

function note(world: World, issue: Issue, act: Act, event: IssueEvent['event'], label: Label | null): void {
  issue.history.push({ id: world.nextId(), event, label, actor: act.by, at: world.now() })
}

/** Opens an issue, and tells of it and of each of its labels; 410 where issues are switched off. */
export function openIssue(world: World, repo: Repo, act: Act, draft: IssueDraft): Issue {
  if (!repo.hasIssues) throw new Problem(410, 'Issues has been disabled in this repository.')
  const issue = makeIssue(world, repo, act, draft)
  emitIssue(world, issue, act, 'opened')
  for (const label of issue.labels) emitIssue(world, issue, act, 'labeled', { label: labelPayload(world, repo, label) })
  for (const user of issue.assignees) emitIssue(world, issue, act, 'assigned', { assignee: userPayload(world, user) })
  return issue
}

/** Closes an issue with a reason, or opens it again. */
export function setIssueState(
  world: World,
  issue: Issue,
  act: Act,
  state: 'open' | 'closed',
  reason: StateReason,
): void {
  if (issue.state === state) return
  const closed = state === 'closed'
  issue.state = state
  issue.stateReason = closed ? (reason ?? 'completed') : 'reopened'
  issue.closedAt = closed ? world.now() : null
  issue.closedBy = closed ? act.by : null
  issue.updatedAt = world.now()
  note(world, issue, act, closed ? 'closed' : 'reopened', null)
  emitIssue(world, issue, act, closed ? 'closed' : 'reopened')
}

/** Deletes an issue for good; its number is not given out again. */
export function deleteIssue(world: World, issue: Issue, act: Act): void {
  issue.repo.issues.delete(issue.number)
  issue.repo.deletedIssues.add(issue.number)
  for (const comment of issue.comments) issue.repo.comments.delete(comment.id)
  emitIssue(world, issue, act, 'deleted')
}

/** Changes title or body. */
export function editIssue(world: World, issue: Issue, act: Act, edit: { title?: string; body?: string | null }): void {
  const changes: Record<string, unknown> = {}
  if (edit.title !== undefined && edit.title !== issue.title) {
    changes.title = { from: issue.title }
    issue.title = edit.title
  }
  if (edit.body !== undefined && edit.body !== issue.body) {
    changes.body = { from: issue.body ?? '' }
    issue.body = edit.body
  }
  if (Object.keys(changes).length === 0) return
  issue.updatedAt = world.now()
  emitIssue(world, issue, act, 'edited', { changes })
}

/** Puts labels on an issue; names that the repository lacks are made, as GitHub does for those who may write. */
export function addLabels(world: World, issue: Issue, act: Act, names: readonly string[]): void {
  for (const name of names) {
    const label = labelOf(world, issue.repo, name)
    if (issue.labels.includes(label)) continue
    issue.labels = [...issue.labels, label]
    issue.updatedAt = world.now()
    note(world, issue, act, 'labeled', label)
    emitEither(world, issue, act, 'labeled', { label: labelPayload(world, issue.repo, label) })
  }
}

/** Takes a label off; 404 when it is not on. */
export function removeLabel(world: World, issue: Issue, act: Act, name: string): void {
  const label = issue.labels.find((each) => each.name.toLowerCase() === name.toLowerCase())
  if (!label) throw new Problem(404, 'Label does not exist')
  issue.labels = issue.labels.filter((each) => each !== label)
  issue.updatedAt = world.now()
  note(world, issue, act, 'unlabeled', label)
  emitEither(world, issue, act, 'unlabeled', { label: labelPayload(world, issue.repo, label) })
}

/** Sets the whole list of assignees. */
export function setAssignees(world: World, issue: Issue, act: Act, users: readonly User[]): void {
  const [before, after] = [new Set(issue.assignees), new Set(users)]
  issue.assignees = [...after]
  for (const user of after)
    if (!before.has(user)) emitEither(world, issue, act, 'assigned', { assignee: userPayload(world, user) })
  for (const user of before)
    if (!after.has(user)) emitEither(world, issue, act, 'unassigned', { assignee: userPayload(world, user) })
}

/** Locks or unlocks the conversation. */
export function setLocked(world: World, issue: Issue, act: Act, locked: boolean): void {
  if (issue.locked === locked) return
  issue.locked = locked
  emitEither(world, issue, act, locked ? 'locked' : 'unlocked')
}

/** Writes a comment; 422 when it is blank or too long. */
export function addComment(world: World, issue: Issue, act: Act, body: string): Comment {
  if (body.trim() === '') throw invalid('IssueComment', 'body', 'missing_field', 'Body cannot be blank')
  if (body.length > 65_536)
    throw invalid('IssueComment', 'body', 'custom', 'body is too long (maximum is 65536 characters)')
  const id = world.nextId()
  const comment: Comment = {
    id,
    nodeId: world.nodeId('IC', id),
    issue,
    user: act.by,
    body,
    createdAt: world.now(),
    updatedAt: world.now(),
    edited: false,
    minimized: null,
    visibleAt: act.visibleAt ?? 0,
    reactions: [],
  }
  issue.comments.push(comment)
  issue.repo.comments.set(id, comment)
  issue.updatedAt = world.now()
  emitComment(world, comment, act, 'created')
  return comment
}

/** Changes a comment's text. */
export function editComment(world: World, comment: Comment, act: Act, body: string): void {
  const from = comment.body
  if (body === from) return
  Object.assign(comment, { body, edited: true, updatedAt: world.now() })
  comment.issue.updatedAt = world.now()
  emitComment(world, comment, act, 'edited', { changes: { body: { from } } })
}

/** Removes a comment. */
export function deleteComment(world: World, comment: Comment, act: Act): void {
  const { issue } = comment
  issue.comments.splice(issue.comments.indexOf(comment), 1)
  issue.repo.comments.delete(comment.id)
  emitComment(world, comment, act, 'deleted')
}

/** Reacts to an issue or a comment; the same reaction twice is one. GitHub sends no webhook for it. */
export function react(
  world: World,
  thing: { readonly reactions: Reaction[] },
  act: Act,
  content: string,
): [Reaction, boolean] {
  const known = thing.reactions.find((each) => each.user === act.by && each.content === content)
  if (known) return [known, false]
  const id = world.nextId()
  const reaction = { id, nodeId: world.nodeId('REA', id), user: act.by, content, createdAt: world.now() }
  thing.reactions.push(reaction)
  return [reaction, true]
}

/** The label of that name, made when the repository has none. */
export function labelOf(
  world: World,
  repo: Repo,
  name: string,
  more: { color?: string; description?: string | null } = {},
): Label {
  const known = repo.labels.get(name.toLowerCase())
  if (known) return known
  const id = world.nextId()
  const label = {
    id,
    nodeId: world.nodeId('LA', id),
    name,
    color: more.color ?? 'ededed',
    description: more.description ?? null,
  }
  repo.labels.set(name.toLowerCase(), label)
  return label
}

function emitIssue(world: World, issue: Issue, act: Act, action: string, more: Json = {}): void {
  emit(world, issue.repo, act, 'issues', action, { issue: issuePayload(world, issue), ...more })
}

/** A pull request tells of labels, assignees and locks as `pull_request`, an issue as `issues`. */
function emitEither(world: World, issue: Issue, act: Act, action: string, more: Json = {}): void {
  if (!issue.pull) return emitIssue(world, issue, act, action, more)
  const payload = { number: issue.number, pull_request: pullPayload(world, issue.pull), ...more }
  emit(world, issue.repo, act, 'pull_request', action, payload)
}

function emitComment(world: World, comment: Comment, act: Act, action: string, more: Json = {}): void {
  const payload = { issue: issuePayload(world, comment.issue), comment: commentPayload(world, comment), ...more }
  emit(world, comment.issue.repo, act, 'issue_comment', action, payload)
}
