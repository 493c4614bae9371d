/**
 * Whether an event enters the log: checks it against its schema, names its key, and compares it with what the log holds of
 * the same occurrence or thing. Pure: it is handed what the log holds.
 */
import { isDeepStrictEqual } from 'node:util'
import { catalogue, definitionOf, type EventType, type NewEvent } from '../../core/events.ts'
import { storable } from './storable.ts'

export type Payload = Readonly<Record<string, unknown>>

/** An event that is what its schema wants, with what identifies it. */
export interface Checked {
  readonly type: EventType
  readonly payload: Payload
  readonly occurred_at: Date
  readonly source: string
  readonly lane: string | null
  /** Occurrences have their key at once; an observation's depends on what it replaces, a decision's on its lane. */
  readonly key: string | null
  readonly thing: string | null
}

/** What the log holds of the same key or thing. */
export interface Recorded {
  readonly key: string
  readonly position: number
  readonly payload: Payload
}

export type Judgement =
  | { readonly outcome: 'append'; readonly key: string }
  | { readonly outcome: 'duplicate'; readonly key: string }
  | { readonly outcome: 'rejected'; readonly diagnostics: string[] }
  | { readonly outcome: 'stale'; readonly newer: number }

/** The event with its identity, or everything that is wrong with it. */
export function check(event: NewEvent): Checked | { readonly diagnostics: string[] } {
  if (!Object.hasOwn(catalogue, event.type)) return { diagnostics: [`type: there is no event type ${event.type}`] }
  const definition = definitionOf(event.type)
  const parsed = definition.payload.safeParse(event.payload)
  const occurred = Date.parse(event.occurred_at)
  const ours = definition.kind === 'decision' || definition.kind === 'outcome'
  const diagnostics = [
    ...(parsed.error?.issues ?? []).map((issue) => `${['payload', ...issue.path].join('.')}: ${issue.message}`),
    ...(Number.isNaN(occurred) ? [`occurred_at: ${event.occurred_at} is not a time`] : []),
    ...(ours && event.lane === undefined ? [`lane: a ${definition.kind} names the lane that made it`] : []),
  ]
  if (!parsed.success || diagnostics.length > 0) return { diagnostics }
  const payload = storable(parsed.data)
  const identity = definition.identity?.(payload) ?? ''
  return {
    type: event.type,
    payload,
    occurred_at: new Date(occurred),
    source: storable(event.source),
    lane: event.lane ?? null,
    key: definition.kind === 'occurrence' ? `${event.type}:${identity}` : null,
    thing: definition.kind === 'observation' ? identity : null,
  }
}

/** Judges an occurrence by what the log holds under its key. */
export function judgeOccurrence(event: Checked, key: string, recorded: Recorded | undefined): Judgement {
  if (!recorded) return { outcome: 'append', key }
  if (isDeepStrictEqual(without(event.payload, []), without(recorded.payload, []))) return { outcome: 'duplicate', key }
  const fields = Object.keys({ ...recorded.payload, ...event.payload }).filter(
    (field) => !field.endsWith('_at') && !isDeepStrictEqual(event.payload[field], recorded.payload[field]),
  )
  const told = fields.map(
    (field) => `payload.${field}: differs from what was recorded at ${recorded.position} under ${key}`,
  )
  return { outcome: 'rejected', diagnostics: told }
}

/** Judges an observation by the thing's last recorded one; `readAt` is the log's position before the read was sent. */
export function judgeObservation(
  event: Checked,
  thing: string,
  last: Recorded | undefined,
  readAt: number | undefined,
): Judgement {
  if (!last) return { outcome: 'append', key: `${thing} @ 0` }
  const definition = definitionOf(event.type)
  const outside = definition.outside ?? []
  const append = { outcome: 'append', key: `${thing} @ ${last.position}` } as const
  const newer = definition.order ? compare(definition.order(event.payload), definition.order(last.payload)) : 0
  // It is as it was, but later: without this moment a state from in between that comes late would pass for the newest.
  if (isDeepStrictEqual(without(event.payload, outside), without(last.payload, outside)))
    return newer > 0 ? append : { outcome: 'duplicate', key: last.key }
  const stale = { outcome: 'stale', newer: last.position } as const
  if (readAt !== undefined && last.position > readAt) return stale
  if (newer < 0) return stale
  if (event.source.startsWith('delivery:') && precedes(event.payload, last.payload)) return stale
  return append
}

const without = (payload: Payload, outside: readonly string[]): Payload =>
  Object.fromEntries(Object.entries(payload).filter(([field]) => !field.endsWith('_at') && !outside.includes(field)))

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index]
    if (right === undefined || left === right) continue
    return left < right ? -1 : 1
  }
  return 0
}

/** Refs have a chain, not an order: a push is the older one when the recorded push began where it ended. */
function precedes(payload: Payload, last: Payload): boolean {
  const now = payload['sha'] ?? payload['after']
  const recorded = last['sha'] ?? last['after']
  return 'before' in payload && now === last['before'] && payload['before'] !== recorded
}
