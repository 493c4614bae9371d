/**
 * Which repositories the App is installed on, read as a whole: at start, and after a gap in which webhooks may have been
 * lost. It reads nothing inside of them.
 */
import type { NewEvent } from '../core/events.ts'
import { type Instant, iso } from '../core/ids.ts'
import type { Answer, GitHub } from '../github/port.ts'
import type { Store } from '../store/store.ts'
import { SWEEP } from './sweep/look.ts'

export interface InstalledRepository {
  readonly repository: string
  readonly installation: number
}

/** Records what changed, those that are gone among it, and gives all that are installed. */
export async function observeRepositories(options: {
  readonly github: Pick<GitHub, 'listRepositories'>
  readonly store: Pick<Store, 'log' | 'models' | 'follow'>
  readonly now: () => Instant
}): Promise<Answer<readonly InstalledRepository[]>> {
  const { github, store, now } = options
  const readAt = await store.log.position()
  const answer = await github.listRepositories()
  if (!answer.ok) return answer
  const observed = (payload: NewEvent<'repository_observed'>['payload']): NewEvent => ({
    type: 'repository_observed',
    occurred_at: iso(now()),
    source: SWEEP,
    payload,
  })
  for (const { id, repository, installation, default_branch, private: hidden } of answer.value) {
    const payload = { id, name: repository, formerly: null }
    // It was renamed while nobody listened: its log goes with it.
    await store.follow(payload)
    const named: NewEvent = { type: 'repository_named', occurred_at: iso(now()), source: SWEEP, payload }
    const event = observed({ installation, installed: true, suspended: false, default_branch, private: hidden })
    await store.log.append({ repository, events: [named, event], readAt })
  }
  const listed = new Set(answer.value.map(({ repository }) => repository))
  for (const { name, doc } of await store.models.repositories()) {
    if (listed.has(name) || !doc.installed || doc.installation === null) continue
    const { installation, suspended, default_branch } = doc
    const event = observed({ installation, installed: false, suspended, default_branch, private: null })
    await store.log.append({ repository: name, events: [event], readAt })
  }
  return answer
}
