/**
 * What people ask of a lane: holds, commands, requests to resume, and the state of follow-up issues, whose labels ask
 * too. It refuses to know who writes an event or who reads it.
 */
import { z } from 'zod'
import { login, pullNumber, timestamp } from '../ids.ts'
import { define } from './definition.ts'
import { evidence, ref, said, threadOf, words } from './shapes.ts'

/** Why a lane is held; `asked`: by a person, all others by itself. Each has its row in `docs/operating.md`. */
const holdReason = z.enum([
  'asked',
  'foreign_force_push',
  'no_required_checks',
  'ci_silent',
  'ci_cancelled',
  'linear_history',
  'unsigned_rebase',
  'native_fast_forward',
  'landed_untested',
])
export type HoldReason = z.infer<typeof holdReason>

export const requests = {
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
      reason: holdReason,
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
      ...said,
      line: z.int().positive(),
      by: login,
      name: z.string(),
      arguments: z.record(z.string(), z.string()),
      /** Why the line could not be understood; null when it could. */
      error: z.string().nullable(),
      requested_at: timestamp,
    }),
    identity: (p) => `comment:${threadOf(p)}:${p.line}`,
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
      /** `/retry`: now, at the head as it stands, or not at all. */
      retry: z.literal(true).optional(),
      /** `comment:ID:LINE`, `delivery:ID`, `cli:UUID` … what makes this request itself and no other. */
      request: z.string(),
    }),
    identity: (p) => `resume:${p.request}`,
  }),
  cutover_accepted: define({
    kind: 'occurrence',
    taxonomy: 'lane.cutover-accepted',
    level: 'notice',
    meaning: 'Somebody accepted what the shadow of a lane found: with `mode: live` it lands from now on.',
    payload: z.strictObject({
      target: ref,
      /** Log position at which the shadow began: one shadow is accepted once. */
      shadow: z.int().positive(),
      by: login,
      /** What they had before them. */
      days: z.int().nonnegative(),
      merged: z.int().nonnegative(),
      agreed: z.int().nonnegative(),
      accepted_at: timestamp,
    }),
    identity: (p) => `cutover:${p.target}:${p.shadow}`,
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
      /** gone: deleted, or transferred to another repository. */
      state: z.enum(['open', 'closed', 'gone']),
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
} as const
