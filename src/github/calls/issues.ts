/**
 * Issues, labels, comments and reactions: what people see of us outside the check run. What is written there, and when, is
 * decided elsewhere; pull requests are issues to GitHub, and so they are here.
 */
import { done, failed, mapAnswer, ok } from '../answer.ts'
import type { Answer, Comment, Issue, IssueEvent, RepositoryPort } from '../port.ts'
import { type Access, readPages } from './access.ts'

type IssueCalls = Pick<
  RepositoryPort,
  'listIssues' | 'readIssueEvents' | 'createIssue' | 'updateIssue' | 'ensureLabel' | 'removeLabel'
>
type CommentCalls = Pick<
  RepositoryPort,
  'listComments' | 'listCommentsSince' | 'createComment' | 'updateComment' | 'react'
>

export function issueCalls(access: Access): IssueCalls {
  const { octokit, caller, at } = access

  /** GitHub refuses the whole issue for one name that it can't assign; it says 404 of such a name. */
  const assignable = async (user: string | null): Promise<Answer<string[]>> => {
    if (user === null) return ok([])
    const answer = await caller.read((how) =>
      octokit.rest.issues.checkUserCanBeAssigned({ ...at, assignee: user, ...how }),
    )
    if (answer.ok) return ok([user])
    return answer.failure === 'gone' ? ok([]) : answer
  }

  return {
    listIssues: async (label) => {
      const us = await access.identity()
      if (!us.ok) return us
      const answer = await readPages(
        access,
        (how) =>
          octokit.rest.issues.listForRepo({
            ...at,
            creator: `${us.value.slug}[bot]`,
            labels: label,
            state: 'all',
            sort: 'created',
            direction: 'desc',
            per_page: 100,
            ...how,
          }),
        (issues) => issues,
      )
      return mapAnswer(answer, (issues) => issues.map(issueOf))
    },

    readIssueEvents: async (issue) => {
      const answer = await readPages(
        access,
        (how) => octokit.rest.issues.listEvents({ ...at, issue_number: issue, per_page: 100, ...how }),
        (events) => events,
      )
      return mapAnswer(answer, (events) => events.map(issueEventOf))
    },

    createIssue: async (fence, { title, body, labels, assignee }) => {
      const assignees = await assignable(assignee)
      if (!assignees.ok) return assignees
      const open = (names: string[]) =>
        caller.write(fence, 'content', (how) =>
          octokit.rest.issues.create({ ...at, title, body, labels: [...labels], assignees: names, ...how }),
        )
      const answer = await open(assignees.value)
      // Whoever could be assigned a moment ago may not be any more; an issue of nobody is better than none.
      const again = !answer.ok && answer.failure === 'refused' && /assignees/.test(answer.message)
      return mapAnswer(again ? await open([]) : answer, ({ data }) => data.number)
    },

    updateIssue: async (fence, issue, { reason, ...change }) => {
      const answer = await caller.write(fence, 'content', (how) =>
        octokit.rest.issues.update({
          ...at,
          issue_number: issue,
          ...change,
          ...(reason === undefined ? {} : { state_reason: reason }),
          ...how,
        }),
      )
      return answer.ok ? done : answer
    },

    ensureLabel: async (fence, label) => {
      const present = await caller.read((how) => octokit.rest.issues.getLabel({ ...at, name: label.name, ...how }))
      if (present.ok) return done
      if (present.failure !== 'gone') return present
      const made = await caller.write(fence, 'content', (how) =>
        octokit.rest.issues.createLabel({ ...at, ...label, ...how }),
      )
      if (made.ok) return done
      return /already.exists/i.test(made.message) ? done : failed(made)
    },

    removeLabel: async (fence, issue, label) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.issues.removeLabel({ ...at, issue_number: issue, name: label, ...how }),
      )
      if (answer.ok) return done
      return answer.failure === 'gone' && /label does not exist/i.test(answer.message) ? done : failed(answer)
    },
  }
}

export function commentCalls(access: Access): CommentCalls {
  const { octokit, caller, at } = access
  return {
    listComments: async (issue) => {
      const answer = await readPages(
        access,
        (how) => octokit.rest.issues.listComments({ ...at, issue_number: issue, per_page: 100, ...how }),
        (comments) => comments,
      )
      return commentsOf(answer)
    },

    listCommentsSince: async (since) => {
      const answer = await readPages(
        access,
        (how) =>
          octokit.rest.issues.listCommentsForRepo({
            ...at,
            since,
            sort: 'updated',
            direction: 'asc',
            per_page: 100,
            ...how,
          }),
        (comments) => comments,
      )
      return commentsOf(answer)
    },

    createComment: async (fence, issue, body) => {
      const answer = await caller.write(fence, 'content', (how) =>
        octokit.rest.issues.createComment({ ...at, issue_number: issue, body, ...how }),
      )
      return mapAnswer(answer, ({ data }) => data.id)
    },

    updateComment: async (fence, comment, body) => {
      const answer = await caller.write(fence, 'content', (how) =>
        octokit.rest.issues.updateComment({ ...at, comment_id: comment, body, ...how }),
      )
      return answer.ok ? done : answer
    },

    react: async (fence, { on, id }, content) => {
      const { reactions } = octokit.rest
      const answer = await caller.write<unknown>(fence, 'content', (how) => {
        if (on === 'comment') return reactions.createForIssueComment({ ...at, comment_id: id, content, ...how })
        if (on === 'issue') return reactions.createForIssue({ ...at, issue_number: id, content, ...how })
        return reactions.createForPullRequestReviewComment({ ...at, comment_id: id, content, ...how })
      })
      return answer.ok ? done : answer
    },
  }
}

interface RestUser {
  readonly login: string
  readonly type: string
}

interface RestIssue {
  readonly number: number
  readonly body?: string | null
  readonly state: string
  readonly state_reason?: string | null
  readonly labels: readonly (string | { readonly name?: string })[]
  readonly locked: boolean
  readonly user: RestUser | null
  readonly pull_request?: unknown
  readonly updated_at: string
}

interface RestComment {
  readonly id: number
  readonly body?: string
  readonly issue_url: string
  readonly user: RestUser | null
  readonly created_at: string
  readonly updated_at: string
}

const issueOf = (issue: RestIssue): Issue => ({
  number: issue.number,
  body: issue.body ?? '',
  state: issue.state === 'open' ? 'open' : 'closed',
  state_reason: issue.state_reason ?? null,
  labels: issue.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))).sort(),
  locked: issue.locked,
  author: issue.user?.login ?? 'ghost',
  is_pull: issue.pull_request !== undefined,
  updated_at: issue.updated_at,
})

const commentOf = (comment: RestComment): Comment => ({
  id: comment.id,
  issue: Number(comment.issue_url.split('/').at(-1)),
  body: comment.body ?? '',
  author: comment.user?.login ?? 'ghost',
  author_is_bot: comment.user?.type === 'Bot',
  created_at: comment.created_at,
  updated_at: comment.updated_at,
})

const commentsOf = (answer: Answer<readonly RestComment[]>): Answer<readonly Comment[]> =>
  answer.ok ? ok(answer.value.map(commentOf)) : answer

function issueEventOf(told: {
  event: string
  created_at: string
  actor: { login: string } | null
  label?: unknown
}): IssueEvent {
  const label = told.label as { name?: string | null } | undefined
  return { event: told.event, label: label?.name ?? null, actor: told.actor?.login ?? null, at: told.created_at }
}
