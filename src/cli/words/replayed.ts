/** What `replay` answers, and its text for a terminal. It decides nothing. */
import { isDeepStrictEqual } from 'node:util'
import type { LoggedEvent } from '../../core/events.ts'
import { line } from '../../core/render/escape.ts'
import { subjectOf, wordsOf } from './event-words.ts'
import { moment, plural } from './table.ts'

interface Essence {
  readonly type: LoggedEvent['type']
  readonly payload: Readonly<Record<string, unknown>>
}

export interface Replayed {
  readonly repository: string
  /** Null: every lane. */
  readonly target: string | null
  readonly lanes: readonly string[]
  readonly events: number
  readonly decisions: number
  readonly differences: readonly ReplayedDifference[]
}

export interface ReplayedDifference {
  readonly lane: string
  /** Of the decision's first event. */
  readonly position: number
  readonly occurred_at: string
  /** The lane's version that it was judged at. */
  readonly based_on: number
  readonly recorded: readonly Essence[]
  readonly now:
    | { readonly do: 'record'; readonly events: readonly Essence[] }
    | { readonly do: 'perform'; readonly effects: readonly string[] }
    | { readonly do: 'wait'; readonly until: string | null }
    | { readonly do: 'unjudged'; readonly why: string }
}

/** The whole answer as text. */
export function renderReplayed({ repository, target, lanes, events, decisions, differences }: Replayed): string {
  const where = target === null ? `${repository} (${lanes.join(', ')})` : `${repository}:${target}`
  const head = `${where}: ${plural(decisions, 'decision')} made again from ${plural(events, 'event')}`
  if (differences.length === 0) return `${head}; none would be another.`
  return [`${head}; ${differences.length} would be another:`, ...differences.map(differenceText)].join('\n\n')
}

function differenceText(difference: ReplayedDifference): string {
  const { lane, position, occurred_at, recorded, now } = difference
  return [
    `${position}  ${moment(occurred_at)}  ${lane}`,
    ...recorded.map((event) => `  then: ${eventText(event)}`),
    ...nowTexts(now, recorded).map((text) => `  now:  ${text}`),
  ].join('\n')
}

function nowTexts(now: ReplayedDifference['now'], recorded: readonly Essence[]): string[] {
  switch (now.do) {
    case 'record':
      return now.events.map((event, index) => `${eventText(event)}${fieldsThatDiffer(event, recorded[index])}`)
    case 'perform':
      return [`perform ${now.effects.join(', ')}`]
    case 'wait':
      return [now.until === null ? 'wait' : `wait until ${moment(now.until)}`]
    case 'unjudged':
      return [`can not be judged: ${now.why}`]
    default:
      return now satisfies never
  }
}

function eventText(essence: Essence): string {
  const told = essence as unknown as LoggedEvent
  return line(`${essence.type} ${subjectOf(told)}: ${wordsOf(told)}`, 300)
}

function fieldsThatDiffer(event: Essence, recorded: Essence | undefined): string {
  if (recorded?.type !== event.type) return ''
  const fields = Object.keys({ ...recorded.payload, ...event.payload })
  const other = fields.filter((field) => !isDeepStrictEqual(event.payload[field], recorded.payload[field]))
  return other.length === 0 ? '' : ` [${other.join(', ')}]`
}
