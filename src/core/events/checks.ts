/** What CI says of a commit. It refuses to know who writes an event or who reads it. */
import { z } from 'zod'
import { sha, timestamp } from '../ids.ts'
import { define } from './definition.ts'
import { ref } from './shapes.ts'

export const STATUS_RANK: Record<string, number> = {
  queued: 0,
  waiting: 0,
  requested: 0,
  pending: 0,
  in_progress: 1,
  completed: 2,
}

const payload = z.strictObject({
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
})

/**
 * A suite of a pull request and one of our published ref may hold the same name on the same commit: they are two things.
 * Neither may name its branch, that of a fork and that of a ref which is deleted; then each check run is a thing.
 */
export const checkThing = ({ sha: commit, app, branch, context, run }: z.infer<typeof payload>): string =>
  `check:${commit}:${app ?? 'status'}:${branch ?? (app === null ? '' : `run ${run}`)}:${context}`

export const checkFacts = {
  check_reported: define({
    kind: 'observation',
    taxonomy: 'check.reported',
    level: 'debug',
    meaning: 'A check run or status context on a commit has a state.',
    payload,
    identity: checkThing,
    // A link may be told by one way of reading and not by another; it says nothing about the check's state.
    outside: ['url', 'started_at', 'completed_at'],
    order: (p) => [p.run, STATUS_RANK[p.status] ?? 0, p.completed_at ? Date.parse(p.completed_at) : 0],
  }),
} as const
