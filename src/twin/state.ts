/**
 * The things a GitHub is made of, as plain records that the acts change: users, repositories, issues, pull requests,
 * reviews, checks. It says what there is, never what may be done with it or how it is shown.
 */
import type { GitStore } from './git/git-store.ts'
import type { Protection, Ruleset } from './rules/rules.ts'

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none'
export type Level = 'read' | 'write'
/** What an installation may do: `contents: 'write'` and the like. */
export type Rights = Readonly<Record<string, Level>>

export interface User {
  readonly id: number
  readonly nodeId: string
  readonly login: string
  readonly type: 'User' | 'Bot' | 'Organization'
}

export interface AppIdentity {
  readonly id: number
  readonly slug: string
}

export interface Installation {
  readonly id: number
  readonly account: User
  rights: Rights
  readonly repositories: Set<Repo>
  suspended: boolean
  readonly createdAt: number
}

export interface Label {
  readonly id: number
  readonly nodeId: string
  name: string
  color: string
  description: string | null
}

export interface Comment {
  readonly id: number
  readonly nodeId: string
  readonly issue: Issue
  readonly user: User
  body: string
  readonly createdAt: number
  updatedAt: number
  edited: boolean
  minimized: string | null
  visibleAt: number
  readonly reactions: Reaction[]
}

export interface Reaction {
  readonly id: number
  readonly nodeId: string
  readonly user: User
  readonly content: string
  readonly createdAt: number
}

export type StateReason = 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null

export interface Issue {
  readonly id: number
  readonly nodeId: string
  readonly number: number
  readonly repo: Repo
  readonly user: User
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: StateReason
  labels: Label[]
  assignees: User[]
  locked: boolean
  readonly createdAt: number
  updatedAt: number
  closedAt: number | null
  closedBy: User | null
  /** Lists leave it out before this instant; reading it by number does not. */
  visibleAt: number
  readonly comments: Comment[]
  readonly reactions: Reaction[]
  /** Who labelled, closed and reopened it, oldest first. */
  readonly history: IssueEvent[]
  readonly pull?: Pull
}

export interface IssueEvent {
  readonly id: number
  readonly event: 'labeled' | 'unlabeled' | 'closed' | 'reopened'
  readonly label: Label | null
  readonly actor: User
  readonly at: number
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED'

export interface Review {
  readonly id: number
  readonly nodeId: string
  readonly pull: Pull
  readonly user: User
  state: ReviewState
  body: string
  readonly commit: string
  readonly submittedAt: number
  updatedAt: number
}

export interface Pull {
  readonly id: number
  readonly nodeId: string
  readonly number: number
  readonly repo: Repo
  issue: Issue
  readonly head: { readonly repo: Repo; readonly ref: string; sha: string; deleted: boolean }
  base: { ref: string; sha: string }
  /** When its base was changed, and whether GitHub did it by itself. */
  readonly baseChanges: { readonly at: number; readonly automatic: boolean }[]
  draft: boolean
  merged: boolean
  mergedAt: number | null
  mergedBy: User | null
  mergeCommit: string | null
  autoMerge: { readonly by: User; readonly at: number; readonly method: MergeMethod } | null
  readonly reviews: Review[]
  readonly threads: { readonly id: string; resolved: boolean }[]
  mergeable: {
    readonly base: string
    readonly head: string
    readonly clean: boolean
    readonly commit: string | null
  } | null
  mergeableAsked: string | null
}

export type MergeMethod = 'merge' | 'squash' | 'rebase'
export type CheckStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending'
export type CheckConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required'
  | 'stale'

export interface CheckSuite {
  readonly id: number
  readonly nodeId: string
  readonly repo: Repo
  readonly app: AppIdentity
  readonly sha: string
  readonly branch: string | null
  readonly runs: CheckRun[]
  readonly createdAt: number
  updatedAt: number
}

export interface CheckOutput {
  title: string | null
  summary: string | null
  text: string | null
}

export interface CheckRun {
  readonly id: number
  readonly nodeId: string
  readonly suite: CheckSuite
  name: string
  status: CheckStatus
  conclusion: CheckConclusion | null
  startedAt: number | null
  completedAt: number | null
  detailsUrl: string | null
  externalId: string
  output: CheckOutput
  actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[]
  visibleAt: number
  /** Which run of a CI workflow it was, where its reporter told. */
  runId: number | null
  attempt: number | null
}

export type StatusState = 'error' | 'failure' | 'pending' | 'success'

export interface Status {
  readonly id: number
  readonly nodeId: string
  readonly sha: string
  readonly context: string
  readonly state: StatusState
  readonly description: string | null
  readonly targetUrl: string | null
  readonly creator: User
  readonly createdAt: number
}

export interface PushSeen {
  readonly ref: string
  readonly before: string
  readonly after: string
  /** 'app' for the App under test. */
  readonly by: string
  readonly forced: boolean
}

export interface Repo {
  readonly id: number
  readonly nodeId: string
  readonly owner: User
  name: string
  private: boolean
  archived: boolean
  defaultBranch: string
  hasIssues: boolean
  deleteBranchOnMerge: boolean
  readonly methods: { merge: boolean; squash: boolean; rebase: boolean; auto: boolean }
  readonly createdAt: number
  pushedAt: number
  readonly git: GitStore
  readonly parent: Repo | null
  readonly forks: Repo[]
  installation: Installation | null
  nextNumber: number
  readonly issues: Map<number, Issue>
  readonly deletedIssues: Set<number>
  readonly comments: Map<number, Comment>
  readonly labels: Map<string, Label>
  readonly collaborators: Map<string, Permission>
  readonly protections: Map<string, Protection>
  readonly rulesets: Ruleset[]
  readonly suites: CheckSuite[]
  readonly runs: Map<number, CheckRun>
  readonly statuses: Status[]
  readonly pushListeners: ((push: PushSeen) => void)[]
  /** Told the number of a workflow run whose failed jobs are to run again. */
  readonly rerunListeners: ((run: number) => void)[]
}

/** Who does something, and whether the webhooks of it go out. */
export interface Act {
  readonly by: User
  readonly silently: boolean
  /** Things made by this act stay out of lists until then. */
  readonly visibleAt?: number
}

export const ZERO = '0'.repeat(40)

/** `owner/name` of a repository. */
export function fullName(repo: Repo): string {
  return `${repo.owner.login}/${repo.name}`
}

/** The pull requests of a repository, oldest first. */
export function pullsOf(repo: Repo): Pull[] {
  return [...repo.issues.values()].flatMap((issue) => issue.pull ?? [])
}
