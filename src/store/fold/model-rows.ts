/** The rows of the read models as values, by their keys within one repository. They know how a row looks, not where it is kept. */
import type { PullRequest } from '../../core/readiness/pull-request.ts'
import type { build, followUp, lane, pullRequest, queueEntry, repository } from '../schema.ts'

export type RepositoryRow = typeof repository.$inferSelect
export type LaneRow = typeof lane.$inferSelect
export type PullRow = typeof pullRequest.$inferSelect
export type EntryRow = typeof queueEntry.$inferSelect
export type BuildRow = typeof build.$inferSelect
export type FollowUpRow = typeof followUp.$inferSelect

export interface ModelRows {
  repository: RepositoryRow | null
  readonly lanes: Map<string, LaneRow>
  readonly pulls: Map<string, PullRow>
  readonly entries: Map<string, EntryRow>
  readonly builds: Map<string, BuildRow>
  readonly followUps: Map<string, FollowUpRow>
}

export const noRows = (): ModelRows => ({
  repository: null,
  lanes: new Map(),
  pulls: new Map(),
  entries: new Map(),
  builds: new Map(),
  followUps: new Map(),
})

/** The key of a row among its kind. */
export const rowKey = (...parts: readonly (string | number)[]): string => parts.join(' ')

export const pullRow = (repository: string, position: number, doc: PullRequest): PullRow => ({
  repository,
  number: doc.number,
  base: doc.seen?.base ?? null,
  branch: doc.seen?.branch ?? null,
  state: doc.seen?.state ?? null,
  sha: doc.seen?.sha ?? null,
  position,
  doc,
})
