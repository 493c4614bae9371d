/**
 * `repository` webhooks: what the default branch is called, and that a repository went away under its old name. A log is
 * kept per name; joining the logs of two names is not attempted.
 */
import { z } from 'zod'
import type { NewEvent } from '../../core/events.ts'
import { at, repository } from './payload.ts'
import { type Facts, sourceOf, type TranslationContext, translator } from './translation.ts'

const schema = z.object({
  action: z.string(),
  repository: repository.extend({ updated_at: at.optional() }),
  /** Absent where a repository was moved to an account without us. */
  installation: z.object({ id: z.int().positive() }).optional(),
  changes: z
    .object({
      repository: z.object({ name: z.object({ from: z.string().min(1) }) }).nullish(),
      default_branch: z.object({ from: z.string() }).nullish(),
    })
    .nullish(),
})
type Payload = z.output<typeof schema>

export const translateRepository = translator(schema, (payload, context) => {
  const { action, changes, installation } = payload
  if (!installation) return []
  const { full_name } = payload.repository
  const events: NewEvent[] = [observed(payload, action !== 'deleted', installation.id, context)]
  if (changes?.default_branch) events.push(touched(payload, context))
  const facts: Facts[] = [{ repository: full_name, events }]
  const formerly = changes?.repository?.name.from
  if (action === 'renamed' && formerly !== undefined) {
    const old = `${full_name.slice(0, full_name.indexOf('/'))}/${formerly}`
    facts.push({ repository: old, events: [observed(payload, false, installation.id, context)] })
  }
  return facts
})

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

/** `mode` and `targets` count on the default branch: with another one, another file is read. */
function touched({ repository: seen }: Payload, context: TranslationContext): NewEvent<'settings_touched'> {
  return {
    type: 'settings_touched',
    occurred_at: seen.updated_at ?? context.receivedAt,
    source: sourceOf(context),
    payload: { what: 'config', branch: null, user: null, delivery: context.delivery },
  }
}
