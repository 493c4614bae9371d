/**
 * What came of reads, builds and landings on GitHub, and of every act that did not come off. It refuses to know who
 * writes an event or who reads it.
 */
import { z } from 'zod'
import { login, pullNumber, sha, timestamp } from '../ids.ts'
import { define } from './definition.ts'
import { code, prefix, ref, words } from './shapes.ts'

export const outcomes = {
  lane_observed: define({
    kind: 'outcome',
    taxonomy: 'lane.observed',
    level: 'debug',
    meaning: 'A live read was made, whether or not anything had changed: what was looked at, and when.',
    payload: z.strictObject({
      scope: z.enum(['pulls', 'config', 'protection', 'permissions', 'checks']),
      pulls: z.array(pullNumber),
      /** Logins, and teams as `org/slug`. */
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
      /** The member ahead of it that changes the same lines. */
      with: pullNumber.optional(),
      files: z.array(z.string()),
      message: words,
    }),
  }),
  rerun_refused: define({
    kind: 'outcome',
    taxonomy: 'build.rerun-refused',
    level: 'info',
    meaning: 'A failed build is confirmed by another commit, because its failed jobs can not be run again.',
    payload: z.strictObject({
      build: code,
      reason: z.enum(['permission', 'not_actions', 'unfinished', 'skipped', 'withdrawn', 'refused']),
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
      /** mismatched: GitHub merged the pull request, and what came of it has another tree than what was tested. */
      result: z.enum(['landed', 'mismatched', 'moved', 'refused', 'abandoned']),
      target: sha,
      /** The commit that GitHub made; absent where the tested commit itself was to land. */
      landed_sha: sha.optional(),
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
  pull_retargeted: define({
    kind: 'outcome',
    taxonomy: 'pull-request.retargeted',
    level: 'info',
    lifecycle: 'updates',
    meaning:
      'A pull request that was stacked on one that landed got the target as its base. GitHub may refuse that; then it is told why.',
    payload: z.strictObject({ pull: pullNumber, from: ref, to: ref, refused: words.nullable() }),
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
