/** What a lane judged. It refuses to know who writes an event or who reads it. */
import { z } from 'zod'
import { login, pullNumber, sha, timestamp } from '../ids.ts'
import { define } from './definition.ts'
import { candidate, checkResult, code, evidence, failedJob, member, method, mode, said, words } from './shapes.ts'

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

/** Why a candidate left without landing and without being blocked. */
const leavingReason = z.enum([
  'merged_elsewhere',
  'closed',
  'base_changed',
  'readiness_lost',
  'gone',
  'cancelled',
  'landed_untested',
])
export type LeavingReason = z.infer<typeof leavingReason>

export const decisions = {
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
      interrupt: z.boolean().optional(),
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
      reason: z.enum(['cancelled', 'draft', 'closed', 'base_changed', 'label_removed', 'auto_merge_off', 'pushed']),
    }),
  }),
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
      interrupt: z.boolean().optional(),
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
    payload: z.strictObject({ pull: pullNumber, sha, reason: leavingReason }),
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
      /** A confirmation without a commit of its own: these failed jobs of that build run again, on its very commit. */
      rerun: z.strictObject({ build: code, jobs: z.array(failedJob).min(1) }).optional(),
      method,
      /** Absent in what was recorded before there was a choice: exact. */
      mode: mode.optional(),
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
      /** Likewise: exact. */
      mode: mode.optional(),
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
      reason: z.enum([
        'ready',
        'not_ready',
        'permission',
        'not_open',
        'other_head',
        'needs_force',
        'queued',
        'not_blocked',
      ]),
    }),
  }),
  command_answered: define({
    kind: 'decision',
    taxonomy: 'command.answered',
    level: 'info',
    meaning: 'A command was carried out or refused; the reaction and the reply follow from it.',
    payload: z.strictObject({
      pull: pullNumber,
      ...said,
      line: z.int().positive(),
      result: z.enum(['taken', 'refused']),
      reason: z.enum([
        'told',
        'asked',
        'held',
        'released',
        'cancelled',
        'declared',
        'tried',
        'delegated',
        'undelegated',
        'not_understood',
        'permission',
        'not_open',
        'other_head',
        'not_ready',
        'not_blocked',
        'queued',
        'needs_force',
        'not_tried',
        'unknown_user',
        'not_delegated',
        'window_closed',
      ]),
      /** The sentence said in reply; null when the reaction is answer enough. */
      reply: z.string().nullable(),
      /** Carried out in mode shadow: nobody is told. */
      silent: z.literal(true).optional(),
    }),
  }),
  shadow_began: define({
    kind: 'decision',
    taxonomy: 'shadow.began',
    level: 'notice',
    meaning: 'The lane judges from now on and lands nothing, until the comparison with what people merge is accepted.',
    payload: z.strictObject({ began_at: timestamp }),
  }),
  shadow_judged: define({
    kind: 'decision',
    taxonomy: 'shadow.judged',
    level: 'info',
    meaning: 'What would have been done about a candidate: put into a build and landed, or let wait. Nothing is done.',
    payload: z.strictObject({
      ...candidate,
      verdict: z.enum(['land', 'wait']),
      /** The candidates that would have come before it, in order. */
      behind: z.array(pullNumber),
      /** What it would have waited for; empty where it would have landed. */
      waits: z.array(z.strictObject({ code, reason: code, words })),
      judged_at: timestamp,
    }),
  }),
  candidate_settled: define({
    kind: 'decision',
    taxonomy: 'queue.settled',
    level: 'debug',
    meaning: 'Nothing is left to do about a pull request that landed or was closed; the lane forgets it.',
    payload: z.strictObject({ pull: pullNumber }),
  }),
} as const
