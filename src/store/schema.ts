/**
 * The tables: the inbox, the log, the read models that are folded from the log, the checkpoints of its followers and the
 * leases. It says how rows look, never what they mean; `drizzle/` holds the migrations that are made from it.
 */
import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Build, FollowUp, Lane } from '../core/queue/lane.ts'
import type { PullRequest } from '../core/readiness/pull-request.ts'
import type { Repository } from '../core/repository.ts'

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
const position = (name = 'position') => bigint(name, { mode: 'number' })

export const delivery = pgTable(
  'delivery',
  {
    id: text().primaryKey(),
    event: text().notNull(),
    action: text(),
    repository: text(),
    installation: bigint({ mode: 'number' }),
    body: text().notNull(),
    received_at: moment('received_at').notNull(),
    translated_at: moment('translated_at'),
    diagnostics: jsonb().$type<readonly string[]>(),
    attempts: integer().notNull().default(0),
  },
  (row) => [
    index('delivery_untranslated').on(row.attempts, row.received_at).where(sql`${row.translated_at} is null`),
    index('delivery_received').on(row.received_at),
  ],
)

/** What is known of a repository as a whole; its row is the lock of every append. */
export const repository = pgTable('repository', {
  name: text().primaryKey(),
  position: position().notNull(),
  doc: jsonb().$type<Repository>().notNull(),
})

export const event = pgTable(
  'event',
  {
    position: bigserial({ mode: 'number' }).primaryKey(),
    id: uuid().notNull().defaultRandom(),
    repository: text().notNull(),
    /** Null where an event touches several lanes, or none. */
    lane: text(),
    type: text().notNull(),
    key: text().notNull(),
    /** Observations: the thing whose state it is. */
    thing: text(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    occurred_at: moment('occurred_at').notNull(),
    recorded_at: moment('recorded_at').notNull(),
    source: text().notNull(),
    based_on: position('based_on'),
    epoch: integer(),
  },
  (row) => [
    uniqueIndex('event_key').on(row.repository, row.key),
    index('event_order').on(row.repository, row.position),
    index('event_thing').on(row.repository, row.thing, row.position),
    index('event_lane').on(row.repository, row.lane, row.position),
    index('event_pull').on(row.repository, sql`(${row.payload}->>'pull')`, row.position),
    index('event_check')
      .on(row.repository, sql`(${row.payload}->>'sha')`, row.position)
      .where(sql`${row.type} = 'check_reported'`),
    index('event_permission')
      .on(row.repository, row.thing, row.position)
      .where(sql`${row.type} = 'permission_observed'`),
  ],
)

/** What the log refused, so that it can be seen and counted. */
export const rejectedEvent = pgTable(
  'rejected_event',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    repository: text().notNull(),
    source: text().notNull(),
    type: text().notNull(),
    payload: jsonb().$type<unknown>().notNull(),
    diagnostics: jsonb().$type<readonly string[]>().notNull(),
    recorded_at: moment('recorded_at').notNull(),
  },
  (row) => [index('rejected_event_repository').on(row.repository, row.id)],
)

export const pullRequest = pgTable(
  'pull_request',
  {
    repository: text().notNull(),
    number: integer().notNull(),
    base: text(),
    branch: text(),
    state: text(),
    sha: text(),
    position: position().notNull(),
    doc: jsonb().$type<PullRequest>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repository, row.number] }),
    index('pull_request_base').on(row.repository, row.base, row.state),
    index('pull_request_branch').on(row.repository, row.branch),
    index('pull_request_sha').on(row.sha),
  ],
)

export const lane = pgTable(
  'lane',
  {
    repository: text().notNull(),
    target: text().notNull(),
    /** Log position of the last event that could change the lane's judgement. */
    position: position().notNull(),
    doc: jsonb().$type<Lane>().notNull(),
  },
  (row) => [primaryKey({ columns: [row.repository, row.target] })],
)

export const queueEntry = pgTable(
  'queue_entry',
  {
    repository: text().notNull(),
    target: text().notNull(),
    pull: integer().notNull(),
    sha: text().notNull(),
    status: text().notNull(),
    place: position('place'),
    reason: text(),
    position: position().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repository, row.target, row.pull, row.sha] }),
    index('queue_entry_status').on(row.repository, row.target, row.status),
  ],
)

export const build = pgTable(
  'build',
  {
    repository: text().notNull(),
    target: text().notNull(),
    build: text().notNull(),
    stage: text().notNull(),
    sha: text(),
    tree: text(),
    verdict: text(),
    members: jsonb().$type<Build['members']>().notNull(),
    position: position().notNull(),
    doc: jsonb().$type<Build>().notNull(),
  },
  (row) => [primaryKey({ columns: [row.repository, row.target, row.build] }), index('build_sha').on(row.sha)],
)

export const followUp = pgTable(
  'follow_up',
  {
    repository: text().notNull(),
    target: text().notNull(),
    pull: integer().notNull(),
    issue: integer(),
    state: text().notNull(),
    position: position().notNull(),
    doc: jsonb().$type<FollowUp>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repository, row.target, row.pull] }),
    index('follow_up_issue').on(row.repository, row.issue),
  ],
)

/** How far a follower of the log, or a sweep of GitHub, has come. */
export const checkpoint = pgTable('checkpoint', {
  name: text().primaryKey(),
  position: position().notNull(),
  value: jsonb().$type<Record<string, unknown>>().notNull(),
})

export const lease = pgTable(
  'lease',
  {
    repository: text().notNull(),
    lane: text().notNull(),
    /** Null when nobody holds the lane. */
    owner: text(),
    /** The number of the last holder; it only rises. */
    epoch: integer().notNull().default(0),
    acquired_at: moment('acquired_at'),
    renewed_at: moment('renewed_at'),
    expires_at: moment('expires_at'),
    /** When the lane is to be judged again; null when only an event can bring that about. */
    wake_at: moment('wake_at'),
  },
  (row) => [
    primaryKey({ columns: [row.repository, row.lane] }),
    index('lease_wake').on(row.wake_at).where(sql`${row.wake_at} is not null`),
  ],
)

export const installationLimit = pgTable('installation_limit', {
  installation: bigint({ mode: 'number' }).primaryKey(),
  until: moment('until').notNull(),
})
