/**
 * `pull_request_review` webhooks: an approval of one commit, or the end of one. Whether the reviewer may approve is not
 * asked here.
 */
import { z } from 'zod'
import type { NewEvent } from '../../core/events.ts'
import { pullNumber, sha } from '../../core/ids.ts'
import { at, loginOf, repository, user } from './payload.ts'
import { sourceOf, type TranslationContext, translator } from './translation.ts'

const schema = z.object({
  review: z.object({
    id: z.int().positive(),
    user: user.nullish(),
    /** Lower case in webhooks, upper case in REST; both are seen in redeliveries of old ones. */
    state: z.string().transform((state) => state.toLowerCase()),
    /** Null when the commit was garbage-collected. */
    commit_id: sha.nullish(),
    submitted_at: at.nullish(),
  }),
  pull_request: z.object({ number: pullNumber, updated_at: at }),
  repository,
})
type Payload = z.output<typeof schema>

/**
 * `submitted` and `edited` say what the review is now, `dismissed` that it ended; a repeat is the same occurrence. Nothing
 * for a mere comment, and nothing for an approval whose commit is gone: it can't be of the present head.
 */
export const translateReview = translator(schema, (payload, context) => {
  const event = judged(payload, context)
  return [{ repository: payload.repository.full_name, events: event ? [event] : [] }]
})

function judged(payload: Payload, context: TranslationContext): NewEvent | null {
  switch (payload.review.state) {
    case 'approved':
      return approved(payload, context)
    case 'changes_requested':
    case 'dismissed':
      return retracted(payload, context, payload.review.state)
    default:
      return null
  }
}

function approved({ review, pull_request }: Payload, context: TranslationContext): NewEvent<'review_approved'> | null {
  if (!review.commit_id) return null
  const approved_at = review.submitted_at ?? pull_request.updated_at
  return {
    type: 'review_approved',
    occurred_at: approved_at,
    source: sourceOf(context),
    payload: {
      pull: pull_request.number,
      sha: review.commit_id,
      reviewer: loginOf(review.user),
      review_id: review.id,
      approved_at,
    },
  }
}

function retracted(
  { review, pull_request }: Payload,
  context: TranslationContext,
  reason: 'changes_requested' | 'dismissed',
): NewEvent<'review_retracted'> {
  const submitted = reason === 'changes_requested' ? review.submitted_at : null
  return {
    type: 'review_retracted',
    occurred_at: submitted ?? pull_request.updated_at,
    source: sourceOf(context),
    payload: { pull: pull_request.number, reviewer: loginOf(review.user), review_id: review.id, reason },
  }
}
