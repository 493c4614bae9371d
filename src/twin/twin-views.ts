/**
 * What tests and the demo see of commits, pull requests, issues and checks: plain values, taken from the state at the
 * moment of asking.
 */
import { knownMergeability } from './acts/mergeability.ts'
import type {
  CheckConclusion,
  CheckRun,
  CheckStatus,
  Comment,
  Issue,
  Pull,
  Review,
  Status,
  StatusState,
} from './state.ts'
import { fullName } from './state.ts'

export interface CommitView {
  readonly sha: string
  readonly parents: readonly string[]
  readonly tree: string
  readonly message: string
  readonly author: { readonly name: string; readonly email: string }
}

export interface PullView {
  readonly number: number
  readonly title: string
  readonly body: string | null
  readonly state: 'open' | 'closed'
  readonly merged: boolean
  readonly mergedAt: number | null
  readonly mergeCommit: string | null
  readonly draft: boolean
  readonly author: string
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: string }
  readonly base: string
  readonly labels: readonly string[]
  readonly mergeable: boolean | null
  readonly reviews: readonly (Pick<Review, 'id' | 'state' | 'commit' | 'submittedAt'> & { readonly by: string })[]
  /** When it last got another base; null when it never did. */
  readonly baseChangedAt: number | null
}

export interface IssueView {
  readonly number: number
  readonly title: string
  readonly body: string | null
  readonly state: 'open' | 'closed'
  readonly stateReason: string | null
  readonly author: string
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
}

export interface CommentView {
  readonly id: number
  readonly author: string
  readonly body: string
  readonly edited: boolean
  readonly reactions: readonly string[]
}

export interface CheckRunView {
  readonly id: number
  readonly name: string
  readonly app: string
  readonly sha: string
  readonly branch: string | null
  readonly status: CheckStatus
  readonly conclusion: CheckConclusion | null
  readonly externalId: string
  readonly title: string | null
  readonly summary: string | null
  readonly text: string | null
  readonly detailsUrl: string | null
  readonly actions: CheckRun['actions']
}

export interface StatusView {
  readonly context: string
  readonly state: StatusState
  readonly by: string
}

export function pullView(pull: Pull): PullView {
  const { issue } = pull
  return {
    number: pull.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    merged: pull.merged,
    mergedAt: pull.mergedAt,
    mergeCommit: pull.mergeCommit,
    draft: pull.draft,
    author: issue.user.login,
    head: { ref: pull.head.ref, sha: pull.head.sha, repo: fullName(pull.head.repo) },
    base: pull.base.ref,
    labels: issue.labels.map((label) => label.name),
    mergeable: knownMergeability(pull).mergeable,
    reviews: pull.reviews.map(({ id, state, commit, submittedAt, user }) => ({
      id,
      state,
      commit,
      submittedAt,
      by: user.login,
    })),
    baseChangedAt: pull.baseChanges.at(-1)?.at ?? null,
  }
}

export const issueView = (issue: Issue): IssueView => ({
  number: issue.number,
  title: issue.title,
  body: issue.body,
  state: issue.state,
  stateReason: issue.stateReason,
  author: issue.user.login,
  labels: issue.labels.map((label) => label.name),
  assignees: issue.assignees.map((user) => user.login),
})

export const commentView = (comment: Comment): CommentView => ({
  id: comment.id,
  author: comment.user.login,
  body: comment.body,
  edited: comment.edited,
  reactions: comment.reactions.map((reaction) => reaction.content),
})

export const runView = (run: CheckRun): CheckRunView => ({
  id: run.id,
  name: run.name,
  app: run.suite.app.slug,
  sha: run.suite.sha,
  branch: run.suite.branch,
  status: run.status,
  conclusion: run.conclusion,
  externalId: run.externalId,
  title: run.output.title,
  summary: run.output.summary,
  text: run.output.text,
  detailsUrl: run.detailsUrl,
  actions: run.actions,
})

export const statusView = (status: Status): StatusView => ({
  context: status.context,
  state: status.state,
  by: status.creator.login,
})
