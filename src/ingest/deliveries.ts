/**
 * A delivery's way: kept in the inbox, handed to the translators, marked. A delivery that fails stays in the inbox with
 * its diagnostics and is tried again. It knows nothing of HTTP, nor what any webhook means.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Inbox, NewDelivery } from '../store/inbox.ts'
import { UnfitPayload } from './unfit-payload.ts'

/** Hands a webhook to whoever listens for it; rejects when one of them throws. Probot's `webhooks.receive` is one. */
export type Dispatch = (event: {
  readonly id: string
  readonly name: string
  readonly payload: object
}) => Promise<void>

export type Receipt =
  | { readonly outcome: 'translated' }
  /** Nobody listens for it, or it says nothing that matters: kept without an event. */
  | { readonly outcome: 'ignored' }
  | { readonly outcome: 'duplicate' }
  /** The payload lacks what is needed. */
  | { readonly outcome: 'unfit'; readonly diagnostics: readonly string[] }
  /** A bug, or the database is gone. */
  | { readonly outcome: 'failed'; readonly diagnostics: readonly string[] }

export interface Deliveries {
  /** Keeps a delivery and translates it. Rejects only when it could not be kept. */
  take(delivery: NewDelivery): Promise<Receipt>
  /** Translates all that is stored and untranslated: at start and by the sweep, after a crash or an upgrade. */
  translatePending(): Promise<{ readonly translated: number; readonly failed: number }>
}

/** How many stored deliveries are held in memory at once. */
const PAGE = 50

export function createDeliveries(options: { inbox: Inbox; dispatch: Dispatch; log: Logger }): Deliveries {
  const { inbox, dispatch, log } = options

  async function take(delivery: NewDelivery): Promise<Receipt> {
    const state = await inbox.receive(delivery)
    return state === 'done' ? { outcome: 'duplicate' } : await translate(delivery, null)
  }

  async function translate(delivery: NewDelivery, known: readonly string[] | null): Promise<Receipt> {
    try {
      await dispatch({ id: delivery.id, name: delivery.event, payload: payloadOf(delivery.body) })
      return { outcome: (await inbox.settled(delivery.id)) ? 'ignored' : 'translated' }
    } catch (thrown) {
      const receipt = receiptOf(thrown)
      await inbox.failed(delivery.id, receipt.diagnostics)
      // What fails as it failed before was told before: every sweep tries it again.
      const told = isDeepStrictEqual(known, receipt.diagnostics)
      const { id, event, repository } = delivery
      if (!told) log.error({ delivery: id, event, repository, ...receipt }, `delivery ${receipt.outcome}`)
      return receipt
    }
  }

  async function translatePending(): Promise<{ translated: number; failed: number }> {
    const tried = new Set<string>()
    const counts = { translated: 0, failed: 0 }
    for (;;) {
      const page = (await inbox.untranslated(PAGE)).filter(({ id }) => !tried.has(id))
      if (page.length === 0) return counts
      for (const delivery of page) {
        tried.add(delivery.id)
        const { outcome } = await translate(delivery, delivery.diagnostics)
        counts[outcome === 'unfit' || outcome === 'failed' ? 'failed' : 'translated'] += 1
      }
    }
  }

  return { take, translatePending }
}

/** What Probot reads itself, before any listener: without a number there it fails as if that were our bug. */
const addressed = z.object({ installation: z.object({ id: z.int() }).nullish() })

function payloadOf(body: string): object {
  let payload: unknown
  try {
    payload = JSON.parse(body)
  } catch {
    throw new UnfitPayload(['payload: not JSON'])
  }
  if (typeof payload !== 'object' || payload === null) throw new UnfitPayload(['payload: not an object'])
  const { error } = addressed.safeParse(payload)
  if (error) throw new UnfitPayload(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
  return payload
}

/** Several listeners may fail at once; one bug among them makes it a bug. */
function receiptOf(thrown: unknown): Extract<Receipt, { diagnostics: readonly string[] }> {
  const errors: readonly unknown[] = thrown instanceof AggregateError ? thrown.errors : [thrown]
  const unfit = errors.every((error) => error instanceof UnfitPayload)
  return { outcome: unfit ? 'unfit' : 'failed', diagnostics: errors.flatMap(diagnosticsOf) }
}

const diagnosticsOf = (error: unknown): readonly string[] => {
  if (error instanceof UnfitPayload) return error.diagnostics
  return [error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 1000) : 'thrown: not an error']
}
