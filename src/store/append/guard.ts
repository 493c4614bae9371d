/**
 * The fence's second layer: within the append's transaction, whether its writer still holds the lane and whether the lane is
 * as it was when the decision was judged. Locks are taken in the order repository, lane, lease.
 */
import { eq, sql } from 'drizzle-orm'
import type { Handle } from '../connect/handle.ts'
import { prepared } from '../connect/prepared.ts'
import type { LaneRow } from '../fold/model-rows.ts'
import { holding } from '../lease.ts'
import { lane } from '../schema.ts'
import type { Append } from './append.ts'

/** What was found of the repository's lanes under its lock. */
export interface Guarded {
  /** The row of the lane that the append is made for, where it is for one. */
  readonly lane: LaneRow | null
  /** The version of each lane. */
  readonly versions: ReadonlyMap<string, number>
}

/** Why nothing of the request may be written, or the lanes as they are. */
export async function guard(
  tx: Handle,
  { repository, fence, atPosition, events }: Append,
): Promise<{ readonly why: 'fenced' | 'lane_moved' } | Guarded> {
  const name = fence?.lane ?? events.find((event) => event.lane !== undefined)?.lane
  if (fence && (fence.repository !== repository || events.some((event) => (event.lane ?? name) !== name)))
    throw new Error(`the fence of ${fence.repository} ${fence.lane} can't write for another lane`)
  const found = await lanesOf(tx, repository, name)
  const row = found.lane
  if (fence && (await holding(tx, fence)).lapse) return { why: 'fenced' }
  return atPosition !== undefined && row?.position !== atPosition ? { why: 'lane_moved' } : found
}

/**
 * The versions of the repository's lanes and the document of the one that is named. Nobody else changes any while the
 * repository is locked; they are locked for a named one all the same, for a release takes a lane's row before its lease.
 */
async function lanesOf(tx: Handle, repository: string, name: string | undefined): Promise<Guarded> {
  const found = await (name === undefined
    ? versions(tx).execute({ repository })
    : locked(tx).execute({ repository, name }))
  const row = found.find(({ doc }) => doc !== null)
  return {
    lane: row?.doc ? { repository, ...row, doc: row.doc } : null,
    versions: new Map(found.map(({ target, position }) => [target, position])),
  }
}

const its = eq(lane.repository, sql.placeholder('repository'))

const versions = prepared((tx) =>
  tx
    .select({ target: lane.target, position: lane.position, doc: sql<null>`null` })
    .from(lane)
    .where(its)
    .prepare('lane_versions'),
)

const locked = prepared((tx) =>
  tx
    .select({
      target: lane.target,
      position: lane.position,
      doc: sql<LaneRow['doc'] | null>`case when ${lane.target} = ${sql.placeholder('name')} then ${lane.doc} end`,
    })
    .from(lane)
    .where(its)
    .for('update')
    .prepare('lock_lanes'),
)
