/**
 * `issue_comment` webhooks: the commands that a person typed on a pull request or on a follow-up issue, one event for each
 * line. Whether the person may is looked up when the command is acted on.
 */
import { z } from 'zod'
import { commandsOf } from '../comment-commands.ts'
import { followUpMark } from '../follow-up.ts'
import { asFollowUp, issue } from './issue.ts'
import { at, isBot, loginOf, repository, user } from './payload.ts'
import { botOf, sourceOf, translator } from './translation.ts'

const schema = z.object({
  issue: issue.extend({ pull_request: z.looseObject({}).nullish() }),
  comment: z.object({ id: z.int().positive(), body: z.string().nullish(), user: user.nullish(), created_at: at }),
  repository,
})

/** Bots, ourselves among them, command nothing; nor do comments on other issues. */
export const translateComment = translator(schema, (payload, context) => {
  const { comment } = payload
  if (!comment.user || isBot(comment.user)) return []
  const seen = asFollowUp(payload.issue)
  const mark = followUpMark(seen, botOf(context.app))
  const place = payload.issue.pull_request
    ? { pull: seen.number, follow_up: null }
    : mark && { pull: mark.pull, follow_up: seen.number }
  if (!place) return []
  const typed = { ...comment, body: comment.body ?? '', by: loginOf(comment.user) }
  return [{ repository: payload.repository.full_name, events: commandsOf(typed, place, sourceOf(context)) }]
})
