/**
 * The event catalogue: every kind of fact, decision and outcome that the log can hold, family by family, and the envelope
 * that stands around each. It refuses to know who writes an event or who reads it.
 */
import type { z } from 'zod'
import { branchFacts } from './events/branches.ts'
import { checkFacts } from './events/checks.ts'
import { decisions } from './events/decisions.ts'
import type { Definition } from './events/definition.ts'
import { delegations } from './events/delegations.ts'
import { outcomes } from './events/outcomes.ts'
import { pullFacts } from './events/pulls.ts'
import { requests } from './events/requests.ts'
import { settingFacts } from './events/settings.ts'
import { surfaceOutcomes } from './events/surfaces.ts'
import { tryEvents } from './events/tries.ts'

export const catalogue = {
  ...pullFacts,
  ...branchFacts,
  ...checkFacts,
  ...settingFacts,
  ...requests,
  ...decisions,
  ...delegations,
  ...outcomes,
  ...surfaceOutcomes,
  ...tryEvents,
} as const

type Catalogue = typeof catalogue
export type EventType = keyof Catalogue
export type PayloadOf<T extends EventType> = z.infer<Catalogue[T]['payload']>

/** Where an event came from: `delivery:<id>`, `sweep`, `read`, `cli:<verb>`, `lane`. */
export type Source = string

/** An event before it is in the log. */
export type NewEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K
    readonly payload: PayloadOf<K>
    readonly occurred_at: string
    readonly source: Source
    /** Decisions and outcomes: the lane that wrote it. Facts get theirs in the append. */
    readonly lane?: string
  }
}[T]

/** An event in the log. `position` is the log's order; within a repository it is the order of commits. */
export type LoggedEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly position: number
    readonly id: string
    readonly repository: string
    readonly lane: string | null
    readonly type: K
    readonly key: string
    readonly payload: PayloadOf<K>
    readonly occurred_at: string
    readonly recorded_at: string
    readonly source: Source
    readonly based_on: number | null
    readonly epoch: number | null
  }
}[T]

export const eventTypes = Object.keys(catalogue) as EventType[]

/** The catalogue's entry with its functions widened to any payload: for code that handles events of every type alike. */
export function definitionOf(type: EventType): Definition<z.ZodType<Record<string, unknown>>> {
  const definition: unknown = catalogue[type]
  return definition as Definition<z.ZodType<Record<string, unknown>>>
}

export const taxonomyOf = (type: EventType): string => `domain.software-development.${catalogue[type].taxonomy}`

/** The pull request that an event is about, if it is about one. */
export function pullOf(event: { payload: unknown }): number | undefined {
  const { pull } = event.payload as { pull?: unknown }
  return typeof pull === 'number' ? pull : undefined
}
