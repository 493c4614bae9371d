/**
 * `push` webhooks: where a branch stands, that a target moved, and that its configuration has to be read again. Whether a
 * move of the target was ours is not judged here.
 */
import { z } from 'zod'
import { CONFIG_PATH } from '../../core/config-path.ts'
import type { NewEvent } from '../../core/events.ts'
import { sha, ZERO_SHA } from '../../core/ids.ts'
import { CODE_OWNERS_PATHS } from '../../github/facts/code-owners.ts'
import { repository, user } from './payload.ts'
import { sourceOf, type TranslationContext, translator } from './translation.ts'

const paths = z.array(z.string()).default([])

const schema = z.object({
  ref: z.string(),
  before: sha,
  after: sha,
  forced: z.boolean().default(false),
  commits: z.array(z.object({ added: paths, modified: paths, removed: paths })).default([]),
  /** In this webhook alone a number of seconds. */
  repository: repository.extend({ pushed_at: z.union([z.number(), z.string()]).nullish() }),
  sender: user.nullish(),
})
type Payload = z.output<typeof schema>

/** GitHub lists at most this many commits in one push. https://docs.github.com/webhooks/webhook-events-and-payloads#push */
const MOST_COMMITS = 2048

const HEADS = 'refs/heads/'

/** Tags, deletions and our own refs give nothing. */
export const translatePush = translator(schema, (payload, context) => {
  const { ref, after } = payload
  const branch = ref.slice(HEADS.length)
  if (!ref.startsWith(HEADS) || after === ZERO_SHA || branch.startsWith('mainkeeper/')) return []
  const events: NewEvent[] = [pushed(payload, branch, context)]
  if (context.lanes.includes(branch) || branch === payload.repository.default_branch) {
    events.push(moved(payload, branch, context))
    if (mayTouchConfig(payload)) events.push(touched(payload, branch, context))
  }
  return [{ repository: payload.repository.full_name, events }]
})

function pushed(payload: Payload, branch: string, context: TranslationContext): NewEvent<'branch_pushed'> {
  const { after, before, forced, sender } = payload
  const pushed_at = timeOf(payload, context)
  return {
    type: 'branch_pushed',
    occurred_at: pushed_at,
    source: sourceOf(context),
    payload: {
      branch,
      sha: after,
      before,
      remote: payload.repository.full_name,
      forced,
      pusher: sender?.login ?? null,
      pushed_at,
    },
  }
}

function moved(payload: Payload, branch: string, context: TranslationContext): NewEvent<'target_moved'> {
  const { before, after, forced, sender } = payload
  return {
    type: 'target_moved',
    occurred_at: timeOf(payload, context),
    source: sourceOf(context),
    payload: { branch, before, after, forced, pusher: sender?.login ?? null },
  }
}

/** The files by which pull requests are judged. */
const SETTINGS: ReadonlySet<string> = new Set([CONFIG_PATH, ...CODE_OWNERS_PATHS])

/** A push whose commits are not all listed may hide a change of them, so they are read again. */
function mayTouchConfig({ commits, forced }: Payload): boolean {
  if (forced || commits.length === 0 || commits.length >= MOST_COMMITS) return true
  return commits.some(({ added, modified, removed }) =>
    [added, modified, removed].some((list) => list.some((path) => SETTINGS.has(path))),
  )
}

function touched(payload: Payload, branch: string, context: TranslationContext): NewEvent<'settings_touched'> {
  return {
    type: 'settings_touched',
    occurred_at: timeOf(payload, context),
    source: sourceOf(context),
    payload: { what: 'config', branch, user: payload.sender?.login ?? null, delivery: context.delivery },
  }
}

function timeOf({ repository: { pushed_at } }: Payload, context: TranslationContext): string {
  const instant = typeof pushed_at === 'number' ? pushed_at * 1000 : Date.parse(pushed_at ?? '')
  const date = new Date(instant)
  return Number.isNaN(date.getTime()) ? context.receivedAt : date.toISOString()
}
