/**
 * The part of the contract that is about webhooks: whether a payload satisfies the published schema of its event and
 * action. It knows nothing of deliveries.
 */
import type { Schema, SchemaSet } from './schema-set.ts'

export interface WebhookContract {
  /** What is wrong with a payload; its `action` says which schema it has to satisfy. */
  webhook(event: string, payload: unknown): string[]
}

export interface WebhookExtract {
  /** By event, then by action; an event without actions has one under the empty name. */
  readonly events: Readonly<Record<string, Readonly<Record<string, Schema>>>>
  readonly schemas: Readonly<Record<string, Schema>>
}

/** Judges payloads of webhooks. */
export function webhookContract(extract: WebhookExtract, schemas: SchemaSet): WebhookContract {
  return {
    webhook(event, payload) {
      const actions = extract.events[event]
      if (!actions) return ['no such event']
      const action = actionOf(payload)
      const schema = actions[action] ?? actions['']
      return schema ? schemas.problems(schema, payload) : [`no such action: ${action}`]
    },
  }
}

function actionOf(payload: unknown): string {
  const action = typeof payload === 'object' && payload !== null && 'action' in payload ? payload.action : ''
  return typeof action === 'string' ? action : ''
}
