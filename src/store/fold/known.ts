/** What a projection has to know of earlier events, read from the live read models and the log as it asks for it. */
import { and, eq } from 'drizzle-orm'
import type { Handle } from '../connect/handle.ts'
import { lane, pullRequest } from '../schema.ts'
import { lastSeen } from './latest.ts'
import type { LaneRow } from './model-rows.ts'
import { type Known, tipIn } from './projection.ts'

/** Reads within the append's transaction; `loaded` keeps the lanes as they were before it. */
export function knownFrom(tx: Handle, repository: string, loaded: Map<string, LaneRow>): Known {
  return {
    lane: async (target) => {
      const [row] = await tx
        .select()
        .from(lane)
        .where(and(eq(lane.repository, repository), eq(lane.target, target)))
      if (row) loaded.set(target, row)
      return row ?? null
    },
    pull: async (number) => {
      const [row] = await tx
        .select()
        .from(pullRequest)
        .where(and(eq(pullRequest.repository, repository), eq(pullRequest.number, number)))
      return row ?? null
    },
    bases: () =>
      tx
        .select({ number: pullRequest.number, base: pullRequest.base })
        .from(pullRequest)
        .where(eq(pullRequest.repository, repository)),
    tip: async (branch) => {
      const seen = await lastSeen(tx, repository, [`target:${branch}`, `branch:${repository}:${branch}`])
      const last = seen.sort((a, b) => b.position - a.position)[0]
      return last ? (tipIn(repository, last)?.sha ?? null) : null
    },
  }
}
