/**
 * Wakes lanes: makes them due in the same transaction as the event that touched them, and sends a hint to whoever listens.
 * The row is the truth; a hint that gets lost costs time only.
 */
import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from './connect/client.ts'
import type { Handle } from './connect/handle.ts'
import { lease } from './schema.ts'

export interface Wake {
  readonly repository: string
  readonly lane: string
}

export interface Wakes {
  /** Hears of lanes that became due, from any process; the answer ends the listening. */
  readonly listen: (heard: (wake: Wake) => void) => Promise<() => Promise<void>>
}

const CHANNEL = 'mainkeeper_wake'
const hint = z.tuple([z.string(), z.string()])

export function openWakes(database: Database): Wakes {
  return {
    listen: (heard) =>
      database.listen(CHANNEL, (payload) => {
        const [repository, lane] = hint.parse(JSON.parse(payload))
        heard({ repository, lane })
      }),
  }
}

/** Makes the lanes due now; a lane that was due already and that nobody holds has had its hint. */
export async function wakeLanes(tx: Handle, repository: string, lanes: readonly string[], now: Date): Promise<void> {
  if (lanes.length === 0) return
  const names: SQL = sql.join(
    lanes.map((name) => sql`${name}`),
    sql`, `,
  )
  const at = sql`${now.toISOString()}::timestamptz`
  await tx.execute(
    sql`with before as (
          select lane, wake_at, expires_at from ${lease}
          where repository = ${repository} and lane in (${names}) order by lane for update
        ), woken as (
          update ${lease} as l set wake_at = least(before.wake_at, ${at}) from before
          where l.repository = ${repository} and l.lane = before.lane
        )
        select pg_notify(${CHANNEL}, json_build_array(${repository}::text, lane)::text) from before
        where wake_at is null or wake_at > ${at} or expires_at > ${at}`,
  )
}
