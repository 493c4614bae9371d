/** What `log` answers, and its lines for a terminal. It looks nothing up. */
import type { LoggedEvent } from '../../core/events.ts'
import type { Trouble } from '../verbs/reading/troubles.ts'
import { subjectOf, wordsOf } from './event-words.ts'
import { moment, table } from './table.ts'

export type LogLine =
  | { readonly event: LoggedEvent; readonly trouble: null }
  | { readonly event: null; readonly trouble: Trouble }

export interface LogPage {
  readonly lines: readonly LogLine[]
  /** Whether nothing came before it. */
  readonly first: boolean
  /** It was to be followed, but nobody else can write to this log. */
  readonly ends: boolean
}

/** Position, time, lane, type, subject and words of each line. */
export function renderLog({ lines, first, ends }: LogPage): string {
  const told = table(lines.map(({ event, trouble }) => (event ? ofEvent(event) : ofTrouble(trouble))))
  if (lines.length === 0 && first) told.push('Nothing in the log fits.')
  if (ends) told.push('No Mainkeeper runs on this folder, so nothing is going to follow.')
  return told.join('\n')
}

function ofEvent(event: LoggedEvent): string[] {
  const lane = event.lane === null ? event.repository : `${event.repository}:${event.lane}`
  return [String(event.position), moment(event.recorded_at), lane, event.type, subjectOf(event), wordsOf(event)]
}

function ofTrouble({ kind, id, at, repository, type, pull, diagnostics }: Trouble): string[] {
  const what = kind === 'delivery' ? `delivery ${id} was not understood` : 'refused by the log'
  const subject = pull === null ? '-' : `#${pull}`
  return ['!', moment(at), repository ?? '-', type, subject, `${what}: ${diagnostics.join('; ')}`]
}
