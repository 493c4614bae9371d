/**
 * `issues` webhooks about follow-up issues: what the issue looks like, and a request to resume where somebody labelled it
 * or closed it as completed. All other issues are none of our business.
 */
import { z } from 'zod'
import type { NewEvent } from '../../core/events.ts'
import { RESUME_LABEL } from '../../core/render/follow-up.ts'
import { type FollowUpIssue, type FollowUpMark, followUpMark, followUpObserved, resumeBy } from '../follow-up.ts'
import { at, isBot, label, loginOf, repository, user } from './payload.ts'
import { botOf, sourceOf, type TranslationContext, translator } from './translation.ts'

export const issue = z.object({
  number: z.int().positive(),
  body: z.string().nullish(),
  user: user.nullish(),
  state: z.enum(['open', 'closed']),
  state_reason: z.string().nullish(),
  labels: z.array(label).default([]),
  locked: z.boolean().default(false),
  updated_at: at,
})

const schema = z.object({ action: z.string(), issue, label: label.nullish(), repository, sender: user.nullish() })
type Payload = z.output<typeof schema>

export const translateIssue = translator(schema, (payload, context) => {
  const seen = asFollowUp(payload.issue)
  const mark = followUpMark(seen, botOf(context.app))
  if (!mark) return []
  const gone = GONE.includes(payload.action) ? { gone: true as const } : {}
  const told = { actor: payload.sender?.login ?? null, source: sourceOf(context), ...gone }
  const resume = resumed(payload, seen, mark, context)
  const events: NewEvent[] = [followUpObserved(seen, mark, told), ...(resume ? [resume] : [])]
  return [{ repository: payload.repository.full_name, events }]
})

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues */
const GONE: readonly string[] = ['deleted', 'transferred']

/** An issue of a webhook in the words that reads use. */
export function asFollowUp(seen: z.output<typeof issue>): FollowUpIssue {
  return {
    number: seen.number,
    body: seen.body ?? null,
    author: loginOf(seen.user),
    state: seen.state,
    state_reason: seen.state_reason ?? null,
    labels: seen.labels.map(({ name }) => name),
    locked: seen.locked,
    updated_at: seen.updated_at,
  }
}

/** What we do to our own issues, and what other bots do, asks for nothing. */
function resumed(
  payload: Payload,
  seen: FollowUpIssue,
  mark: FollowUpMark,
  context: TranslationContext,
): NewEvent<'resume_requested'> | null {
  const { action, sender } = payload
  if (!sender || isBot(sender)) return null
  const told = { by: sender.login, source: sourceOf(context) }
  if (action === 'labeled' && payload.label?.name === RESUME_LABEL) return resumeBy('label', seen, mark, told)
  if (action === 'closed' && seen.state_reason === 'completed') return resumeBy('close', seen, mark, told)
  return null
}
