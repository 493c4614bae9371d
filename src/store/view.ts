/**
 * Everything that a lane's judgement may look at, read at one moment of the log. It looks up what is there and judges
 * nothing; what is not there is left out, and so unknown.
 */
import { and, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import type { Permission } from '../core/config.ts'
import type { LoggedEvent } from '../core/events.ts'
import { type Lane, pullsOf, shasOf } from '../core/queue/lane.ts'
import type { LaneView } from '../core/queue/view.ts'
import type { PullRequest } from '../core/readiness/pull-request.ts'
import { branchesBelow } from '../core/readiness/stack.ts'
import type { Repository } from '../core/repository.ts'
import type { Database } from './client.ts'
import type { Handle } from './connect/handle.ts'
import { NOW_MS } from './connect/now.ts'
import { toEvent } from './fold/event-rows.ts'
import { lastSeen } from './fold/latest.ts'
import { event, lane as laneTable, pullRequest, repository as repositoryTable } from './schema.ts'

/** A lane's view, and how far the log had come: what GitHub is asked after it is newer than all up to there. */
export interface Look extends LaneView {
  /** The repository's last log position. */
  readonly readAt: number
}

export interface Views {
  /** The view of a lane; null when there is no such lane. */
  readonly load: (repository: string, target: string) => Promise<Look | null>
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

async function loadView(tx: Handle, name: string, target: string): Promise<Look | null> {
  const [found] = await tx
    .select({
      lane: laneTable.doc,
      position: laneTable.position,
      repository: repositoryTable.doc,
      readAt: repositoryTable.position,
      now: NOW_MS,
    })
    .from(laneTable)
    .innerJoin(repositoryTable, eq(repositoryTable.name, laneTable.repository))
    .where(and(eq(laneTable.repository, name), eq(laneTable.target, target)))
  if (!found) return null
  const pulls = await pullsFor(tx, found.lane, found.repository)
  const facts = await factsAbout(tx, name, [...headsOf(pulls), ...shasOf(found.lane)])
  const others = await othersFor(tx, name, pulls)
  return { ...found, ...facts, pulls, others, branches: await branchesOf(tx, name, pulls) }
}

async function pullsFor(tx: Handle, lane: Lane, repository: Repository): Promise<Map<number, PullRequest>> {
  const open = and(eq(pullRequest.base, lane.target), eq(pullRequest.state, 'open'))
  const concerned = pullsOf(lane)
  const pulls = await pullsWhere(
    tx,
    lane.repository,
    concerned.length > 0 ? or(open, inArray(pullRequest.number, concerned)) : open,
  )
  // And what is stacked on those, one storey after the other.
  for (let under = branchesBelow(pulls.values(), repository); under.length > 0; ) {
    const stacked = and(eq(pullRequest.state, 'open'), inArray(pullRequest.base, under))
    const found = [...(await pullsWhere(tx, lane.repository, stacked))].filter(([number]) => !pulls.has(number))
    for (const [number, doc] of found) pulls.set(number, doc)
    under = branchesBelow(
      found.map(([, doc]) => doc),
      repository,
    )
  }
  return pulls
}

async function othersFor(
  tx: Handle,
  name: string,
  pulls: ReadonlyMap<number, PullRequest>,
): Promise<Map<number, PullRequest>> {
  const named = [...pulls.values()].flatMap(({ seen }) => seen?.depends_on ?? [])
  const missing = [...new Set(named)].filter((number) => !pulls.has(number))
  return missing.length > 0 ? pullsWhere(tx, name, inArray(pullRequest.number, missing)) : new Map()
}

async function pullsWhere(tx: Handle, name: string, condition: SQL | undefined): Promise<Map<number, PullRequest>> {
  const found = await tx
    .select({ number: pullRequest.number, doc: pullRequest.doc })
    .from(pullRequest)
    .where(and(eq(pullRequest.repository, name), condition))
    .orderBy(pullRequest.number)
  return new Map(found.map(({ number, doc }) => [number, doc]))
}

const headsOf = (pulls: ReadonlyMap<number, PullRequest>): string[] =>
  [...pulls.values()].flatMap((pull) => (pull.seen ? [pull.seen.sha] : []))

/** The last report of every check on the commits, and the last word on every person. */
async function factsAbout(
  tx: Handle,
  name: string,
  shas: readonly string[],
): Promise<Pick<LaneView, 'checks' | 'permissions'>> {
  const last = tx
    .selectDistinctOn([event.thing])
    .from(event)
    .where(and(eq(event.repository, name), eq(event.type, 'permission_observed')))
    .orderBy(event.thing, desc(event.position))
  const reports = tx
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
  const found = shas.length === 0 ? await last : await unionAll(last, reports)
  const checks = new Map<string, LoggedEvent<'check_reported'>[]>()
  const permissions = new Map<string, Permission>()
  for (const row of found.sort((a, b) => a.position - b.position)) {
    if (row.type === 'permission_observed') {
      const { user, permission } = toEvent<'permission_observed'>(row).payload
      permissions.set(user.toLowerCase(), permission)
    } else {
      const report = toEvent<'check_reported'>(row)
      checks.set(report.payload.sha, [...(checks.get(report.payload.sha) ?? []), report])
    }
  }
  return { checks, permissions }
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
