/** Tries: builds that somebody asked for and that never land. It refuses to know who writes an event or who reads it. */
import { z } from 'zod'
import { login, pullNumber, sha, timestamp } from '../ids.ts'
import { define } from './definition.ts'
import { code } from './shapes.ts'

const request = z.string().min(1)

export const tryEvents = {
  try_requested: define({
    kind: 'decision',
    taxonomy: 'try.requested',
    level: 'info',
    lifecycle: 'opens',
    meaning: 'A head is to be built as if it landed, and not to land: asked for by somebody who may.',
    payload: z.strictObject({
      pull: pullNumber,
      sha,
      by: login,
      request,
      /** The commit of the target that was named to build on; null: its tip when the build begins. */
      base: sha.nullable(),
      requested_at: timestamp,
    }),
  }),
  try_concluded: define({
    kind: 'decision',
    taxonomy: 'try.concluded',
    level: 'info',
    lifecycle: 'resolves',
    meaning: 'A try is over, and its build is withdrawn. The target is as it was.',
    payload: z.strictObject({
      pull: pullNumber,
      request,
      sha,
      /** Null when there was none yet. */
      build: code.nullable(),
      result: z.enum(['passed', 'failed', 'timed_out', 'never_started', 'cancelled', 'refused', 'withdrawn']),
      /** What is said of it on the pull request; null when it was said already, or is nobody's concern any more. */
      reply: z.string().nullable(),
      concluded_at: timestamp,
    }),
  }),
  try_told: define({
    kind: 'outcome',
    taxonomy: 'try.told',
    level: 'debug',
    meaning: 'How a try ended stands on its pull request.',
    payload: z.strictObject({ pull: pullNumber, request }),
  }),
} as const
