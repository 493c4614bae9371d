/**
 * `branch_protection_rule`, `repository_ruleset` and `member` webhooks: each says only that something has to be read again.
 * A rule's pattern is not matched against branches here, so it counts for all.
 */
import { z } from 'zod'
import type { NewEvent, PayloadOf } from '../../core/events.ts'
import { repository, user } from './payload.ts'
import { sourceOf, type TranslationContext, translator } from './translation.ts'

/** An organization's ruleset names no repository: then it is all that are known of the installation. */
export const translateProtection = translator(z.object({ repository: repository.nullish() }), (payload, context) => {
  const names = payload.repository ? [payload.repository.full_name] : context.repositories
  return names.map((name) => ({ repository: name, events: [touched('protection', null, context)] }))
})

export const translateMember = translator(z.object({ repository, member: user }), (payload, context) => [
  { repository: payload.repository.full_name, events: [touched('permission', payload.member.login, context)] },
])

function touched(
  what: PayloadOf<'settings_touched'>['what'],
  who: string | null,
  context: TranslationContext,
): NewEvent<'settings_touched'> {
  return {
    type: 'settings_touched',
    occurred_at: context.receivedAt,
    source: sourceOf(context),
    payload: { what, branch: null, user: who, delivery: context.delivery },
  }
}
