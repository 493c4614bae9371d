/**
 * The event catalogue: every kind of fact, decision and outcome that the log can hold, each with its payload schema,
 * its identity and its place in the taxonomy. It refuses to know who writes an event or who reads it.
 */
import { z } from 'zod'
import { configSchema } from './config.ts'
import { login, pullNumber, repositoryName, sha, timestamp } from './ids.ts'

export type Kind = 'occurrence' | 'observation' | 'decision' | 'outcome'
export type Level = 'debug' | 'info' | 'notice' | 'warning'
/** What a notification thread about one subject does when the event arrives. */
export type Lifecycle = 'opens' | 'updates' | 'resolves'

interface Definition<S extends z.ZodType> {
  readonly kind: Kind
  readonly payload: S
  /** `domain.software-development.` + this. */
  readonly taxonomy: string
  readonly level: Level
  readonly lifecycle?: Lifecycle
  /** One sentence for `docs/events.md`. */
  readonly meaning: string
  /** Occurrences: what happened, by the id that GitHub or our CLI gave it. Observations: the thing whose state it is. */
  readonly identity?: (payload: z.infer<S>) => string
  /** Observations: the payload's fields that are left out when two states of the thing are compared. */
  readonly outside?: readonly (keyof z.infer<S> & string)[]
  /** Observations: GitHub's own order of two states; lower than the recorded one means stale. Absent: the log's order. */
  readonly order?: (payload: z.infer<S>) => readonly (number | string)[]
}

const define = <S extends z.ZodType>(definition: Definition<S>): Definition<S> => definition

const yesNoUnknown = z.enum(['yes', 'no', 'unknown'])
export type YesNoUnknown = z.infer<typeof yesNoUnknown>
const code = z.string().regex(/^[a-z][a-z0-9_]*$/)
const words = z.string().max(2000)
const ref = z.string().min(1).max(1024)
const candidate = { pull: pullNumber, branch: ref, sha }
const method = z.enum(['merge', 'squash', 'rebase', 'fast-forward'])
export type Method = z.infer<typeof method>
const member = z.strictObject({ pull: pullNumber, sha })
const prefix = z.strictObject({ pull: pullNumber, sha, tree: sha })

/** One piece of evidence that a person can follow: what it is, and where it can be seen. */
export const evidence = z.strictObject({
  kind: z.enum(['file', 'check', 'commit', 'pull_request', 'message', 'review', 'rule']),
  text: words,
  url: z.string().max(2000).optional(),
})
export type Evidence = z.infer<typeof evidence>

/** The state of one required check, as it counted for a verdict. */
export const checkResult = z.strictObject({
  context: z.string(),
  app: z.string().nullable(),
  state: z.enum(['passed', 'failed', 'pending', 'missing', 'cancelled', 'timed_out']),
  conclusion: z.string().nullable(),
  url: z.string().nullable(),
})
export type CheckResult = z.infer<typeof checkResult>

export const blockCode = z.enum([
  'merge_conflict',
  'checks_failed',
  'checks_timed_out',
  'ci_never_started',
  'assembly_refused',
  'permission_missing',
  'protection_refused',
  'too_large',
  'branch_behind',
])
export type BlockCode = z.infer<typeof blockCode>

export const STATUS_RANK: Record<string, number> = {
  queued: 0,
  waiting: 0,
  requested: 0,
  pending: 0,
  in_progress: 1,
  completed: 2,
}

export const catalogue = {
  review_approved: define({
    kind: 'occurrence',
    taxonomy: 'review.approved',
    level: 'info',
    lifecycle: 'updates',
    meaning: 'A reviewer approved a pull request at one commit.',
    payload: z.strictObject({
      pull: pullNumber,
      sha,
      reviewer: login,
      review_id: z.int().positive(),
      approved_at: timestamp,
    }),
    identity: (p) => `review:${p.review_id}`,
  }),
  review_retracted: define({
    kind: 'occurrence',
    taxonomy: 'review.retracted',
    level: 'info',
    lifecycle: 'updates',
    meaning: 'A review that counted no longer does: it was dismissed, or its reviewer asked for changes.',
    payload: z.strictObject({
      pull: pullNumber,
      reviewer: login,
      review_id: z.int().positive(),
      reason: z.enum(['dismissed', 'changes_requested', 'permission_lost']),
    }),
    identity: (p) => `review:${p.review_id}:${p.reason}`,
  }),
  finalize_ready: define({
    kind: 'decision',
    taxonomy: 'deployment.started',
    level: 'info',
    lifecycle: 'opens',
    meaning:
      'Somebody declared one commit of a pull request finished: by taking it out of draft, by label, by command or by auto-merge.',
    payload: z.strictObject({
      ...candidate,
      declared_by: login,
      via: z.enum(['non_draft', 'label', 'command', 'auto_merge']),
      priority: z.int().optional(),
      alone: z.boolean().optional(),
      ready_at: timestamp,
    }),
  }),
  finalize_withdrawn: define({
    kind: 'decision',
    taxonomy: 'deployment.withdrawn',
    level: 'info',
    lifecycle: 'updates',
    meaning: 'A declaration no longer holds.',
    payload: z.strictObject({
      pull: pullNumber,
      sha,
      by: login,
      reason: z.enum(['cancelled', 'draft', 'closed', 'base_changed', 'label_removed', 'pushed']),
    }),
  }),
  branch_pushed: define({
    kind: 'observation',
    taxonomy: 'branch.pushed',
    level: 'debug',
    meaning: 'A branch stands at a commit.',
    payload: z.strictObject({
      branch: ref,
      sha,
      before: sha,
      remote: repositoryName,
      forced: z.boolean(),
      pusher: login.nullable(),
      pushed_at: timestamp,
    }),
    identity: (p) => `branch:${p.remote}:${p.branch}`,
    outside: ['before', 'forced', 'pusher', 'pushed_at'],
  }),
  pull_request_observed: define({
    kind: 'observation',
    taxonomy: 'pull-request.observed',
    level: 'debug',
    meaning: 'What a pull request looks like, as webhooks and reads both tell it.',
    payload: z.strictObject({
      pull: pullNumber,
      title: z.string(),
      author: login,
      state: z.enum(['open', 'closed', 'merged']),
      draft: z.boolean(),
      base: ref,
      branch: ref,
      /** Null when the fork was deleted. */
      remote: repositoryName.nullable(),
      sha,
      labels: z.array(z.string()),
      updated_at: timestamp,
    }),
    identity: (p) => `pull:${p.pull}`,
    outside: ['updated_at'],
    order: (p) => [Date.parse(p.updated_at)],
  }),
  pull_request_examined: define({
    kind: 'observation',
    taxonomy: 'pull-request.examined',
    level: 'debug',
    meaning: 'What only a live read tells of a pull request, bound to the head and the tip at which it was read.',
    payload: z.strictObject({
      pull: pullNumber,
      sha,
      tip: sha,
      mergeable: yesNoUnknown,
      reachable: yesNoUnknown,
      integrated: yesNoUnknown,
      review_decision: z.enum(['approved', 'changes_requested', 'review_required']).nullable(),
      threads_unresolved: z.int().nonnegative().nullable(),
      commits: z.int().nonnegative().nullable(),
      workflow_files: yesNoUnknown,
    }),
    identity: (p) => `examined:${p.pull}`,
  }),
  check_reported: define({
    kind: 'observation',
    taxonomy: 'check.reported',
    level: 'debug',
    meaning: 'A check run or status context on a commit has a state.',
    payload: z.strictObject({
      sha,
      /** The head branch of the check suite; null for statuses and where GitHub gives none. */
      branch: ref.nullable(),
      context: z.string().min(1),
      /** The app's slug; null for commit statuses. */
      app: z.string().nullable(),
      app_id: z.int().nullable(),
      status: z.enum(['queued', 'in_progress', 'completed']),
      conclusion: z.string().nullable(),
      /** Check run id or status id: GitHub counts both upwards. */
      run: z.int().nonnegative(),
      url: z.string().nullable(),
      started_at: timestamp.nullable(),
      completed_at: timestamp.nullable(),
    }),
    // A suite of a pull request and one of our published ref may hold the same name on the same commit: they are two things.
    identity: (p) => `check:${p.sha}:${p.app ?? 'status'}:${p.branch ?? ''}:${p.context}`,
    // A link may be told by one way of reading and not by another; it says nothing about the check's state.
    outside: ['url', 'started_at', 'completed_at'],
    order: (p) => [p.run, STATUS_RANK[p.status] ?? 0, p.completed_at ? Date.parse(p.completed_at) : 0],
  }),
  protection_observed: define({
    kind: 'observation',
    taxonomy: 'protection.observed',
    level: 'debug',
    meaning: 'What GitHub demands of a target, by classic protection and rulesets together.',
    payload: z.strictObject({
      branch: ref,
      required: z.array(z.strictObject({ context: z.string(), app_id: z.int().nullable() })),
      rules: z.array(z.string()),
      bypass: yesNoUnknown,
    }),
    identity: (p) => `protection:${p.branch}`,
  }),
  permission_observed: define({
    kind: 'observation',
    taxonomy: 'permission.observed',
    level: 'debug',
    meaning: 'What a user may do in the repository.',
    payload: z.strictObject({
      user: login,
      permission: z.enum(['admin', 'maintain', 'write', 'triage', 'read', 'none']),
      asked_at: timestamp,
    }),
    identity: (p) => `permission:${p.user.toLowerCase()}`,
    outside: ['asked_at'],
  }),
  target_moved: define({
    kind: 'observation',
    taxonomy: 'branch.target-moved',
    level: 'info',
    meaning: 'The target branch stands at another commit; whether it was us is derived.',
    payload: z.strictObject({ branch: ref, before: sha, after: sha, forced: z.boolean(), pusher: login.nullable() }),
    identity: (p) => `target:${p.branch}`,
    outside: ['before', 'forced', 'pusher'],
  }),
  config_changed: define({
    kind: 'observation',
    taxonomy: 'config.changed',
    level: 'notice',
    meaning: 'The configuration file of a branch has this content, or these errors; absent when there is none.',
    payload: z.strictObject({
      branch: ref,
      default_branch: z.boolean(),
      /** The file's blob; null when there is no file. */
      blob: sha.nullable(),
      /** The commit it was read at: where a broken file's check run goes. */
      commit: sha,
      config: configSchema.nullable(),
      errors: z.array(
        z.strictObject({
          line: z.int().nullable(),
          column: z.int().nullable(),
          key: z.string(),
          value: z.string(),
          fix: z.string(),
        }),
      ),
    }),
    identity: (p) => `config:${p.branch}`,
    outside: ['commit'],
  }),
  follow_up_observed: define({
    kind: 'observation',
    taxonomy: 'follow-up.observed',
    level: 'debug',
    meaning: 'What a follow-up issue looks like.',
    payload: z.strictObject({
      issue: z.int().positive(),
      pull: pullNumber,
      target: ref,
      state: z.enum(['open', 'closed']),
      state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullable(),
      labels: z.array(z.string()),
      locked: z.boolean(),
      /** Who brought it into this state, where GitHub says so. */
      actor: login.nullable(),
      updated_at: timestamp,
    }),
    identity: (p) => `follow_up:${p.issue}`,
    outside: ['actor', 'updated_at'],
    order: (p) => [Date.parse(p.updated_at)],
  }),
  settings_touched: define({
    kind: 'occurrence',
    taxonomy: 'settings.touched',
    level: 'debug',
    meaning:
      'GitHub said that something changed which has to be read again: protection, rulesets, the configuration file or a permission.',
    payload: z.strictObject({
      what: z.enum(['config', 'protection', 'permission']),
      branch: ref.nullable(),
      user: login.nullable(),
      delivery: z.string(),
    }),
    identity: (p) => `touched:${p.what}:${p.delivery}`,
  }),
  lane_held: define({
    kind: 'occurrence',
    taxonomy: 'lane.held',
    level: 'warning',
    lifecycle: 'opens',
    meaning: 'Nothing lands on this lane until it is released.',
    payload: z.strictObject({
      target: ref,
      request: z.string(),
      by: login,
      reason: code,
      words,
      evidence: z.array(evidence),
      allow: z.array(pullNumber),
    }),
    identity: (p) => `hold:${p.request}`,
  }),
  lane_released: define({
    kind: 'occurrence',
    taxonomy: 'lane.released',
    level: 'notice',
    lifecycle: 'resolves',
    meaning: 'The lane goes on.',
    payload: z.strictObject({ target: ref, request: z.string(), by: login }),
    identity: (p) => `release:${p.request}`,
  }),
  command_requested: define({
    kind: 'occurrence',
    taxonomy: 'command.requested',
    level: 'info',
    meaning: 'Somebody typed a command; whether they may is looked up when it is acted on.',
    payload: z.strictObject({
      pull: pullNumber,
      /** Present when it was typed on a follow-up issue. */
      follow_up: z.int().positive().nullable(),
      comment: z.int().positive(),
      line: z.int().positive(),
      by: login,
      name: z.string(),
      arguments: z.record(z.string(), z.string()),
      /** Why the line could not be understood; null when it could. */
      error: z.string().nullable(),
      requested_at: timestamp,
    }),
    identity: (p) => `comment:${p.comment}:${p.line}`,
  }),
  resume_requested: define({
    kind: 'occurrence',
    taxonomy: 'resume.requested',
    level: 'info',
    lifecycle: 'updates',
    meaning: 'Somebody, or a failed check that turned green, asked that blocked work be taken up again.',
    payload: z.strictObject({
      pull: pullNumber,
      follow_up: z.int().positive().nullable(),
      by: login,
      via: z.enum(['label', 'comment', 'close', 'button', 'cli', 'page', 'recheck']),
      /** `/resume force`: asked although the same commit was blocked for the same reason three times. */
      force: z.boolean().optional(),
      /** `comment:ID:LINE`, `delivery:ID`, `cli:UUID` … what makes this request itself and no other. */
      request: z.string(),
    }),
    identity: (p) => `resume:${p.request}`,
  }),
  repository_observed: define({
    kind: 'observation',
    taxonomy: 'repository.observed',
    level: 'info',
    meaning: 'The App is or is no longer installed on the repository, and what its default branch is called.',
    payload: z.strictObject({
      installation: z.int().positive(),
      installed: z.boolean(),
      suspended: z.boolean(),
      default_branch: ref.nullable(),
      private: z.boolean().nullable(),
    }),
    identity: () => 'repository',
  }),

  // Decisions: what a lane judged.
  candidate_queued: define({
    kind: 'decision',
    taxonomy: 'queue.queued',
    level: 'info',
    lifecycle: 'updates',
    meaning: 'A ready candidate has a place in the queue: the log position of this event.',
    payload: z.strictObject({
      ...candidate,
      ready_at: timestamp,
      priority: z.int(),
      alone: z.boolean(),
      resumed: z.boolean(),
    }),
  }),
  candidate_superseded: define({
    kind: 'decision',
    taxonomy: 'queue.superseded',
    level: 'info',
    lifecycle: 'updates',
    meaning: 'A newer commit took the place of a queued or blocked one.',
    payload: z.strictObject({ pull: pullNumber, sha, new_sha: sha }),
  }),
  candidate_dequeued: define({
    kind: 'decision',
    taxonomy: 'queue.dequeued',
    level: 'info',
    lifecycle: 'updates',
    meaning: 'A candidate left the queue without landing and without being blocked.',
    payload: z.strictObject({ pull: pullNumber, sha, reason: code }),
  }),
  build_planned: define({
    kind: 'decision',
    taxonomy: 'build.planned',
    level: 'info',
    meaning: 'A commit is to be assembled: a base plus members in order.',
    payload: z.strictObject({
      build: code,
      /** The target's tip, or the last commit of the parent build. */
      base: sha,
      /** A longer prefix goes on from the commits of this shorter one. */
      parent: code.nullable(),
      members: z.array(member).min(1),
      attempt: z.int().positive(),
      purpose: z.enum(['land', 'isolate', 'confirm', 'try']),
      method,
      planned_at: timestamp,
    }),
  }),
  build_concluded: define({
    kind: 'decision',
    taxonomy: 'build.concluded',
    level: 'info',
    meaning: 'A build has its verdict.',
    payload: z.strictObject({
      build: code,
      /** obsolete: its base or a member moved, or a member left. */
      verdict: z.enum(['passed', 'failed', 'timed_out', 'never_started', 'cancelled', 'obsolete']),
      checks: z.array(checkResult),
      concluded_at: timestamp,
    }),
  }),
  landing_planned: define({
    kind: 'decision',
    taxonomy: 'landing.planned',
    level: 'info',
    meaning: 'The target is to be moved from one commit to another.',
    payload: z.strictObject({ build: code, from: sha, to: sha, observed_at: timestamp, planned_at: timestamp }),
  }),
  integration_completed: define({
    kind: 'decision',
    taxonomy: 'deployment.completed',
    level: 'notice',
    lifecycle: 'resolves',
    meaning: 'A candidate is part of the target; this is its proof.',
    payload: z.strictObject({
      ...candidate,
      landed_sha: sha,
      /** Null when it was contained in the target already: then there is no commit of ours. */
      tree: sha.nullable(),
      base: sha,
      /** Null when it was found integrated already. */
      build: code.nullable(),
      /** Absent in what was recorded before there was a choice: merge. */
      method: method.optional(),
      checks: z.array(checkResult),
      approvals: z.array(z.strictObject({ reviewer: login, sha, review_id: z.int(), permission: z.string() })),
      observed_at: timestamp.nullable(),
      landed_at: timestamp,
    }),
  }),
  integration_blocked: define({
    kind: 'decision',
    taxonomy: 'deployment.failed',
    level: 'warning',
    lifecycle: 'updates',
    meaning: 'A candidate can not land until a person does something; its follow-up issue says what.',
    payload: z.strictObject({
      ...candidate,
      reason: blockCode,
      build: code.nullable(),
      conflict_evidence: z.array(evidence).min(1),
      diagnostics: z.array(words).min(1),
      next_action: words,
      blocked_at: timestamp,
    }),
  }),
  resume_answered: define({
    kind: 'decision',
    taxonomy: 'resume.answered',
    level: 'info',
    meaning: 'A request to resume was taken, remembered or refused.',
    payload: z.strictObject({
      pull: pullNumber,
      request: z.string(),
      result: z.enum(['remembered', 'refused', 'obsolete']),
      reason: code,
    }),
  }),
  command_answered: define({
    kind: 'decision',
    taxonomy: 'command.answered',
    level: 'info',
    meaning: 'A command was carried out or refused; the reaction and the reply follow from it.',
    payload: z.strictObject({
      pull: pullNumber,
      comment: z.int().positive(),
      line: z.int().positive(),
      result: z.enum(['taken', 'refused']),
      reason: code,
      /** The sentence said in reply; null when the reaction is answer enough. */
      reply: z.string().nullable(),
    }),
  }),

  candidate_settled: define({
    kind: 'decision',
    taxonomy: 'queue.settled',
    level: 'debug',
    meaning: 'Nothing is left to do about a pull request that landed or was closed; the lane forgets it.',
    payload: z.strictObject({ pull: pullNumber }),
  }),

  // Outcomes: what came of an effect.
  lane_observed: define({
    kind: 'outcome',
    taxonomy: 'lane.observed',
    level: 'debug',
    meaning: 'A live read was made, whether or not anything had changed: what was looked at, and when.',
    payload: z.strictObject({
      scope: z.enum(['pulls', 'config', 'protection', 'permissions', 'checks']),
      pulls: z.array(pullNumber),
      users: z.array(login),
      build: code.nullable(),
      tip: sha.nullable(),
      observed_at: timestamp,
    }),
  }),
  target_compared: define({
    kind: 'outcome',
    taxonomy: 'branch.target-compared',
    level: 'info',
    meaning: 'Whether the target, moved by another hand, still holds what it held before; if not, the lane is held.',
    payload: z.strictObject({ from: sha, to: sha, contained: z.boolean() }),
  }),
  build_published: define({
    kind: 'outcome',
    taxonomy: 'build.published',
    level: 'info',
    meaning: 'The assembled commit stands on a ref of its own, for CI to prove.',
    payload: z.strictObject({
      build: code,
      sha,
      tree: sha,
      prefixes: z.array(prefix).min(1),
      ref,
      published_at: timestamp,
    }),
  }),
  assembly_refused: define({
    kind: 'outcome',
    taxonomy: 'build.refused',
    level: 'info',
    meaning: 'The commit could not be assembled.',
    payload: z.strictObject({
      build: code,
      pull: pullNumber,
      reason: z.enum([
        'merge_conflict',
        'conflict_with_member',
        'contained',
        'unchanged',
        'behind',
        'gone',
        'moved',
        'permission',
        'protection',
        'too_large',
        'refused',
      ]),
      files: z.array(z.string()),
      message: words,
    }),
  }),
  build_withdrawn: define({
    kind: 'outcome',
    taxonomy: 'build.withdrawn',
    level: 'info',
    meaning: 'Everything that a build left on GitHub is deleted; no paused predecessor can land it any more.',
    payload: z.strictObject({ build: code }),
  }),
  landing_concluded: define({
    kind: 'outcome',
    taxonomy: 'landing.concluded',
    level: 'info',
    meaning: 'What became of the attempt to move the target.',
    payload: z.strictObject({
      build: code,
      result: z.enum(['landed', 'moved', 'refused', 'abandoned']),
      target: sha,
      tree: sha.nullable(),
      message: words.nullable(),
      concluded_at: timestamp,
    }),
  }),
  pull_closed: define({
    kind: 'outcome',
    taxonomy: 'pull-request.closed',
    level: 'info',
    lifecycle: 'updates',
    meaning:
      'A pull request that landed as other commits than its own is closed with a link to them: GitHub does not mark it merged.',
    payload: z.strictObject({ pull: pullNumber, sha, landed_sha: sha }),
  }),
  head_branch_concluded: define({
    kind: 'outcome',
    taxonomy: 'branch.head-concluded',
    level: 'info',
    meaning: 'The head branch of a pull request that landed was deleted, or is kept for a reason.',
    payload: z.strictObject({
      pull: pullNumber,
      branch: ref,
      sha,
      result: z.enum(['deleted', 'kept']),
      reason: z.enum(['landed', 'used', 'moved', 'left_to_github', 'refused']),
      message: words.nullable(),
    }),
  }),
  follow_up_opened: define({
    kind: 'outcome',
    taxonomy: 'follow-up.opened',
    level: 'notice',
    lifecycle: 'updates',
    meaning: 'A follow-up issue was opened, or an older one of the same pull request was found and taken up again.',
    payload: z.strictObject({ pull: pullNumber, issue: z.int().positive(), marker: z.string(), content: z.string() }),
  }),
  follow_up_updated: define({
    kind: 'outcome',
    taxonomy: 'follow-up.updated',
    level: 'info',
    lifecycle: 'updates',
    meaning: 'The follow-up issue says what is true now.',
    payload: z.strictObject({ pull: pullNumber, issue: z.int().positive(), marker: z.string(), content: z.string() }),
  }),
  follow_up_closed: define({
    kind: 'outcome',
    taxonomy: 'follow-up.closed',
    level: 'info',
    lifecycle: 'resolves',
    meaning: 'The follow-up issue is closed, because its pull request landed or went away.',
    payload: z.strictObject({ pull: pullNumber, issue: z.int().positive(), marker: z.string() }),
  }),
  follow_up_failed: define({
    kind: 'outcome',
    taxonomy: 'follow-up.failed',
    level: 'warning',
    lifecycle: 'updates',
    meaning: 'The follow-up issue could not be opened; the check run and the comment carry its text.',
    payload: z.strictObject({ pull: pullNumber, marker: z.string(), error: words, retry_at: timestamp }),
  }),
  check_run_written: define({
    kind: 'outcome',
    taxonomy: 'surface.check-run-written',
    level: 'debug',
    meaning: 'The check run of a head says this.',
    payload: z.strictObject({ pull: pullNumber, sha, check_run: z.int().positive(), content: z.string() }),
  }),
  config_reported: define({
    kind: 'outcome',
    taxonomy: 'surface.config-reported',
    level: 'debug',
    meaning: 'The errors of a configuration file stand in a check run on its commit.',
    payload: z.strictObject({ branch: ref, commit: sha, check_run: z.int().positive() }),
  }),
  comment_written: define({
    kind: 'outcome',
    taxonomy: 'surface.comment-written',
    level: 'debug',
    meaning: 'The sticky comment of a pull request says this.',
    payload: z.strictObject({ pull: pullNumber, comment: z.int().positive(), content: z.string() }),
  }),
  command_acknowledged: define({
    kind: 'outcome',
    taxonomy: 'command.acknowledged',
    level: 'debug',
    meaning: 'The reaction, and the reply if there is one, stand under the command.',
    payload: z.strictObject({ pull: pullNumber, comment: z.int().positive() }),
  }),
  resume_acknowledged: define({
    kind: 'outcome',
    taxonomy: 'resume.acknowledged',
    level: 'debug',
    meaning: 'The answer to a request to resume was given on the surface where it was asked.',
    payload: z.strictObject({ pull: pullNumber, request: z.string() }),
  }),
  effect_failed: define({
    kind: 'outcome',
    taxonomy: 'effect.failed',
    level: 'info',
    meaning: 'An act on GitHub did not come off; when it is tried again is decided from this.',
    payload: z.strictObject({
      effect: z.string(),
      subject: z.string(),
      failure: z.enum(['conflict', 'moved', 'gone', 'forbidden', 'refused', 'limited', 'unavailable', 'unclear']),
      message: words,
      attempt: z.int().positive(),
      retry_at: timestamp,
    }),
  }),
} as const

type Catalogue = typeof catalogue
export type EventType = keyof Catalogue
export type PayloadOf<T extends EventType> = z.infer<Catalogue[T]['payload']>

/** Where an event came from: `delivery:<id>`, `sweep`, `read`, `cli:<verb>`, `lane`. */
export type Source = string

/** An event before it is in the log. */
export type NewEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K
    readonly payload: PayloadOf<K>
    readonly occurred_at: string
    readonly source: Source
    /** Decisions and outcomes: the lane that wrote it. Facts get theirs in the append. */
    readonly lane?: string
  }
}[T]

/** An event in the log. `position` is the log's order; within a repository it is the order of commits. */
export type LoggedEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly position: number
    readonly id: string
    readonly repository: string
    readonly lane: string | null
    readonly type: K
    readonly key: string
    readonly payload: PayloadOf<K>
    readonly occurred_at: string
    readonly recorded_at: string
    readonly source: Source
    readonly based_on: number | null
    readonly epoch: number | null
  }
}[T]

export const eventTypes = Object.keys(catalogue) as EventType[]

/** The catalogue's entry with its functions widened to any payload: for code that handles events of every type alike. */
export function definitionOf(type: EventType): Definition<z.ZodType<Record<string, unknown>>> {
  const definition: unknown = catalogue[type]
  return definition as Definition<z.ZodType<Record<string, unknown>>>
}

export const taxonomyOf = (type: EventType): string => `domain.software-development.${catalogue[type].taxonomy}`

/** The pull request that an event is about, if it is about one. */
export function pullOf(event: { payload: unknown }): number | undefined {
  const { pull } = event.payload as { pull?: unknown }
  return typeof pull === 'number' ? pull : undefined
}
