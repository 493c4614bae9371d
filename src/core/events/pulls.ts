/**
 * What happens to pull requests, and what they look like: reviews, their state, what only a live read tells. It
 * refuses to know who writes an event or who reads it.
 */
import { z } from 'zod'
import { login, pullNumber, repositoryName, sha, timestamp } from '../ids.ts'
import { define } from './definition.ts'
import { ref, yesNoUnknown } from './shapes.ts'

export const pullFacts = {
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
  conversation_touched: define({
    kind: 'occurrence',
    taxonomy: 'review.conversation-touched',
    level: 'debug',
    meaning: 'A conversation of a review was resolved or opened again; how many are open has to be read.',
    payload: z.strictObject({ pull: pullNumber, delivery: z.string() }),
    identity: (p) => `conversation:${p.delivery}`,
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
      /** Who switched GitHub's auto-merge on; null while it is off. */
      auto_merge: login.nullable(),
      /** What its description says it depends on, in ascending order. */
      depends_on: z.array(pullNumber),
      updated_at: timestamp,
      /** The commit as which it came into its base; only of what is merged, and not in what was recorded at first. */
      merged_as: sha.nullable().optional(),
      merged_at: timestamp.nullable().optional(),
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
      /** Whether our token may write workflow files. */
      may_write_workflows: yesNoUnknown,
      /** How many of its commits carry no valid signature; null where that was not asked or could not be read whole. */
      unsigned: z.int().nonnegative().nullable(),
      /** The owners that `CODEOWNERS` of the base gives to what it touches, each set once with the first file that it owns; null
       *  where that was not asked or could not be read whole. Teams are written `org/slug`. */
      owners: z.array(z.strictObject({ file: z.string(), owners: z.array(z.string()).min(1) })).nullable(),
      /** When GitHub last saw its base changed; null when that never happened. */
      base_changed: timestamp.nullable(),
      /** Present when it changes the configuration file. */
      config_file: z.literal(true).optional(),
    }),
    identity: (p) => `examined:${p.pull}`,
  }),
} as const
