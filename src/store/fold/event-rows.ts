/** Events as rows of the log and back. Times leave as ISO 8601 in UTC, to the millisecond. It knows nothing of how they got there. */
import type { EventType, LoggedEvent } from '../../core/events.ts'
import type { event } from '../schema.ts'

export type EventRow = typeof event.$inferSelect

/** The event of a row; its payload was checked when it was appended. */
export function toEvent<T extends EventType = EventType>(row: EventRow): LoggedEvent<T> {
  const { thing: _, occurred_at, recorded_at, ...rest } = row
  const event = { ...rest, occurred_at: occurred_at.toISOString(), recorded_at: recorded_at.toISOString() }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the append checked it
  return event as unknown as LoggedEvent<T>
}

/** The row of an event; a fact has a lane there when it touched that one alone. */
export function toRow(logged: LoggedEvent, thing: string | null, touched: readonly string[]): EventRow {
  const { occurred_at, recorded_at, lane, ...rest } = logged
  return {
    ...rest,
    thing,
    lane: lane ?? (touched.length === 1 ? (touched[0] ?? null) : null),
    occurred_at: new Date(occurred_at),
    recorded_at: new Date(recorded_at),
  }
}
