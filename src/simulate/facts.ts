/**
 * What GitHub tells of the simulated repository by webhooks and reads: short ways to write the events that the real ones are
 * translated to. It keeps no state and folds nothing.
 */
import type { Config } from '../core/config.ts'
import type { EventType, NewEvent, PayloadOf } from '../core/events.ts'
import { type Instant, iso, ZERO_SHA } from '../core/ids.ts'
import type { Arrival } from './world.ts'

export const REPOSITORY = 'simulated/repository'
export const TARGET = 'main'
const REVIEWER = 'reviewer'
const AUTHOR = 'author'
/** What the target requires; whatever else the content's CI runs, it has one verdict. */
const CHECK = { context: 'ci', app: 'ci', app_id: 1 } as const

export function fact<T extends EventType>(type: T, payload: PayloadOf<T>, at: Instant, source = 'delivery:simulated') {
  return { type, payload, occurred_at: iso(at), source } as unknown as NewEvent
}

export function outcome<T extends EventType>(type: T, payload: PayloadOf<T>, at: Instant): NewEvent {
  return { type, payload, occurred_at: iso(at), source: 'lane', lane: TARGET } as unknown as NewEvent
}

/**
 * The configuration as it counts for arrivals that are ready by definition: who approves, what labels and which checks the
 * repository asks for is left out, for the workload says nothing of it.
 */
export const countingConfig = (config: Config): Config => ({
  ...config,
  mode: 'live',
  targets: [TARGET],
  ready: {
    ...config.ready,
    when: 'non_draft',
    approvals: { required: 1, code_owners: false },
    conversations: 'auto',
    labels: { only: [], unless: [] },
    checks: 'build',
  },
  checks: { ...config.checks, required: 'auto' },
})

export function firstFacts(config: Config, tip: string, at: Instant): NewEvent[] {
  const file = { branch: TARGET, default_branch: true, blob: tip, commit: tip, config, errors: [] }
  const installed = {
    installation: 1,
    installed: true,
    suspended: false,
    default_branch: TARGET,
    private: false,
  }
  return [
    fact('repository_observed', installed, at),
    fact('config_changed', file, at),
    fact('target_moved', { branch: TARGET, before: ZERO_SHA, after: tip, forced: false, pusher: null }, at),
  ]
}

export function arrived(arrival: Arrival, branch: string): NewEvent[] {
  const { pull, sha, at } = arrival
  const review = { pull, sha, reviewer: REVIEWER, review_id: pull, approved_at: iso(at) }
  const pushed = { branch, sha, before: ZERO_SHA, remote: REPOSITORY, forced: false, pusher: arrival.author || AUTHOR }
  return [
    looks(arrival, branch, 'open', at),
    fact('branch_pushed', { ...pushed, pushed_at: iso(at) }, at),
    fact('review_approved', review, at),
  ]
}

export const looks = (
  { pull, sha, title, author }: Arrival,
  branch: string,
  state: 'open' | 'closed' | 'merged',
  at: Instant,
): NewEvent =>
  fact(
    'pull_request_observed',
    {
      pull,
      title,
      author: author || AUTHOR,
      state,
      draft: false,
      base: TARGET,
      branch,
      remote: REPOSITORY,
      sha,
      labels: [],
      auto_merge: null,
      depends_on: [],
      updated_at: iso(at),
    },
    at,
  )

/** Whether it merges is left to the assembly: GitHub tells it late, and of the tip alone. */
export const examined = (pull: number, sha: string, tip: string, at: Instant): NewEvent =>
  fact(
    'pull_request_examined',
    {
      pull,
      sha,
      tip,
      mergeable: 'unknown',
      reachable: 'yes',
      integrated: 'no',
      review_decision: null,
      threads_unresolved: 0,
      commits: 1,
      workflow_files: 'no',
      may_write_workflows: 'unknown',
      unsigned: null,
      owners: null,
      base_changed: null,
    },
    at,
    'read',
  )

export const required = (at: Instant): NewEvent =>
  fact(
    'protection_observed',
    { branch: TARGET, required: [{ context: CHECK.context, app_id: CHECK.app_id }], rules: [], bypass: 'yes' },
    at,
    'read',
  )

export const permitted = (user: string, at: Instant): NewEvent =>
  fact('permission_observed', { user, permission: 'write', asked_at: iso(at) }, at, 'read')

export const reported = (
  { sha, ref, run }: { readonly sha: string; readonly ref: string; readonly run: number },
  conclusion: 'success' | 'failure' | null,
  at: Instant,
): NewEvent =>
  fact(
    'check_reported',
    {
      sha,
      branch: ref.replace('refs/heads/', ''),
      ...CHECK,
      status: conclusion === null ? 'in_progress' : 'completed',
      conclusion,
      run,
      url: null,
      started_at: null,
      completed_at: conclusion === null ? null : iso(at),
    },
    at,
  )

export const moved = (before: string, after: string, pusher: string | null, at: Instant): NewEvent =>
  fact('target_moved', { branch: TARGET, before, after, forced: false, pusher }, at)
