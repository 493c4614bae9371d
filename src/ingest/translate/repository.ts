/**
 * `repository` webhooks: what the repository and its default branch are called, and whether it is there. What was recorded
 * under an earlier name is followed by whoever appends.
 */
import { z } from 'zod'
import type { NewEvent } from '../../core/events.ts'
import { at, repository } from './payload.ts'
import { sourceOf, type TranslationContext, translator } from './translation.ts'

const owner = z.object({ login: z.string().min(1) }).nullish()

const schema = z.object({
  action: z.string(),
  repository: repository.extend({ updated_at: at.optional() }),
  /** Absent where a repository was moved to an account without us. */
  installation: z.object({ id: z.int().positive() }).optional(),
  changes: z
    .object({
      repository: z.object({ name: z.object({ from: z.string().min(1) }) }).nullish(),
      owner: z.object({ from: z.object({ user: owner, organization: owner }) }).nullish(),
      default_branch: z.object({ from: z.string() }).nullish(),
    })
    .nullish(),
})
type Payload = z.output<typeof schema>

export const translateRepository = translator(schema, (payload, context) => {
  const { action, changes, installation } = payload
  if (!installation) return []
  const { full_name } = payload.repository
  const events: NewEvent[] = [
    ...named(payload, context),
    observed(payload, action !== 'deleted', installation.id, context),
  ]
  // With another default branch another file is read; under another name everything names itself anew.
  if (changes?.default_branch || formerly(payload) !== null) events.push(touched(payload, context))
  return [{ repository: full_name, events }]
})

function named(payload: Payload, context: TranslationContext): NewEvent<'repository_named'>[] {
  const { id, full_name: name, updated_at } = payload.repository
  if (id === undefined) return []
  return [
    {
      type: 'repository_named',
      occurred_at: updated_at ?? context.receivedAt,
      source: sourceOf(context),
      payload: { id, name, formerly: formerly(payload) },
    },
  ]
}

/** https://docs.github.com/webhooks/webhook-events-and-payloads#repository: `renamed` and `transferred` tell what was before. */
function formerly({ changes, repository: { full_name } }: Payload): string | null {
  const [login = '', name = ''] = full_name.split('/')
  const before = changes?.repository?.name.from
  if (before !== undefined) return `${login}/${before}`
  const from = changes?.owner?.from
  const account = from?.organization?.login ?? from?.user?.login
  return account === undefined ? null : `${account}/${name}`
}

function observed(
  { repository: seen }: Payload,
  installed: boolean,
  installation: number,
  context: TranslationContext,
): NewEvent<'repository_observed'> {
  return {
    type: 'repository_observed',
    occurred_at: seen.updated_at ?? context.receivedAt,
    source: sourceOf(context),
    payload: {
      installation,
      installed,
      // GitHub sends nothing to an installation that is suspended.
      suspended: false,
      default_branch: seen.default_branch ?? null,
      private: seen.private ?? null,
    },
  }
}

function touched({ repository: seen }: Payload, context: TranslationContext): NewEvent<'settings_touched'> {
  return {
    type: 'settings_touched',
    occurred_at: seen.updated_at ?? context.receivedAt,
    source: sourceOf(context),
    payload: { what: 'config', branch: null, user: null, delivery: context.delivery },
  }
}
