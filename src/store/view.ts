/**
 * Everything that a lane's judgement may look at, as of one moment of the log. It looks up what is there and judges
 * nothing; what is not there is left out, and so unknown.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Permission } from '../core/config.ts'
import type { LoggedEvent } from '../core/events.ts'
import { type Lane, pullsOf, shasOf } from '../core/queue/lane.ts'
import type { LaneView } from '../core/queue/view.ts'
import type { PullRequest } from '../core/readiness/pull-request.ts'
import { branchesBelow } from '../core/readiness/stack.ts'
import type { Repository } from '../core/repository.ts'
import type { Database } from './client.ts'
import { type Handle, rows } from './connect/handle.ts'
import { NOW_MS } from './connect/now.ts'
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

/** How often a view is read again because the log went on in between, before one is read in a transaction. */
const PATIENCE = 4

/** A lane looks after each of its own acts, so a look is two statements, and a transaction only where the log does not rest. */
export function openViews(database: Database): Views {
  return {
    load: async (repository, target) => {
      for (let tries = 0; tries < PATIENCE; tries++) {
        const look = await database.query((db) => loadView(db, repository, target))
        if (look !== 'moved') return look
      }
      const look = await database.transaction((tx) => loadView(tx, repository, target), {
        isolationLevel: 'repeatable read',
        accessMode: 'read only',
      })
      if (look === 'moved') throw new Error(`the log of ${repository} moved within a transaction`)
      return look
    },
  }
}

async function loadView(db: Handle, name: string, target: string): Promise<Look | 'moved' | null> {
  const [found] = await db
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
  const around = await lookAround(db, found.lane)
  if (around.readAt !== found.readAt) return 'moved'
  const pulls = pullsFor(found.lane, found.repository, around.pulls)
  const { checks, permissions, branches } = around
  return { ...found, checks, permissions, branches, pulls, others: othersOf(pulls, around) }
}

/** What one statement finds around a lane; of pull requests rather too many, for which of them are stacked is told by rules. */
interface Around extends Pick<LaneView, 'checks' | 'permissions' | 'branches'> {
  readonly readAt: number
  readonly pulls: ReadonlyMap<number, PullRequest>
  readonly others: ReadonlyMap<number, PullRequest>
}

interface Found extends Record<string, unknown> {
  readonly kind: 'readAt' | 'pull' | 'other' | 'check' | 'permission' | 'branch'
  readonly value: unknown
}

async function lookAround(db: Handle, lane: Lane): Promise<Around> {
  const found = await rows<Found>(db, statement(lane))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what each kind holds is said by the statement
  const of = <T>(kind: Found['kind']) => found.flatMap((row) => (row.kind === kind ? [row.value as T] : []))
  const byNumber = (docs: readonly PullRequest[]): Map<number, PullRequest> =>
    new Map(docs.toSorted((a, b) => a.number - b.number).map((doc) => [doc.number, doc]))
  const checks = new Map<string, LoggedEvent<'check_reported'>[]>()
  for (const told of inOrder(of<Told<'check_reported'>>('check'))) {
    const { thing: _, ...rest } = told
    const report = { ...rest, occurred_at: moment(told.occurred_at), recorded_at: moment(told.recorded_at) }
    checks.set(report.payload.sha, [...(checks.get(report.payload.sha) ?? []), report])
  }
  const permissions = new Map<string, Permission>()
  for (const { payload } of inOrder(of<Told<'permission_observed'>>('permission')))
    permissions.set(payload.user.toLowerCase(), payload.permission)
  return {
    readAt: of<number>('readAt')[0] ?? 0,
    pulls: byNumber(of('pull')),
    others: byNumber(of('other')),
    checks,
    permissions,
    branches: new Map(of<readonly [string, string]>('branch')),
  }
}

/** A row of the log as JSON. */
type Told<T extends 'check_reported' | 'permission_observed'> = LoggedEvent<T> & { readonly thing: string }

const inOrder = <T extends { readonly position: number }>(told: T[]): T[] =>
  told.sort((a, b) => a.position - b.position)

const moment = (text: string): string => new Date(text).toISOString()

const statement = (lane: Lane, { repository: name, target } = lane) => sql`
  with recursive
  below(number, branch) as (
    select number, case when doc->'seen'->>'remote' = ${name} then branch end from ${pullRequest}
    where repository = ${name} and (base = ${target} and state = 'open' or number in (
      select number::int from jsonb_array_elements_text(${json(pullsOf(lane))}) as concerned(number)))
    union
    select upper.number, case when upper.doc->'seen'->>'remote' = ${name} then upper.branch end
    from below join ${pullRequest} as upper
      on upper.repository = ${name} and upper.state = 'open' and upper.base = below.branch
  ),
  pull as materialized (
    select number, doc from ${pullRequest} where repository = ${name} and number in (select number from below)
  ),
  commit(sha) as (
    select doc->'seen'->>'sha' from pull where doc->'seen'->>'sha' is not null
    union
    select jsonb_array_elements_text(${json(shasOf(lane))})
  ),
  branch(thing) as (
    select distinct concat('branch:', doc->'seen'->>'remote', ':', doc->'seen'->>'branch') from pull
    where doc->'seen'->>'remote' is not null
  )
  select 'readAt' as kind, to_jsonb(position) as value from ${repositoryTable} where name = ${name}
  union all
  select 'pull', doc from pull
  union all
  select 'other', doc from ${pullRequest} where repository = ${name}
    and number in (select jsonb_path_query(doc, '$.seen.depends_on[*]')::int from pull)
    and number not in (select number from pull)
  union all
  select 'check', to_jsonb(report) from commit cross join lateral (
    select distinct on (thing) * from ${event}
    where repository = ${name} and type = 'check_reported' and payload->>'sha' = commit.sha
    order by thing, position desc
  ) as report
  union all
  select 'permission', to_jsonb(permission) from (
    select distinct on (thing) * from ${event} where repository = ${name} and type = 'permission_observed'
    order by thing, position desc
  ) as permission
  union all
  select 'branch', jsonb_build_array(substr(last.thing, length('branch:') + 1), last.payload->>'sha')
  from branch cross join lateral (
    select thing, payload from ${event} where repository = ${name} and thing = branch.thing
    order by position desc limit 1
  ) as last`

const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`

/** Open pull requests into the target, those that the lane still has to do with, and what is stacked on them. */
function pullsFor(
  lane: Lane,
  repository: Repository,
  found: ReadonlyMap<number, PullRequest>,
): Map<number, PullRequest> {
  const concerned = new Set(pullsOf(lane))
  const isOpen = ({ seen }: PullRequest, bases: readonly string[]) =>
    seen?.state === 'open' && bases.includes(seen.base)
  const chosen = new Set<number>()
  for (const [number, pull] of found) if (concerned.has(number) || isOpen(pull, [lane.target])) chosen.add(number)
  // And what is stacked on those, one storey after the other.
  let storey = [...found.values()].filter(({ number }) => chosen.has(number))
  while (storey.length > 0) {
    const bases = branchesBelow(storey, repository)
    storey = [...found.values()].filter((pull) => !chosen.has(pull.number) && isOpen(pull, bases))
    for (const { number } of storey) chosen.add(number)
  }
  return new Map([...found].filter(([number]) => chosen.has(number)))
}

/** What those depend on and is none of the lane's. */
function othersOf(pulls: ReadonlyMap<number, PullRequest>, found: Pick<Around, 'pulls' | 'others'>) {
  const named = new Set([...pulls.values()].flatMap(({ seen }) => seen?.depends_on ?? []))
  return new Map([...found.others, ...found.pulls].filter(([number]) => named.has(number) && !pulls.has(number)))
}
