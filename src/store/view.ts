/**
 * Everything that a lane's judgement may look at, read at one moment of the log. It looks up what is there and judges
 * nothing; what is not there is left out, and so unknown.
 */
import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import type { Permission } from '../core/config.ts'
import type { LoggedEvent } from '../core/events.ts'
import { type Lane, pullsOf, shasOf } from '../core/queue/lane.ts'
import type { LaneView } from '../core/queue/view.ts'
import type { PullRequest } from '../core/readiness/pull-request.ts'
import { unknownRepository } from '../core/repository.ts'
import type { Database } from './client.ts'
import type { Handle } from './connect/handle.ts'
import { databaseNow } from './connect/now.ts'
import { toEvent } from './fold/event-rows.ts'
import { lastSeen } from './fold/latest.ts'
import { event, lane as laneTable, pullRequest, repository as repositoryTable } from './schema.ts'

export interface Views {
  /** The view of a lane; null when there is no such lane. */
  readonly load: (repository: string, target: string) => Promise<LaneView | null>
}

export function openViews(database: Database): Views {
  return {
    load: (repository, target) =>
      database.transaction((tx) => loadView(tx, repository, target), {
        isolationLevel: 'repeatable read',
        accessMode: 'read only',
      }),
  }
}

async function loadView(tx: Handle, name: string, target: string): Promise<LaneView | null> {
  const [lane] = await tx
    .select()
    .from(laneTable)
    .where(and(eq(laneTable.repository, name), eq(laneTable.target, target)))
  if (!lane) return null
  const [repository] = await tx.select().from(repositoryTable).where(eq(repositoryTable.name, name))
  const pulls = await pullsFor(tx, lane.doc)
  return {
    repository: repository?.doc ?? unknownRepository(name),
    lane: lane.doc,
    pulls,
    checks: await checksOn(tx, name, [...headsOf(pulls), ...shasOf(lane.doc)]),
    permissions: await permissionsIn(tx, name),
    branches: await branchesOf(tx, name, pulls),
    position: lane.position,
    now: (await databaseNow(tx)).getTime(),
  }
}

async function pullsFor(tx: Handle, lane: Lane): Promise<Map<number, PullRequest>> {
  const open = and(eq(pullRequest.base, lane.target), eq(pullRequest.state, 'open'))
  const concerned = pullsOf(lane)
  const found = await tx
    .select({ number: pullRequest.number, doc: pullRequest.doc })
    .from(pullRequest)
    .where(
      and(
        eq(pullRequest.repository, lane.repository),
        concerned.length > 0 ? or(open, inArray(pullRequest.number, concerned)) : open,
      ),
    )
    .orderBy(pullRequest.number)
  return new Map(found.map(({ number, doc }) => [number, doc]))
}

const headsOf = (pulls: ReadonlyMap<number, PullRequest>): string[] =>
  [...pulls.values()].flatMap((pull) => (pull.seen ? [pull.seen.sha] : []))

async function checksOn(
  tx: Handle,
  name: string,
  shas: readonly string[],
): Promise<Map<string, LoggedEvent<'check_reported'>[]>> {
  const checks = new Map<string, LoggedEvent<'check_reported'>[]>()
  if (shas.length === 0) return checks
  const found = await tx
    .selectDistinctOn([event.thing])
    .from(event)
    .where(
      and(
        eq(event.repository, name),
        eq(event.type, 'check_reported'),
        inArray(sql`(${event.payload}->>'sha')`, [...new Set(shas)]),
      ),
    )
    .orderBy(event.thing, desc(event.position))
  for (const row of found.sort((a, b) => a.position - b.position)) {
    const report = toEvent<'check_reported'>(row)
    checks.set(report.payload.sha, [...(checks.get(report.payload.sha) ?? []), report])
  }
  return checks
}

async function permissionsIn(tx: Handle, name: string): Promise<Map<string, Permission>> {
  const found = await tx
    .selectDistinctOn([event.thing])
    .from(event)
    .where(and(eq(event.repository, name), eq(event.type, 'permission_observed')))
    .orderBy(event.thing, desc(event.position))
  return new Map(
    found.map((row) => {
      const { user, permission } = toEvent<'permission_observed'>(row).payload
      return [user.toLowerCase(), permission]
    }),
  )
}

async function branchesOf(
  tx: Handle,
  name: string,
  pulls: ReadonlyMap<number, PullRequest>,
): Promise<Map<string, string>> {
  const wanted = [...pulls.values()].flatMap(({ seen }) =>
    seen?.remote ? [`branch:${seen.remote}:${seen.branch}`] : [],
  )
  const seen = await lastSeen(tx, name, [...new Set(wanted)])
  return new Map(seen.map(({ thing, payload }) => [thing.slice('branch:'.length), String(payload['sha'])]))
}
