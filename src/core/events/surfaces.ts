/**
 * What stands on GitHub for people to read: follow-up issues, check runs, comments and answers. It refuses to know
 * who writes an event or who reads it.
 */
import { z } from 'zod'
import { pullNumber, sha, timestamp } from '../ids.ts'
import { define } from './definition.ts'
import { ref, said, words } from './shapes.ts'

export const surfaceOutcomes = {
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
    payload: z.strictObject({
      pull: pullNumber,
      sha,
      check_run: z.int().positive(),
      /** By which GraphQL knows it; events of before it was kept have none. */
      node: z.string().optional(),
      content: z.string(),
    }),
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
    meaning: 'The reaction, and the reply if there is one, stand where the command was said.',
    payload: z.strictObject({ pull: pullNumber, ...said }),
  }),
  resume_acknowledged: define({
    kind: 'outcome',
    taxonomy: 'resume.acknowledged',
    level: 'debug',
    meaning: 'The answer to a request to resume was given on the surface where it was asked.',
    payload: z.strictObject({ pull: pullNumber, request: z.string() }),
  }),
} as const
