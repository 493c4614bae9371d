/**
 * Short ways to write events in tests: each gives one valid event with plain defaults, so that a test names only what
 * matters to it. It asserts nothing and folds nothing.
 */
import { type Config, configSchema, modeFor } from '../../src/core/config.ts'
import type { EventType, NewEvent, PayloadOf } from '../../src/core/events.ts'
import { followUpMarker } from '../../src/core/render/follow-up.ts'
import { nextAction } from '../../src/core/render/words/next-action.ts'

export const REPOSITORY = 'acme/rocket'
export const NOON = '2026-01-05T12:00:00Z'
export const CI_APP = 15368

/** A readable full sha: `commit('a1')` is a1a1a1… */
export const commit = (seed: string): string => seed.repeat(40).slice(0, 40)

/** The head of pull request n, unless a test says otherwise. */
export const headOf = (pull: number): string => commit(`b${pull}`)

export const TIP = commit('c0')

export function configWith(file: Record<string, unknown> = {}): Config {
  const written = configSchema.parse({ mode: 'live', ...file })
  return { ...written, mode: modeFor(written, 'main') }
}

export function event<T extends EventType>(type: T, payload: PayloadOf<T>, source = 'read'): NewEvent<T> {
  return { type, payload, occurred_at: NOON, source }
}

type Rest<T extends EventType> = Partial<PayloadOf<T>>

export const seen = (pull: number, rest: Rest<'pull_request_observed'> = {}, source = 'read') =>
  event(
    'pull_request_observed',
    {
      pull,
      title: `Change ${pull}`,
      author: 'ann',
      state: 'open',
      draft: false,
      base: 'main',
      branch: `topic-${pull}`,
      remote: REPOSITORY,
      sha: headOf(pull),
      labels: [],
      auto_merge: null,
      depends_on: [],
      updated_at: NOON,
      ...rest,
    },
    source,
  )

export const examined = (pull: number, rest: Rest<'pull_request_examined'> = {}) =>
  event('pull_request_examined', {
    pull,
    sha: headOf(pull),
    tip: TIP,
    mergeable: 'yes',
    reachable: 'yes',
    integrated: 'no',
    review_decision: null,
    threads_unresolved: 0,
    commits: 1,
    workflow_files: 'no',
    may_write_workflows: 'yes',
    unsigned: null,
    owners: null,
    base_changed: null,
    ...rest,
  })

export const pushed = (pull: number, rest: Rest<'branch_pushed'> = {}) =>
  event('branch_pushed', {
    branch: `topic-${pull}`,
    sha: headOf(pull),
    before: '0'.repeat(40),
    remote: REPOSITORY,
    forced: false,
    pusher: 'ann',
    pushed_at: NOON,
    ...rest,
  })

export const approved = (pull: number, reviewer = 'rob', rest: Rest<'review_approved'> = {}) =>
  event('review_approved', { pull, sha: headOf(pull), reviewer, review_id: 100, approved_at: NOON, ...rest })

export const retracted = (pull: number, reviewer = 'rob', rest: Rest<'review_retracted'> = {}) =>
  event('review_retracted', { pull, reviewer, review_id: 100, reason: 'dismissed', ...rest })

export const declared = (pull: number, rest: Rest<'finalize_ready'> = {}) =>
  event('finalize_ready', {
    pull,
    branch: `topic-${pull}`,
    sha: headOf(pull),
    declared_by: 'ann',
    via: 'non_draft',
    ready_at: NOON,
    ...rest,
  })

export const permission = (user: string, held: PayloadOf<'permission_observed'>['permission'] = 'write') =>
  event('permission_observed', { user, permission: held, asked_at: NOON })

export const protection = (rest: Rest<'protection_observed'> = {}) =>
  event('protection_observed', {
    branch: 'main',
    required: [{ context: 'test', app_id: CI_APP }],
    rules: [],
    bypass: 'yes',
    ...rest,
  })

export const targetMoved = (rest: Rest<'target_moved'> = {}) =>
  event('target_moved', { branch: 'main', before: '0'.repeat(40), after: TIP, forced: false, pusher: null, ...rest })

/** A check run of the CI app, passed; `app: null, app_id: null` makes it a commit status. */
export const check = (rest: Rest<'check_reported'> = {}) =>
  event('check_reported', {
    sha: headOf(12),
    branch: 'topic-12',
    context: 'test',
    app: 'ci',
    app_id: CI_APP,
    status: 'completed',
    conclusion: 'success',
    run: 1,
    url: 'https://ci.example/1',
    started_at: null,
    completed_at: null,
    ...rest,
  })

export const queued = (pull: number, rest: Rest<'candidate_queued'> = {}) =>
  event('candidate_queued', {
    pull,
    branch: `topic-${pull}`,
    sha: headOf(pull),
    ready_at: NOON,
    priority: 0,
    alone: false,
    resumed: false,
    ...rest,
  })

/** A build of these pull requests' heads, in order. */
export const planned = (build: string, pulls: readonly number[], rest: Rest<'build_planned'> = {}) =>
  event('build_planned', {
    build,
    base: TIP,
    parent: null,
    members: pulls.map((pull) => ({ pull, sha: headOf(pull) })),
    attempt: 1,
    purpose: 'land',
    method: 'merge',
    planned_at: NOON,
    ...rest,
  })

/** The commit that a build publishes, unless a test says otherwise. */
export const BUILT = commit('e1')

export const published = (build: string, pulls: readonly number[], rest: Rest<'build_published'> = {}) =>
  event('build_published', {
    build,
    sha: BUILT,
    tree: commit('f1'),
    prefixes: pulls.map((pull) => ({ pull, sha: BUILT, tree: commit('f1') })),
    ref: `refs/heads/mainkeeper/queue/main/${build}`,
    published_at: NOON,
    ...rest,
  })

export const concluded = (build: string, rest: Rest<'build_concluded'> = {}) =>
  event('build_concluded', { build, verdict: 'passed', checks: [], concluded_at: NOON, ...rest })

export const landing = (build: string, rest: Rest<'landing_planned'> = {}) =>
  event('landing_planned', { build, from: TIP, to: BUILT, observed_at: NOON, planned_at: NOON, ...rest })

export const integrated = (pull: number, rest: Rest<'integration_completed'> = {}) =>
  event('integration_completed', {
    pull,
    branch: `topic-${pull}`,
    sha: headOf(pull),
    landed_sha: BUILT,
    tree: commit('f1'),
    base: TIP,
    build: null,
    checks: [],
    approvals: [],
    observed_at: null,
    landed_at: NOON,
    ...rest,
  })

export const blocked = (pull: number, rest: Rest<'integration_blocked'> = {}) =>
  event('integration_blocked', {
    pull,
    branch: `topic-${pull}`,
    sha: headOf(pull),
    reason: 'merge_conflict',
    build: null,
    conflict_evidence: [{ kind: 'file', text: 'src/a.ts' }],
    diagnostics: ['Merge conflict'],
    next_action: nextAction(rest.reason ?? 'merge_conflict'),
    blocked_at: NOON,
    ...rest,
  })

export const followUpOpened = (pull: number, issue = 57) =>
  event('follow_up_opened', { pull, issue, marker: followUpMarker('main', pull), content: '0' })

export const followUpFailed = (pull: number, error = 'Issues are disabled for this repo') =>
  event('follow_up_failed', { pull, marker: followUpMarker('main', pull), error, retry_at: NOON })

export const held = (rest: Rest<'lane_held'> = {}) =>
  event('lane_held', {
    target: 'main',
    request: 'comment:1:1',
    by: 'max',
    reason: 'asked',
    words: 'until the release is out',
    evidence: [],
    allow: [],
    ...rest,
  })

/** Everything that makes a pull request ready on `main`: what each test then spoils. */
export const readyFacts = (pull: number): NewEvent[] => [
  targetMoved(),
  protection(),
  permission('rob'),
  seen(pull),
  pushed(pull),
  examined(pull),
  approved(pull, 'rob', { review_id: 100 + pull }),
  declared(pull),
  check({ sha: headOf(pull), branch: `topic-${pull}` }),
]

/** The App is on the repository. */
export const installedHere = event('repository_observed', {
  installation: 1,
  installed: true,
  suspended: false,
  default_branch: 'main',
  private: false,
})

/** Its file on main says this. */
export const configuredHere = (file: Record<string, unknown> = {}) =>
  event('config_changed', {
    branch: 'main',
    default_branch: true,
    blob: commit('d0'),
    commit: TIP,
    config: configWith(file),
    errors: [],
  })

/** Both. */
export const house = (file?: Record<string, unknown>): NewEvent[] => [installedHere, configuredHere(file)]
