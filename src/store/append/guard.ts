/**
 * The fence's second layer: within the append's transaction, whether its writer still holds the lane and whether the lane is
 * as it was when the decision was judged. Locks are taken in the order repository, lane, lease.
 */
import { and, eq } from 'drizzle-orm'
import type { Handle } from '../connect/handle.ts'
import { holding } from '../lease.ts'
import { lane } from '../schema.ts'
import type { Append } from './append.ts'

/** Why nothing of the request may be written; null when it may. */
export async function refusal(
  tx: Handle,
  { repository, fence, atPosition, events }: Append,
): Promise<'fenced' | 'lane_moved' | null> {
  const name = fence?.lane ?? events.find((event) => event.lane !== undefined)?.lane
  if (name === undefined) return null
  if (fence && (fence.repository !== repository || events.some((event) => (event.lane ?? name) !== name)))
    throw new Error(`the fence of ${fence.repository} ${fence.lane} can't write for another lane`)
  const [version] = await tx
    .select({ position: lane.position })
    .from(lane)
    .where(and(eq(lane.repository, repository), eq(lane.target, name)))
    .for('update')
  if (fence && (await holding(tx, fence)).lapse) return 'fenced'
  return atPosition !== undefined && version?.position !== atPosition ? 'lane_moved' : null
}
