/**
 * What people and surfaces look up: queues, pull requests, builds, follow-ups and the history of each, newest state first at
 * hand. It reads rows that the append wrote and changes none.
 */
import { and, asc, desc, eq, gt, gte, or, type SQL, sql } from 'drizzle-orm'
import type { LoggedEvent } from '../core/events.ts'
import type { Database } from './connect/client.ts'
import { type EventRow, toEvent } from './fold/event-rows.ts'
import type { BuildRow, EntryRow, FollowUpRow, LaneRow, PullRow, RepositoryRow } from './fold/model-rows.ts'
import { build, event, followUp, lane, pullRequest, queueEntry, rejectedEvent, repository } from './schema.ts'

export interface EventFilter {
  readonly repository?: string
  readonly pull?: number
  readonly follow_up?: number
  readonly lane?: string
  /** A piece of the type, the source or the payload, in any case. */
  readonly grep?: string
  readonly since?: Date
  /** Only events after this log position, oldest first; without it the newest `limit`, still oldest first. */
  readonly after?: number
  readonly limit: number
}

export type RejectedEvent = typeof rejectedEvent.$inferSelect

export interface Models {
  readonly repositories: () => Promise<RepositoryRow[]>
  readonly lanes: (repository?: string) => Promise<LaneRow[]>
  /** Every entry that the lane ever had, those that wait in the order of their places. */
  readonly queue: (repository: string, target: string) => Promise<EntryRow[]>
  readonly builds: (repository: string, target: string) => Promise<BuildRow[]>
  readonly followUps: (repository: string, target: string) => Promise<FollowUpRow[]>
  readonly pull: (repository: string, number: number) => Promise<PullRow | null>
  readonly openPulls: (repository: string) => Promise<PullRow[]>
  readonly pullsByBranch: (repository: string, branch: string) => Promise<PullRow[]>
  /** Pull requests whose head starts with the given hex digits. */
  readonly pullsBySha: (sha: string, repository?: string) => Promise<PullRow[]>
  readonly followUpsByIssue: (issue: number, repository?: string) => Promise<FollowUpRow[]>
  readonly eventsOf: (filter: EventFilter) => Promise<LoggedEvent[]>
  /** What the log refused, newest first. */
  readonly rejected: (limit: number, repository?: string) => Promise<RejectedEvent[]>
}

export function openModels(database: Database): Models {
  const { query } = database
  return {
    repositories: () => query((db) => db.select().from(repository).orderBy(repository.name)),

    lanes: (name) =>
      query((db) =>
        db
          .select()
          .from(lane)
          .where(name === undefined ? undefined : eq(lane.repository, name))
          .orderBy(lane.repository, lane.target),
      ),

    queue: (name, target) =>
      query((db) =>
        db
          .select()
          .from(queueEntry)
          .where(and(eq(queueEntry.repository, name), eq(queueEntry.target, target)))
          .orderBy(asc(queueEntry.place), asc(queueEntry.pull), asc(queueEntry.position)),
      ),

    builds: (name, target) =>
      query((db) =>
        db
          .select()
          .from(build)
          .where(and(eq(build.repository, name), eq(build.target, target)))
          .orderBy(sql`(${build.doc}->>'position')::bigint`),
      ),

    followUps: (name, target) =>
      query((db) =>
        db
          .select()
          .from(followUp)
          .where(and(eq(followUp.repository, name), eq(followUp.target, target)))
          .orderBy(followUp.pull),
      ),

    pull: async (name, number) => {
      const [row] = await query((db) =>
        db
          .select()
          .from(pullRequest)
          .where(and(eq(pullRequest.repository, name), eq(pullRequest.number, number))),
      )
      return row ?? null
    },

    openPulls: (name) =>
      query((db) =>
        db
          .select()
          .from(pullRequest)
          .where(and(eq(pullRequest.repository, name), eq(pullRequest.state, 'open')))
          .orderBy(pullRequest.number),
      ),

    pullsByBranch: (name, branch) =>
      query((db) =>
        db
          .select()
          .from(pullRequest)
          .where(and(eq(pullRequest.repository, name), eq(pullRequest.branch, branch)))
          .orderBy(desc(pullRequest.number)),
      ),

    pullsBySha: (sha, name) =>
      query((db) =>
        db
          .select()
          .from(pullRequest)
          .where(
            and(startsWith(pullRequest.sha, sha), name === undefined ? undefined : eq(pullRequest.repository, name)),
          )
          .orderBy(pullRequest.repository, desc(pullRequest.number)),
      ),

    followUpsByIssue: (issue, name) =>
      query((db) =>
        db
          .select()
          .from(followUp)
          .where(and(eq(followUp.issue, issue), name === undefined ? undefined : eq(followUp.repository, name)))
          .orderBy(followUp.repository, followUp.target),
      ),

    eventsOf: async (filter) => {
      const forward = filter.after !== undefined
      const found = await query((db) =>
        db
          .select()
          .from(event)
          .where(and(...conditions(filter)))
          .orderBy(forward ? asc(event.position) : desc(event.position))
          .limit(filter.limit),
      )
      return (forward ? found : found.toReversed()).map((row: EventRow) => toEvent(row))
    },

    rejected: (limit, name) =>
      query((db) =>
        db
          .select()
          .from(rejectedEvent)
          .where(name === undefined ? undefined : eq(rejectedEvent.repository, name))
          .orderBy(desc(rejectedEvent.id))
          .limit(limit),
      ),
  }
}

function conditions(filter: EventFilter): (SQL | undefined)[] {
  return [
    filter.repository === undefined ? undefined : eq(event.repository, filter.repository),
    // A live read and a build name several pull requests.
    filter.pull === undefined
      ? undefined
      : or(
          about('pull', filter.pull),
          sql`${event.payload} @> ${JSON.stringify({ members: [{ pull: filter.pull }] })}::jsonb`,
        ),
    filter.follow_up === undefined
      ? undefined
      : or(about('follow_up', filter.follow_up), about('issue', filter.follow_up)),
    filter.lane === undefined ? undefined : eq(event.lane, filter.lane),
    filter.since === undefined ? undefined : gte(event.recorded_at, filter.since),
    filter.after === undefined ? undefined : gt(event.position, filter.after),
    filter.grep === undefined ? undefined : containing(filter.grep),
  ]
}

const about = (field: 'pull' | 'follow_up' | 'issue', number: number): SQL =>
  sql`(${event.payload}->>${sql.raw(`'${field}'`)}) = ${String(number)}`

const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

const startsWith = (column: SQL | typeof pullRequest.sha, text: string): SQL =>
  sql`${column} like ${`${literal(text)}%`}`

function containing(text: string): SQL {
  const pattern = `%${literal(text)}%`
  return sql`(${event.type} ilike ${pattern} or ${event.source} ilike ${pattern} or ${event.key} ilike ${pattern} or ${event.payload}::text ilike ${pattern})`
}
