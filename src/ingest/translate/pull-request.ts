/**
 * `pull_request` webhooks: what the pull request looks like, where its head branch stands when no push tells it, and the
 * commands in the description that it was opened with. It does not know what makes a pull request ready.
 */
import { z } from 'zod'
import { dependsOn } from '../../core/depends-on.ts'
import type { NewEvent } from '../../core/events.ts'
import { pullNumber, sha, ZERO_SHA } from '../../core/ids.ts'
import { commandsOf } from '../comment-commands.ts'
import { at, isBot, label, loginOf, repository, side, sorted, user } from './payload.ts'
import { sourceOf, type TranslationContext, translator } from './translation.ts'

const pull = z.object({
  number: pullNumber,
  title: z.string(),
  user: user.nullish(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().default(false),
  merged: z.boolean().nullish(),
  merged_at: at.nullish(),
  merge_commit_sha: sha.nullish(),
  labels: z.array(label),
  body: z.string().nullish(),
  auto_merge: z.object({ enabled_by: user.nullish() }).nullish(),
  head: side,
  base: side,
  updated_at: at,
})
type Pull = z.output<typeof pull>

const schema = z.object({
  action: z.string(),
  pull_request: pull,
  before: sha.optional(),
  repository,
  sender: user.nullish(),
})

/** Every action gives what the pull request looks like; some give where its branch stands. */
export const translatePullRequest = translator(schema, (payload, context) => {
  const events: NewEvent[] = [observed(payload.pull_request, context)]
  if (tellsBranch(payload)) events.push(pushed(payload, context))
  if (payload.action === 'opened') events.push(...commands(payload.pull_request, context))
  return [{ repository: payload.repository.full_name, events }]
})

function observed(seen: Pull, context: TranslationContext): NewEvent<'pull_request_observed'> {
  // Before that, GitHub's field is a test merge, which is nothing to us.
  const merged = Boolean(seen.merged || seen.merged_at)
  return {
    type: 'pull_request_observed',
    occurred_at: seen.updated_at,
    source: sourceOf(context),
    payload: {
      pull: seen.number,
      title: seen.title,
      author: loginOf(seen.user),
      state: merged ? 'merged' : seen.state,
      draft: seen.draft,
      base: seen.base.ref,
      branch: seen.head.ref,
      remote: seen.head.repo?.full_name ?? null,
      sha: seen.head.sha,
      labels: sorted(seen.labels),
      auto_merge: seen.auto_merge ? loginOf(seen.auto_merge.enabled_by) : null,
      depends_on: dependsOn(seen.body ?? null),
      updated_at: seen.updated_at,
      ...(merged ? { merged_as: seen.merge_commit_sha ?? null, merged_at: seen.merged_at ?? null } : {}),
    },
  }
}

/** What its author asks for in the description, once: at the opening, and not by a bot. */
function commands({ number, body, user: author, updated_at }: Pull, context: TranslationContext): NewEvent[] {
  if (!body || !author || isBot(author)) return []
  const typed = { id: number, on: 'description' as const, body, by: author.login, created_at: updated_at }
  return commandsOf(typed, { pull: number, follow_up: null }, sourceOf(context))
}

/**
 * GitHub sends no push for a fork. For a branch of the repository itself `push` tells all but what was pushed before the
 * App was installed.
 */
function tellsBranch({ action, pull_request, repository: { full_name } }: z.output<typeof schema>): boolean {
  const remote = pull_request.head.repo?.full_name
  if (remote === undefined || pull_request.state !== 'open') return false
  return action === 'opened' || (remote !== full_name && (action === 'reopened' || action === 'synchronize'))
}

function pushed(payload: z.output<typeof schema>, context: TranslationContext): NewEvent<'branch_pushed'> {
  const { head, updated_at } = payload.pull_request
  return {
    type: 'branch_pushed',
    occurred_at: updated_at,
    source: sourceOf(context),
    payload: {
      branch: head.ref,
      sha: head.sha,
      before: payload.before ?? ZERO_SHA,
      remote: head.repo?.full_name ?? payload.repository.full_name,
      forced: false,
      pusher: payload.sender?.login ?? null,
      pushed_at: updated_at,
    },
  }
}
