/** Looks up what the log last recorded of things, one index probe for each. It compares nothing. */
import { sql } from 'drizzle-orm'
import type { EventType } from '../../core/events.ts'
import { type Handle, rows } from '../connect/handle.ts'
import { event } from '../schema.ts'

export interface LastSeen {
  readonly thing: string
  readonly position: number
  readonly type: EventType
  readonly key: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** The last recorded observation of each thing that has one, in no particular order. */
export async function lastSeen(db: Handle, repository: string, things: readonly string[]): Promise<LastSeen[]> {
  if (things.length === 0) return []
  const found = await rows<{ [K in keyof LastSeen]: LastSeen[K] }>(
    db,
    sql`select last.* from jsonb_array_elements_text(${JSON.stringify(things)}::jsonb) as wanted(thing)
      cross join lateral (
        select thing, position::float8 as position, type, key, payload from ${event}
        where repository = ${repository} and thing = wanted.thing order by position desc limit 1
      ) as last`,
  )
  return found
}
