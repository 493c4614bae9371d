/** What the log holds of the occurrences and things that an append is about, and what the append itself adds to it. */
import { sql } from 'drizzle-orm'
import { type Handle, rows } from '../connect/handle.ts'
import { lastSeen } from '../fold/latest.ts'
import { event } from '../schema.ts'
import type { Checked, Recorded } from './judge.ts'

export interface RecordedFacts {
  readonly ofKey: (key: string) => Recorded | undefined
  readonly ofThing: (thing: string) => Recorded | undefined
  readonly add: (thing: string | null, recorded: Recorded) => void
}

/** Reads at once what the judgement of these events will ask for. */
export async function loadRecorded(db: Handle, repository: string, events: readonly Checked[]): Promise<RecordedFacts> {
  const keys = new Map<string, Recorded>()
  const things = new Map<string, Recorded>()
  const wanted = [...new Set(events.flatMap(({ key }) => key ?? []))]
  for (const found of await ofKeys(db, repository, wanted)) keys.set(found.key, found)
  const seen = [...new Set(events.flatMap(({ thing }) => thing ?? []))]
  for (const last of await lastSeen(db, repository, seen)) things.set(last.thing, last)
  return {
    ofKey: (key) => keys.get(key),
    ofThing: (thing) => things.get(thing),
    add: (thing, recorded) => {
      keys.set(recorded.key, recorded)
      if (thing !== null) things.set(thing, recorded)
    },
  }
}

/** One index probe for each key, in a statement whose text is the same for any number of them. */
async function ofKeys(db: Handle, repository: string, keys: readonly string[]): Promise<Recorded[]> {
  if (keys.length === 0) return []
  return rows<{ [K in keyof Recorded]: Recorded[K] }>(
    db,
    sql`select found.* from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) as wanted(key)
      cross join lateral (
        select key, position::float8 as position, payload from ${event}
        where repository = ${repository} and key = wanted.key limit 1
      ) as found`,
  )
}
