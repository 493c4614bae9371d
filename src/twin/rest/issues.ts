/**
 * Routes of issues, which pull requests are too: themselves, their comments, labels and reactions.
 */
import {
  addComment,
  addLabels,
  deleteComment,
  editComment,
  editIssue,
  labelOf,
  openIssue,
  react,
  removeLabel,
  setAssignees,
  setIssueState,
} from '../acts/issues.ts'
import { closePull, editPull, reopenPull } from '../acts/pulls.ts'
import { type Answer, type Call, created, nothing, ok, oneOf, type Route } from '../http/route.ts'
import { permissionOf } from '../payloads/actors.ts'
import { commentPayload, issueEventPayload, issuePayload, labelPayload, reactionPayload } from '../payloads/issues.ts'
import { invalid, notFound, Problem } from '../problem.ts'
import type { Comment, Issue, Label, Reaction, StateReason, User } from '../state.ts'

// Either right does, since a pull request is an issue.
const READ = [
  ['issues', 'read'],
  ['pull_requests', 'read'],
] as const
const WRITE = [
  ['issues', 'write'],
  ['pull_requests', 'write'],
] as const
const REPO = '/repos/{owner}/{repo}'
const ISSUES = `${REPO}/issues`

export const issueRoutes: readonly Route[] = [
  { method: 'GET', template: ISSUES, needs: READ, answer: listIssues },
  { method: 'POST', template: ISSUES, needs: [['issues', 'write']], answer: createIssue },
  { method: 'GET', template: `${ISSUES}/comments`, needs: READ, answer: listAllComments },
  { method: 'GET', template: `${ISSUES}/comments/{comment_id}`, needs: READ, answer: getComment },
  { method: 'PATCH', template: `${ISSUES}/comments/{comment_id}`, needs: WRITE, answer: updateComment },
  { method: 'DELETE', template: `${ISSUES}/comments/{comment_id}`, needs: WRITE, answer: removeComment },
  {
    method: 'POST',
    template: `${ISSUES}/comments/{comment_id}/reactions`,
    needs: WRITE,
    answer: (call) => addReaction(call, commentOf(call)),
  },
  {
    method: 'GET',
    template: `${ISSUES}/{issue_number}`,
    needs: READ,
    answer: (call) => ok(issuePayload(call.world, issueOf(call))),
  },
  { method: 'PATCH', template: `${ISSUES}/{issue_number}`, needs: WRITE, answer: updateIssue },
  { method: 'GET', template: `${ISSUES}/{issue_number}/events`, needs: READ, answer: listEvents },
  {
    method: 'GET',
    template: `${ISSUES}/{issue_number}/comments`,
    needs: READ,
    answer: (call) => listComments(call, call.issue.comments),
  },
  { method: 'POST', template: `${ISSUES}/{issue_number}/comments`, needs: WRITE, answer: createComment },
  {
    method: 'GET',
    template: `${ISSUES}/{issue_number}/labels`,
    needs: READ,
    answer: (call) => listLabels(call, call.issue.labels),
  },
  { method: 'POST', template: `${ISSUES}/{issue_number}/labels`, needs: WRITE, answer: putLabels },
  { method: 'DELETE', template: `${ISSUES}/{issue_number}/labels/{name}`, needs: WRITE, answer: takeLabel },
  {
    method: 'POST',
    template: `${ISSUES}/{issue_number}/reactions`,
    needs: WRITE,
    answer: (call) => addReaction(call, call.issue),
  },
  {
    method: 'GET',
    template: `${REPO}/labels`,
    needs: READ,
    answer: (call) => listLabels(call, [...call.repo.labels.values()]),
  },
  { method: 'POST', template: `${REPO}/labels`, needs: WRITE, answer: createLabel },
  { method: 'GET', template: `${REPO}/labels/{name}`, needs: READ, answer: getLabel },
]

function issueOf(call: Call): Issue {
  const { issue } = call
  if (!issue.pull && !issue.repo.hasIssues) throw new Problem(410, 'Issues has been disabled in this repository.')
  return issue
}

function listIssues(call: Call): Answer {
  const { repo, query, world } = call
  const [creator, labels, since] = [query.get('creator'), query.get('labels'), query.get('since')]
  const state = query.get('state') ?? 'open'
  const wanted = labels ? labels.split(',').map((name) => name.trim().toLowerCase()) : []
  const chosen = [...repo.issues.values()].filter(
    (issue) =>
      issue.visibleAt <= world.now() &&
      (repo.hasIssues || issue.pull !== undefined) &&
      (state === 'all' || issue.state === state) &&
      (creator === null || isCreator(issue.user, creator)) &&
      wanted.every((name) => issue.labels.some((label) => label.name.toLowerCase() === name)) &&
      (since === null || issue.updatedAt >= Date.parse(since)),
  )
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt'
  chosen.sort((a, b) => a[key] - b[key] || a.number - b.number)
  if (query.get('direction') !== 'asc') chosen.reverse()
  return call.page(chosen, (issue) => issuePayload(world, issue))
}

/** The App's bot is found by its login with `[bot]` and as `app/<slug>`. */
const isCreator = (user: User, creator: string): boolean =>
  user.login === creator || (user.type === 'Bot' && `app/${user.login.replace('[bot]', '')}` === creator)

function createIssue(call: Call): Answer {
  const issue = openIssue(call.world, call.repo, call.act, {
    title: call.text('title'),
    body: call.optionalText('body') ?? null,
    labels: call.texts('labels') ?? [],
    assignees: assignable(call, call.texts('assignees') ?? [], true),
  })
  return created(issuePayload(call.world, issue))
}

/** Those of the names that can be assigned; making an issue fails for others, adding ignores them. */
function assignable(call: Call, logins: readonly string[], strictly: boolean): User[] {
  return logins.flatMap((login) => {
    const user = call.world.users.get(login.toLowerCase())
    if (user && !['none', 'read'].includes(permissionOf(call.world, call.repo, user))) return [user]
    if (strictly) throw invalid('Issue', 'assignees', 'invalid')
    return []
  })
}

function updateIssue(call: Call): Answer {
  const { world, act } = call
  const issue = issueOf(call)
  const [title, body, state] = [call.optionalText('title'), call.optionalText('body'), call.optionalText('state')]
  const edit = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) }
  if (issue.pull) editPull(world, issue.pull, act, edit)
  else editIssue(world, issue, act, edit)
  const labels = call.texts('labels')
  if (labels) {
    for (const label of issue.labels) if (!labels.includes(label.name)) removeLabel(world, issue, act, label.name)
    addLabels(world, issue, act, labels)
  }
  const assignees = call.texts('assignees')
  if (assignees) setAssignees(world, issue, act, assignable(call, assignees, true))
  if (state !== undefined) changeState(call, issue, oneOf('Issue', 'state', state, ['open', 'closed']))
  return ok(issuePayload(world, issue))
}

function changeState(call: Call, issue: Issue, state: 'open' | 'closed'): void {
  const { world, act } = call
  if (issue.pull) {
    if (state === 'closed') closePull(world, issue.pull, act)
    else reopenPull(world, issue.pull, act)
    return
  }
  const given = call.optionalText('state_reason')
  const reasons: readonly NonNullable<StateReason>[] = ['completed', 'not_planned', 'reopened', 'duplicate']
  setIssueState(world, issue, act, state, given === undefined ? null : oneOf('Issue', 'state_reason', given, reasons))
}

function listAllComments(call: Call): Answer {
  const comments = [...call.repo.comments.values()]
  const { query } = call
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt'
  comments.sort((a, b) => a[key] - b[key] || a.id - b.id)
  // Without `sort` GitHub leaves `direction` unread.
  if (query.get('sort') !== null && query.get('direction') !== 'asc') comments.reverse()
  return listComments(call, comments)
}

function listEvents(call: Call): Answer {
  const { issue, world } = call
  return call.page(issue.history, (event) => issueEventPayload(world, issue, event))
}

function listComments(call: Call, comments: readonly Comment[]): Answer {
  const since = call.query.get('since')
  const chosen = comments.filter(
    (comment) => comment.visibleAt <= call.world.now() && (since === null || comment.updatedAt >= Date.parse(since)),
  )
  return call.page(chosen, (comment) => commentPayload(call.world, comment))
}

function commentOf(call: Call): Comment {
  const comment = call.repo.comments.get(call.number('comment_id'))
  if (!comment) throw notFound()
  return comment
}

function getComment(call: Call): Answer {
  return ok(commentPayload(call.world, commentOf(call)))
}

/** https://docs.github.com/en/communities/moderating-comments-and-conversations/locking-conversations; an App is not let in. */
function createComment(call: Call): Answer {
  if (call.issue.locked && call.act.by.type === 'Bot')
    throw new Problem(403, 'Unable to create comment because issue is locked.')
  return created(commentPayload(call.world, addComment(call.world, call.issue, call.act, call.text('body'))))
}

function updateComment(call: Call): Answer {
  const comment = commentOf(call)
  if (comment.user !== call.act.by) throw new Problem(403, 'Resource not accessible by integration')
  editComment(call.world, comment, call.act, call.text('body'))
  return ok(commentPayload(call.world, comment))
}

function removeComment(call: Call): Answer {
  deleteComment(call.world, commentOf(call), call.act)
  return nothing()
}

function addReaction(call: Call, thing: { readonly reactions: Reaction[] }): Answer {
  const words = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const
  const [reaction, isNew] = react(
    call.world,
    thing,
    call.act,
    oneOf('Reaction', 'content', call.text('content'), words),
  )
  return isNew ? created(reactionPayload(call.world, reaction)) : ok(reactionPayload(call.world, reaction))
}

function listLabels(call: Call, labels: readonly Label[]): Answer {
  return call.page(labels, (label) => labelPayload(call.world, call.repo, label))
}

function putLabels(call: Call): Answer {
  addLabels(call.world, call.issue, call.act, call.texts('labels') ?? [])
  return listLabels(call, call.issue.labels)
}

function takeLabel(call: Call): Answer {
  removeLabel(call.world, call.issue, call.act, call.param('name'))
  return listLabels(call, call.issue.labels)
}

function createLabel(call: Call): Answer {
  const name = call.text('name')
  if (call.repo.labels.has(name.toLowerCase())) throw invalid('Label', 'name', 'already_exists')
  const [color, description] = [call.optionalText('color'), call.optionalText('description')]
  const label = labelOf(call.world, call.repo, name, {
    ...(color === undefined ? {} : { color }),
    ...(description === undefined ? {} : { description }),
  })
  return created(labelPayload(call.world, call.repo, label))
}

function getLabel(call: Call): Answer {
  const label = call.repo.labels.get(call.param('name').toLowerCase())
  if (!label) throw notFound()
  return ok(labelPayload(call.world, call.repo, label))
}
