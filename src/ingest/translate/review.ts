/**
 * `pull_request_review` webhooks: an approval of one commit, or the end of one, and the commands in its text. Whether the
 * reviewer may is not asked here.
 */
import { z } from 'zod'
import type { NewEvent } from '../../core/events.ts'
import { pullNumber, sha } from '../../core/ids.ts'
import { commandsOf } from '../comment-commands.ts'
import { at, isBot, loginOf, repository, user } from './payload.ts'
import { sourceOf, type TranslationContext, translator } from './translation.ts'

const schema = z.object({
  action: z.string(),
  review: z.object({
    id: z.int().positive(),
    user: user.nullish(),
    body: z.string().nullish(),
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
  const events = [...(event ? [event] : []), ...commands(payload, context)]
  return [{ repository: payload.repository.full_name, events }]
})

/** As in comments: once, when it is submitted, and not from bots. */
function commands({ action, review, pull_request }: Payload, context: TranslationContext): NewEvent[] {
  if (action !== 'submitted' || !review.body || !review.user || isBot(review.user)) return []
  const { id, body, user: author, submitted_at } = review
  const created_at = submitted_at ?? pull_request.updated_at
  const typed = { id, on: 'review' as const, body, by: author.login, created_at }
  return commandsOf(typed, { pull: pull_request.number, follow_up: null }, sourceOf(context))
}

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
