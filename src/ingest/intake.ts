/**
 * What stands behind every Probot handler: look up the little that a translator has to know, translate, append. A payload
 * that does not fit is thrown as `UnfitPayload`; anything else that is thrown is a bug or a lost database.
 */
import type { Logger } from 'pino'
import { z } from 'zod'
import { type Instant, iso } from '../core/ids.ts'
import type { Store } from '../store/store.ts'
import type { AppIdentity, Facts, Translator } from './translate/translation.ts'
import { UnfitPayload } from './unfit-payload.ts'

/** A webhook as Probot hands it to a handler. */
export interface Webhook {
  readonly id: string
  readonly name: string
  readonly payload: unknown
}

export interface IntakeOptions {
  readonly store: Pick<Store, 'log' | 'models' | 'follow'>
  readonly app: AppIdentity
  readonly now: () => Instant
  readonly log: Logger
}

export interface Intake {
  take(translate: Translator, webhook: Webhook): Promise<void>
}

const origin = z.object({
  repository: z.object({ full_name: z.string() }).nullish(),
  installation: z.object({ id: z.int() }).nullish(),
})

export function createIntake({ store, app, now, log }: IntakeOptions): Intake {
  return {
    async take(translate, { id, name, payload }) {
      const { repository, installation } = origin.safeParse(payload).data ?? {}
      const translation = translate(payload, {
        delivery: id,
        receivedAt: iso(now()),
        lanes: name === 'push' && repository ? await lanesOf(repository.full_name) : [],
        repositories: !repository && installation ? await repositoriesOf(installation.id) : [],
        app,
      })
      if (!translation.ok) throw new UnfitPayload(translation.diagnostics)
      await appendAll(translation.facts, id)
    },
  }

  async function lanesOf(repository: string): Promise<string[]> {
    return (await store.models.lanes(repository)).map(({ target }) => target)
  }

  async function repositoriesOf(installation: number): Promise<string[]> {
    const all = await store.models.repositories()
    return all.filter(({ doc }) => doc.installation === installation).map(({ name }) => name)
  }

  /** Only with the last repository is the delivery translated: after a crash in between all are appended again. */
  async function appendAll(all: readonly Facts[], delivery: string): Promise<void> {
    const last = all.at(-1)
    for (const each of all) {
      const { repository, events } = each
      for (const event of events) if (event.type === 'repository_named') await store.follow(event.payload)
      const result = await store.log.append({ repository, events, ...(each === last ? { delivery } : {}) })
      const rejected = result.ok ? result.outcomes.filter(({ outcome }) => outcome === 'rejected').length : 0
      if (rejected > 0) log.warn({ delivery, repository, rejected }, 'events of a delivery were rejected')
    }
  }
}
