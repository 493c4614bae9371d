/**
 * `pull_request_review_comment` webhooks: the commands that a person typed on a line of the diff. Whether the person may is
 * looked up when the command is acted on.
 */
import { z } from 'zod'
import { pullNumber } from '../../core/ids.ts'
import { commandsOf } from '../comment-commands.ts'
import { at, isBot, repository, user } from './payload.ts'
import { sourceOf, translator } from './translation.ts'

const schema = z.object({
  comment: z.object({ id: z.int().positive(), body: z.string(), user: user.nullish(), created_at: at }),
  pull_request: z.object({ number: pullNumber }),
  repository,
})

export const translateReviewComment = translator(schema, ({ comment, pull_request, repository: place }, context) => {
  const { id, body, user: author, created_at } = comment
  if (!author || isBot(author)) return []
  const typed = { id, on: 'review_comment' as const, body, by: author.login, created_at }
  const events = commandsOf(typed, { pull: pull_request.number, follow_up: null }, sourceOf(context))
  return [{ repository: place.full_name, events }]
})
