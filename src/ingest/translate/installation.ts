/**
 * `installation` and `installation_repositories` webhooks: on which repositories the App is, is no longer, or is not to
 * act for now. What to read of a new repository is not decided here.
 */
import { z } from 'zod'
import type { NewEvent } from '../../core/events.ts'
import { repositoryName } from '../../core/ids.ts'
import { type Facts, sourceOf, type TranslationContext, translator } from './translation.ts'

const listed = z.object({
  id: z.int().positive().optional(),
  full_name: repositoryName,
  private: z.boolean().optional(),
})
type Listed = z.output<typeof listed>
const list = z.array(listed).default([])

const installation = z.object({ id: z.int().positive(), suspended_at: z.string().nullish() })

const wholeSchema = z.object({ action: z.string(), installation, repositories: list })

/** Suspending and lifting it name no repository: then it is all that are known of the installation. */
export const translateInstallation = translator(
  wholeSchema,
  ({ action, installation: { id, suspended_at }, ...payload }, context) => {
    const state = {
      installation: id,
      installed: action !== 'deleted',
      suspended: action === 'suspend' || (action !== 'unsuspend' && Boolean(suspended_at)),
    }
    const repositories: readonly Listed[] =
      payload.repositories.length > 0 ? payload.repositories : context.repositories.map((full_name) => ({ full_name }))
    return repositories.map((repository) => observed(repository, state, context))
  },
)

const changeSchema = z.object({ installation, repositories_added: list, repositories_removed: list })

export const translateInstallationRepositories = translator(changeSchema, (payload, context) => {
  const { id, suspended_at } = payload.installation
  const state = { installation: id, suspended: Boolean(suspended_at) }
  return [
    ...payload.repositories_added.map((each) => observed(each, { ...state, installed: true }, context)),
    ...payload.repositories_removed.map((each) => observed(each, { ...state, installed: false }, context)),
  ]
})

function observed(
  repository: Listed,
  state: { readonly installation: number; readonly installed: boolean; readonly suspended: boolean },
  context: TranslationContext,
): Facts {
  const common = { occurred_at: context.receivedAt, source: sourceOf(context) }
  const events: NewEvent[] = [
    {
      ...common,
      type: 'repository_observed',
      payload: { ...state, default_branch: null, private: repository.private ?? null },
    },
  ]
  if (state.installed && repository.id !== undefined) {
    const payload = { id: repository.id, name: repository.full_name, formerly: null }
    events.unshift({ ...common, type: 'repository_named', payload })
  }
  // Nobody told us of this repository for a while, or ever: it is to be looked at.
  if (state.installed && !state.suspended)
    events.push({
      ...common,
      type: 'settings_touched',
      payload: { what: 'config', branch: null, user: null, delivery: context.delivery },
    })
  return { repository: repository.full_name, events }
}
