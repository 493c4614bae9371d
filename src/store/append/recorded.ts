/** What the log holds of the occurrences and things that an append is about, and what the append itself adds to it. */
import { and, eq, inArray } from 'drizzle-orm'
import type { Handle } from '../connect/handle.ts'
import { lastSeen } from '../fold/latest.ts'
import { chunks } from '../write-together.ts'
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
  for (const wanted of chunks([...new Set(events.flatMap(({ key }) => key ?? []))])) {
    const found = await db
      .select({ key: event.key, position: event.position, payload: event.payload })
      .from(event)
      .where(and(eq(event.repository, repository), inArray(event.key, wanted)))
    for (const recorded of found) keys.set(recorded.key, recorded)
  }
  const wanted = [...new Set(events.flatMap(({ thing }) => thing ?? []))]
  for (const last of await lastSeen(db, repository, wanted)) things.set(last.thing, last)
  return {
    ofKey: (key) => keys.get(key),
    ofThing: (thing) => things.get(thing),
    add: (thing, recorded) => {
      keys.set(recorded.key, recorded)
      if (thing !== null) things.set(thing, recorded)
    },
  }
}
