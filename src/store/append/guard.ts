/**
 * The fence's second layer: within the append's transaction, whether its writer still holds the lane and whether the lane is
 * as it was when the decision was judged. Locks are taken in the order repository, lane, lease.
 */
import { and, eq } from 'drizzle-orm'
import type { Handle } from '../connect/handle.ts'
import type { LaneRow } from '../fold/model-rows.ts'
import { holding } from '../lease.ts'
import { lane } from '../schema.ts'
import type { Append } from './append.ts'

/** Why nothing of the request may be written, or the row of the lane that it is made for, where it is for one. */
export async function guard(
  tx: Handle,
  { repository, fence, atPosition, events }: Append,
): Promise<{ readonly why: 'fenced' | 'lane_moved' } | { readonly lane: LaneRow | null }> {
  const name = fence?.lane ?? events.find((event) => event.lane !== undefined)?.lane
  if (name === undefined) return { lane: null }
  if (fence && (fence.repository !== repository || events.some((event) => (event.lane ?? name) !== name)))
    throw new Error(`the fence of ${fence.repository} ${fence.lane} can't write for another lane`)
  const [row = null] = await tx
    .select()
    .from(lane)
    .where(and(eq(lane.repository, repository), eq(lane.target, name)))
    .for('update')
  if (fence && (await holding(tx, fence)).lapse) return { why: 'fenced' }
  return atPosition !== undefined && row?.position !== atPosition ? { why: 'lane_moved' } : { lane: row }
}
