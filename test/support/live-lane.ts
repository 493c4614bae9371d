/** A lane that is live, as the log has it, and what its judgement says at a time, in a word for each event or effect. */
import { type EventType, type NewEvent, type PayloadOf } from '../../src/core/events.ts'
import { decide } from '../../src/core/queue/decide.ts'
import type { Decision } from '../../src/core/queue/judgement.ts'
import { event, house, NOON, TIP } from './facts.ts'
import { viewOf } from './given.ts'

export { house as liveLane }

const look = (rest: Partial<PayloadOf<'lane_observed'>> & Pick<PayloadOf<'lane_observed'>, 'scope'>) =>
  event('lane_observed', { pulls: [], users: [], build: null, tip: null, observed_at: NOON, ...rest })

export const protectionRead = look({ scope: 'protection' })

/** These pull requests, and the right of their reviewer, were looked at live. */
export const looked = (pulls: readonly number[], at = NOON) =>
  look({ scope: 'pulls', pulls: [...pulls], users: ['rob'], tip: TIP, observed_at: at })

/** CI was asked about a build. */
export const ciAsked = (build: string, at: string) => look({ scope: 'checks', build, observed_at: at })

export const decisionOn = (events: readonly NewEvent[], now = NOON): Decision => decide(viewOf(events, 'main', now))

/** The types of what is recorded, the names of what is performed, or `wait`. */
export function stepsOn(events: readonly NewEvent[], now = NOON): string[] {
  const decision = decisionOn(events, now)
  if (decision.do === 'wait') return ['wait']
  return decision.do === 'record'
    ? decision.events.map(({ type }) => type)
    : decision.effects.map(({ effect }) => effect)
}

/** What is recorded of one type; fails where nothing is. */
export function recordedOn<T extends EventType>(type: T, events: readonly NewEvent[], now = NOON): PayloadOf<T> {
  const decision = decisionOn(events, now)
  const found = decision.do === 'record' ? decision.events.find((one) => one.type === type) : undefined
  if (!found) throw new Error(`no ${type}, but ${JSON.stringify(decision)}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the type that was looked for
  return found.payload as PayloadOf<T>
}
