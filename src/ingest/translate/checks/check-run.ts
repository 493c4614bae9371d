/**
 * `check_run` webhooks: the state of somebody's check, and the buttons under our own. Our own run is never evidence of
 * anything, so its state is not reported.
 */
import { z } from 'zod'
import type { NewEvent } from '../../../core/events.ts'
import { sha } from '../../../core/ids.ts'
import { at, isBot, repository, user } from '../payload.ts'
import { sourceOf, type TranslationContext, translator } from '../translation.ts'

const run = z.object({
  id: z.int().positive(),
  name: z.string().min(1),
  head_sha: sha,
  external_id: z.string().nullish(),
  status: z.string(),
  conclusion: z.string().nullish(),
  details_url: z.string().nullish(),
  started_at: at.nullish(),
  completed_at: at.nullish(),
  app: z.object({ id: z.int(), slug: z.string().nullish() }).nullish(),
  check_suite: z.object({ head_branch: z.string().min(1).nullish() }).nullish(),
  pull_requests: z.array(z.object({ number: z.int().positive() })).default([]),
})
type Run = z.output<typeof run>

const schema = z.object({
  action: z.string(),
  check_run: run,
  requested_action: z.object({ identifier: z.string() }).nullish(),
  repository,
  sender: user.nullish(),
})
type Payload = z.output<typeof schema>

export const translateCheckRun = translator(schema, (payload, context) => {
  const event =
    payload.check_run.app?.id === context.app.id ? button(payload, context) : reported(payload.check_run, context)
  return [{ repository: payload.repository.full_name, events: event ? [event] : [] }]
})

function reported(seen: Run, context: TranslationContext): NewEvent<'check_reported'> {
  const completed = seen.status === 'completed'
  return {
    type: 'check_reported',
    occurred_at: (completed ? seen.completed_at : seen.started_at) ?? context.receivedAt,
    source: sourceOf(context),
    payload: {
      sha: seen.head_sha,
      branch: seen.check_suite?.head_branch ?? null,
      context: seen.name,
      app: seen.app?.slug ?? null,
      app_id: seen.app?.id ?? null,
      status: completed ? 'completed' : seen.status === 'in_progress' ? 'in_progress' : 'queued',
      conclusion: completed ? (seen.conclusion ?? null) : null,
      run: seen.id,
      url: seen.details_url ?? null,
      started_at: seen.started_at ?? null,
      completed_at: completed ? (seen.completed_at ?? null) : null,
    },
  }
}

/** Resume and Retry both ask that a blocked candidate be taken up again: once it is ready, or now. Why is the command. */
function button(payload: Payload, context: TranslationContext): NewEvent | null {
  const { action, requested_action, check_run, sender } = payload
  const wanted = requested_action?.identifier
  const pull = pullOfRun(check_run)
  if (action !== 'requested_action' || pull === null || !sender || isBot(sender)) return null
  if (wanted === 'why') return why(pull, check_run.id, sender.login, context)
  if (wanted !== 'resume' && wanted !== 'retry') return null
  return {
    type: 'resume_requested',
    occurred_at: context.receivedAt,
    source: sourceOf(context),
    payload: {
      pull,
      follow_up: null,
      by: sender.login,
      via: 'button',
      ...(wanted === 'retry' ? { retry: true } : {}),
      request: `delivery:${context.delivery}`,
    },
  }
}

function why(pull: number, run: number, by: string, context: TranslationContext): NewEvent<'command_requested'> {
  return {
    type: 'command_requested',
    occurred_at: context.receivedAt,
    source: sourceOf(context),
    payload: {
      pull,
      follow_up: null,
      comment: run,
      on: 'button',
      press: context.delivery,
      line: 1,
      by,
      name: 'why',
      arguments: {},
      error: null,
      requested_at: context.receivedAt,
    },
  }
}

/** Our runs name their pull request in `external_id`; GitHub's own list is empty for forks and may hold several. */
function pullOfRun({ external_id, pull_requests }: Run): number | null {
  const named = /#([1-9]\d{0,8})$/.exec(external_id ?? '')?.[1]
  return named === undefined ? (pull_requests[0]?.number ?? null) : Number(named)
}
