/**
 * `status` webhooks: one report of a commit status, in the words that check runs have too. A status belongs to no branch
 * and names no app.
 */
import { z } from 'zod'
import { sha } from '../../../core/ids.ts'
import { statusFact } from '../../../github/facts/check-facts.ts'
import { at, repository } from '../payload.ts'
import { sourceOf, translator } from '../translation.ts'

const schema = z.object({
  id: z.int().nonnegative(),
  sha,
  context: z.string().min(1),
  state: z.enum(['pending', 'success', 'failure', 'error']),
  target_url: z.string().nullish(),
  updated_at: at,
  repository,
})

/** A status is never changed: each report has an id of its own, and the highest counts. A read makes the same fact of it. */
export const translateStatus = translator(schema, (payload, context) => {
  const fact = statusFact(payload.sha, { ...payload, target_url: payload.target_url ?? null })
  return [{ repository: payload.repository.full_name, events: [{ ...fact, source: sourceOf(context) }] }]
})
