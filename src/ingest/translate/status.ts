/**
 * `status` webhooks: one report of a commit status, in the words that check runs have too. A status belongs to no branch
 * and names no app.
 */
import { z } from 'zod'
import { sha } from '../../core/ids.ts'
import { at, repository } from './payload.ts'
import { sourceOf, translator } from './translation.ts'

const schema = z.object({
  id: z.int().nonnegative(),
  sha,
  context: z.string().min(1),
  state: z.enum(['pending', 'success', 'failure', 'error']),
  target_url: z.string().nullish(),
  updated_at: at,
  repository,
})

/** A status is never changed: each report has an id of its own, and the highest counts. */
export const translateStatus = translator(schema, (payload, context) => {
  const pending = payload.state === 'pending'
  return [
    {
      repository: payload.repository.full_name,
      events: [
        {
          type: 'check_reported',
          occurred_at: payload.updated_at,
          source: sourceOf(context),
          payload: {
            sha: payload.sha,
            branch: null,
            context: payload.context,
            app: null,
            app_id: null,
            status: pending ? 'in_progress' : 'completed',
            conclusion: pending ? null : payload.state === 'success' ? 'success' : 'failure',
            run: payload.id,
            url: payload.target_url ?? null,
            started_at: null,
            completed_at: pending ? null : payload.updated_at,
          },
        },
      ],
    },
  ]
})
