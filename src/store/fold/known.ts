/** What a projection has to know of earlier events, read from the live read models and the log as it asks for it. */
import { and, eq, sql } from 'drizzle-orm'
import type { Handle } from '../connect/handle.ts'
import { prepared } from '../connect/prepared.ts'
import { lane, pullRequest } from '../schema.ts'
import { lastSeen } from './latest.ts'
import type { LaneRow } from './model-rows.ts'
import { type Known, tipIn } from './projection.ts'

const laneOf = prepared((tx) =>
  tx
    .select()
    .from(lane)
    .where(and(eq(lane.repository, sql.placeholder('repository')), eq(lane.target, sql.placeholder('target'))))
    .prepare('lane_of'),
)

const pullOf = prepared((tx) =>
  tx
    .select()
    .from(pullRequest)
    .where(
      and(eq(pullRequest.repository, sql.placeholder('repository')), eq(pullRequest.number, sql.placeholder('number'))),
    )
    .prepare('pull_of'),
)

/** Reads within the append's transaction; `loaded` keeps the lanes as they were before it, `locked` was read already. */
export function knownFrom(tx: Handle, repository: string, loaded: Map<string, LaneRow>, locked: LaneRow | null): Known {
  const laneAt = async (target: string): Promise<LaneRow | null> => {
    if (target === locked?.target) return locked
    const [row = null] = await laneOf(tx).execute({ repository, target })
    return row
  }
  return {
    lane: async (target) => {
      const row = await laneAt(target)
      if (row) loaded.set(target, row)
      return row
    },
    pull: async (number) => {
      const [row = null] = await pullOf(tx).execute({ repository, number })
      return row
    },
    bases: () =>
      tx
        .select({ number: pullRequest.number, base: pullRequest.base })
        .from(pullRequest)
        .where(eq(pullRequest.repository, repository)),
    from: (branch) =>
      tx
        .select()
        .from(pullRequest)
        .where(and(eq(pullRequest.repository, repository), eq(pullRequest.branch, branch))),
    tip: async (branch) => {
      const seen = await lastSeen(tx, repository, [`target:${branch}`, `branch:${repository}:${branch}`])
      const last = seen.sort((a, b) => b.position - a.position)[0]
      return last ? (tipIn(repository, last)?.sha ?? null) : null
    },
  }
}
