/**
 * `pull_request_review_thread` webhooks: a conversation was resolved or opened again. How many are open no webhook tells, so
 * that has to be read.
 */
import { z } from 'zod'
import { pullNumber } from '../../core/ids.ts'
import { repository } from './payload.ts'
import { sourceOf, translator } from './translation.ts'

const schema = z.object({ pull_request: z.object({ number: pullNumber }), repository })

export const translateReviewThread = translator(schema, ({ pull_request, ...payload }, context) => [
  {
    repository: payload.repository.full_name,
    events: [
      {
        type: 'conversation_touched',
        occurred_at: context.receivedAt,
        source: sourceOf(context),
        payload: { pull: pull_request.number, delivery: context.delivery },
      },
    ],
  },
])
