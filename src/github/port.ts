/**
 * What Mainkeeper asks of GitHub, as a port: reads that give canonical facts, writes that take a fence, and answers that
 * are values. Nothing here knows of Octokit, HTTP or JSON; `octokit.ts` beside it does.
 */

import type { NewEvent, PayloadOf } from '../core/events.ts'
import type { Fence } from '../core/fence.ts'
import type { CheckRunContent, CheckRunEdit, CheckRunIds } from './check-run.ts'
import type { CodeOwners } from './facts/code-owners.ts'

export type Failure =
  | { readonly failure: 'conflict'; readonly message: string; readonly files: readonly string[] }
  | { readonly failure: 'moved'; readonly message: string }
  | { readonly failure: 'gone'; readonly message: string }
  | { readonly failure: 'forbidden'; readonly message: string }
  | { readonly failure: 'refused'; readonly message: string }
  /** `until`: milliseconds since the epoch. */
  | { readonly failure: 'limited'; readonly message: string; readonly until: number }
  | { readonly failure: 'unavailable'; readonly message: string }
  /** It may have been done. Read before repeating. */
  | { readonly failure: 'unclear'; readonly message: string }

export type Answer<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Failure)

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly author: { readonly name: string; readonly email: string; readonly date: string }
}

/** A commit with the account behind its author, where GitHub knows one. */
export interface WrittenCommit extends Commit {
  readonly login: string | null
  readonly bot: boolean
}

/** A pull request as it stands, with the description that no event carries. */
export interface PullContent {
  readonly number: number
  readonly title: string
  readonly body: string | null
  readonly author: string
  readonly state: 'open' | 'closed'
  /** The commit that came of the merge, and who merged; null when it is not merged. */
  readonly merged: { readonly sha: string; readonly by: string | null } | null
  readonly sha: string
  /** `owner/branch`. */
  readonly head: string
  /** The branch that it goes into. */
  readonly base: string
}

export interface PullMerge {
  readonly pull: number
  readonly sha: string
  readonly method: 'merge' | 'squash' | 'rebase'
  /** Null where GitHub keeps the messages that there are: a rebase. */
  readonly message: { readonly title: string; readonly body: string } | null
}

export interface Issue {
  readonly number: number
  readonly body: string
  readonly state: 'open' | 'closed'
  readonly state_reason: string | null
  readonly labels: readonly string[]
  readonly locked: boolean
  readonly author: string
  readonly is_pull: boolean
  readonly updated_at: string
}

/** One entry of an issue's own history; `label` where it was labelled. */
export interface IssueEvent {
  readonly event: string
  readonly label: string | null
  readonly actor: string | null
  readonly at: string
}

export interface Comment {
  readonly id: number
  readonly issue: number
  readonly body: string
  readonly author: string
  readonly author_is_bot: boolean
  readonly created_at: string
  readonly updated_at: string
}

/** A comment by its id, or an issue or pull request by its number. */
export interface Reactable {
  readonly on: 'comment' | 'review_comment' | 'issue'
  readonly id: number
}

/** Everything one live look at pull requests tells: facts ready for the log, and the tip they were read against. */
export interface PullsObservation {
  readonly facts: readonly NewEvent[]
  readonly tip: string | null
  /** Pull requests that GitHub does not know (deleted, or not a pull request). */
  readonly missing: readonly number[]
  /** Pull requests whose nested lists could not be read to their end: their requirements stay unknown. */
  readonly incomplete: readonly number[]
}

/** A branch as it stands; null where there is none, where it has no such file, and where its owners were not asked for. */
export interface BranchContent {
  readonly branch: string
  readonly tip: string | null
  readonly file: { readonly blob: string; readonly text: string | null } | null
  /** What `CODEOWNERS` says there; null as well where it can not be understood. */
  readonly owners: CodeOwners | null
}

/** What a look at pull requests is to find out beside the rest; what is not asked for is told as null. */
export interface PullAsks {
  /** How many of their commits are not signed. */
  readonly signatures: boolean
  /** Who owns what they touch, by `CODEOWNERS` of the base; a base that is not here is not asked about. */
  readonly owners: ReadonlyMap<string, CodeOwners>
}

/** One repository, seen through one installation's token. */
export interface RepositoryPort {
  readonly repository: string

  // Reads.
  /** At most 20 pull requests at once, in one GraphQL document, with `target`'s tip. Facts: pull_request_observed,
   *  pull_request_examined, review_approved, review_retracted, branch_pushed, check_reported (of the heads), target_moved. */
  observePulls(pulls: readonly number[], target: string, asks?: PullAsks): Promise<Answer<PullsObservation>>
  /** Every open pull request with the same facts, paged; for the sweep. */
  observeOpenPulls(asks?: PullAsks): Promise<Answer<PullsObservation & { readonly open: readonly number[] }>>
  /** Branches with one file of each and, if asked, `CODEOWNERS`; and the issues of a label, newest first, whoever opened them
   *  (null where we may not read any). All in one GraphQL document; for the sweep. */
  survey(
    branches: readonly string[],
    path: string,
    label: string,
    owners: boolean,
  ): Promise<
    Answer<{
      readonly branches: readonly BranchContent[]
      /** How many pull requests are open. */
      readonly open: number
      readonly issues: readonly Issue[] | null
    }>
  >
  /** The sha a fully qualified ref stands at; null when there is none. */
  readRef(ref: string): Promise<Answer<string | null>>
  /** Where a branch stands and the tree of a commit, null where there is none, in one GraphQL document. */
  readTarget(
    branch: string,
    commit: string,
  ): Promise<Answer<{ readonly tip: string | null; readonly tree: string | null }>>
  listRefs(prefix: string): Promise<Answer<readonly { readonly ref: string; readonly sha: string }[]>>
  readCommit(sha: string): Promise<Answer<Commit>>
  /** Whether `ancestor` is contained in `descendant`. */
  contains(descendant: string, ancestor: string): Promise<Answer<boolean>>
  /** The paths in which both commits differ from their merge base: the evidence for a conflict. */
  conflictingFiles(base: string, head: string): Promise<Answer<readonly string[]>>
  /** What `head` adds to `base`, oldest first; at most 250 are given, `total` says how many there are. */
  commitsBetween(
    base: string,
    head: string,
  ): Promise<Answer<{ readonly total: number; readonly commits: readonly WrittenCommit[] }>>
  readPull(pull: number): Promise<Answer<PullContent>>
  /** Open pull requests that come from this branch of the repository or go into it, and whether GitHub deletes head
   *  branches of merged ones by itself. */
  readBranchUse(
    branch: string,
  ): Promise<Answer<{ readonly pulls: readonly number[]; readonly deleted_by_github: boolean }>>
  /** Check runs and statuses of a commit, as facts. */
  observeChecks(sha: string): Promise<Answer<readonly NewEvent<'check_reported'>[]>>
  /** The raw configuration file at a ref: null when there is none; its text is null where GitHub shows none, over 1 MB. */
  readFile(
    path: string,
    ref: string,
  ): Promise<Answer<{ readonly blob: string; readonly commit: string; readonly text: string | null } | null>>
  readProtection(branch: string): Promise<Answer<PayloadOf<'protection_observed'>>>
  /** `CODEOWNERS` as it stands on a branch; empty where there is none. */
  readCodeOwners(branch: string): Promise<Answer<CodeOwners>>
  /** `team` is `org/slug`. */
  readTeam(team: string): Promise<Answer<PayloadOf<'team_observed'>>>
  readPermission(user: string): Promise<Answer<PayloadOf<'permission_observed'>>>
  readRepository(): Promise<
    Answer<{
      readonly default_branch: string
      readonly private: boolean
      readonly has_issues: boolean
      readonly node_id: string
      readonly full_name: string
    }>
  >
  listCheckRuns(
    sha: string,
    name: string,
  ): Promise<Answer<readonly { readonly id: number; readonly external_id: string; readonly app_id: number | null }[]>>
  /** Issues that we opened with this label, newest first. */
  listIssues(label: string): Promise<Answer<readonly Issue[]>>
  /** Who labelled, closed and reopened an issue, oldest first. */
  readIssueEvents(issue: number): Promise<Answer<readonly IssueEvent[]>>
  listComments(issue: number): Promise<Answer<readonly Comment[]>>
  /** Comments of the whole repository since an instant (ISO), oldest first: commands whose webhook was missed. */
  listCommentsSince(since: string): Promise<Answer<readonly Comment[]>>

  // Writes. With less than 40 s of lease left none is sent and the answer is `unavailable`.
  createRef(fence: Fence, ref: string, sha: string): Promise<Answer<void>>
  /** Deleting what is not there is ok. */
  deleteRef(fence: Fence, ref: string): Promise<Answer<void>>
  /** Merges `head` (a sha) into the branch; `null`: already contained there. */
  merge(fence: Fence, branch: string, head: string, message: string): Promise<Answer<Commit | null>>
  createCommit(
    fence: Fence,
    commit: {
      readonly tree: string
      readonly parents: readonly string[]
      readonly message: string
      /** Left out: we are the author, and GitHub signs. Without a date: now. */
      readonly author?: { readonly name: string; readonly email: string; readonly date?: string } | undefined
    },
  ): Promise<Answer<Commit>>
  /** Compare-and-swap of the target, and the published ref deleted, in one atomic call. `ok` says only that GitHub reported no
   *  error. Called from `effects/advance-target.ts` alone. */
  advanceTarget(
    fence: Fence,
    move: { readonly target: string; readonly from: string; readonly to: string; readonly published: string },
  ): Promise<Answer<void>>
  /** Has GitHub merge a pull request whose head is `sha`. `ok` says only that GitHub reported no error: reading the pull
   *  request tells what came of it. Called from `effects/land-natively.ts` alone. */
  mergePull(fence: Fence, merge: PullMerge): Promise<Answer<void>>
  /** Deletes a branch if it stands at `sha`; `moved` when it does not. */
  deleteBranchAt(fence: Fence, branch: string, sha: string): Promise<Answer<void>>
  closePull(fence: Fence, pull: number): Promise<Answer<void>>
  /** Gives an open pull request another base. */
  retargetPull(fence: Fence, pull: number, base: string): Promise<Answer<void>>
  createCheckRun(fence: Fence, content: CheckRunContent): Promise<Answer<CheckRunIds>>
  updateCheckRun(fence: Fence, id: number, content: CheckRunContent): Promise<Answer<CheckRunIds>>
  /** At most 20 check runs by their nodes, in one GraphQL document: each is edited or not, and has an answer of its own, in the
   *  order in which they were given. A failure of the whole document says nothing of any. */
  updateCheckRuns(fence: Fence, edits: readonly CheckRunEdit[]): Promise<Answer<readonly Answer<void>[]>>
  /** Has the failed jobs of a workflow run, and those that depend on them, run again on the same commit. `forbidden`: the App
   *  lacks the right; `moved`: the run goes on, be it that it was asked before; `refused`: GitHub does not run it again. */
  rerunFailedJobs(fence: Fence, workflow: number): Promise<Answer<void>>
  createIssue(
    fence: Fence,
    issue: {
      readonly title: string
      readonly body: string
      readonly labels: readonly string[]
      readonly assignee: string | null
    },
  ): Promise<Answer<number>>
  updateIssue(
    fence: Fence,
    issue: number,
    change: {
      readonly title?: string
      readonly body?: string
      readonly state?: 'open' | 'closed'
      readonly reason?: 'completed' | 'not_planned' | 'reopened'
    },
  ): Promise<Answer<void>>
  /** Makes the label when the repository has none of that name. */
  ensureLabel(
    fence: Fence,
    label: { readonly name: string; readonly color: string; readonly description: string },
  ): Promise<Answer<void>>
  /** Removing what is not there is ok. */
  removeLabel(fence: Fence, issue: number, label: string): Promise<Answer<void>>
  createComment(fence: Fence, issue: number, body: string): Promise<Answer<number>>
  updateComment(fence: Fence, comment: number, body: string): Promise<Answer<void>>
  react(fence: Fence, to: Reactable, reaction: '+1' | '-1'): Promise<Answer<void>>
}

/** All of GitHub, as the App sees it. */
export interface GitHub {
  /** Every repository of every installation. */
  listRepositories(): Promise<
    Answer<
      readonly {
        readonly id: number
        readonly repository: string
        readonly installation: number
        readonly default_branch: string
        readonly private: boolean
      }[]
    >
  >
  repository(repository: string, installation: number): RepositoryPort
  /** The App's own slug and id: our check runs and our writes carry them. */
  identity(): Promise<Answer<{ readonly id: number; readonly slug: string }>>
}
