/**
 * Everything that a lane's judgement may look at, as of one moment of the log. It looks up what is there and judges
 * nothing; what is not there is left out, and so unknown.
 */
import { type Placeholder, sql } from 'drizzle-orm'
import type { Permission } from '../core/config.ts'
import type { LoggedEvent } from '../core/events.ts'
import { KEYED_BY_PULL, type Lane, NAMING_A_PULL, pullsOf } from '../core/queue/lane.ts'
import type { LaneView } from '../core/queue/view.ts'
import type { PullRequest } from '../core/readiness/pull-request.ts'
import { branchesBelow } from '../core/readiness/stack.ts'
import type { Repository } from '../core/repository.ts'
import type { Database } from './connect/client.ts'
import { NOW_MS } from './connect/now.ts'
import { prepared } from './connect/prepared.ts'
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

/** A lane looks after each of its own acts, so a look is one statement, which sees one moment of the log. */
export function openViews(database: Database): Views {
  return {
    load: async (name, target) => {
      const found = await database.query((db) => look(db).execute({ name, target }))
      const all = <T>(kind: Found['kind']): T[] =>
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what each kind holds is said by the statement
        found.flatMap((row) => (row.kind === kind ? [row.value as T] : []))
      const [lane] = all<FoundLane>('lane')
      return lane ? lookOf(lane, all) : null
    },
  }
}

interface Found {
  readonly kind: 'lane' | 'pull' | 'other' | 'check' | 'permission' | 'branch'
  readonly value: unknown
}

type FoundLane = Pick<Look, 'lane' | 'position' | 'repository' | 'readAt' | 'now'>

function lookOf(lane: FoundLane, all: <T>(kind: Found['kind']) => T[]): Look {
  const byNumber = (docs: readonly PullRequest[]): Map<number, PullRequest> =>
    new Map(docs.toSorted((a, b) => a.number - b.number).map((doc) => [doc.number, doc]))
  const checks = new Map<string, LoggedEvent<'check_reported'>[]>()
  for (const told of inOrder(all<Told<'check_reported'>>('check'))) {
    const { thing: _, ...rest } = told
    const report = { ...rest, occurred_at: moment(told.occurred_at), recorded_at: moment(told.recorded_at) }
    checks.set(report.payload.sha, [...(checks.get(report.payload.sha) ?? []), report])
  }
  const permissions = new Map<string, Permission>()
  for (const { payload } of inOrder(all<Told<'permission_observed'>>('permission')))
    permissions.set(payload.user.toLowerCase(), payload.permission)
  const around = byNumber(all('pull'))
  const pulls = pullsFor(lane.lane, lane.repository, around)
  return {
    ...lane,
    pulls,
    others: othersOf(pulls, byNumber(all('other')), around),
    checks,
    permissions,
    branches: new Map(all<readonly [string, string]>('branch')),
  }
}

/** A row of the log as JSON. */
type Told<T extends 'check_reported' | 'permission_observed'> = LoggedEvent<T> & { readonly thing: string }

const inOrder = <T extends { readonly position: number }>(told: T[]): T[] =>
  told.sort((a, b) => a.position - b.position)

const moment = (text: string): string => new Date(text).toISOString()

const look = prepared((db) =>
  db
    .select({ kind: sql<Found['kind']>`kind`, value: sql<unknown>`value` })
    .from(sql`(${statement(sql.placeholder('name'), sql.placeholder('target'))}) as found`)
    .prepare('look_at_lane'),
)

/** Of pull requests it finds rather too many, for which of them are stacked is told by rules. */
const statement = (name: Placeholder, target: Placeholder) => sql`
  with recursive
  here as materialized (
    select l.doc, l.position, r.doc as repository, r.position as read_at
    from ${laneTable} as l join ${repositoryTable} as r on r.name = l.repository
    where l.repository = ${name} and l.target = ${target}
  ),
  concerned(number) as (
    select pull::int from here
      cross join lateral (values ${tables(KEYED_BY_PULL)}) as of(pulls)
      cross join lateral jsonb_object_keys(of.pulls) as pull
    union
    select pull::int from here
      cross join lateral (values ${tables(NAMING_A_PULL)}) as of(asked)
      cross join lateral jsonb_path_query(of.asked, '$.*.pull') as pull
  ),
  below(number, branch) as (
    select number, case when doc->'seen'->>'remote' = ${name} then branch end from ${pullRequest}
    where repository = ${name}
      and (base = ${target} and state = 'open' or number in (select number from concerned))
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
    select jsonb_path_query(doc, '$.builds.*.published.sha') #>> '{}' from here
    union
    select jsonb_path_query(doc, '$.blocks.*.build_sha') #>> '{}' from here
  ),
  branch(thing) as (
    select distinct concat('branch:', doc->'seen'->>'remote', ':', doc->'seen'->>'branch') from pull
    where doc->'seen'->>'remote' is not null
  )
  select 'lane' as kind, jsonb_build_object('lane', doc, 'position', position, 'repository', repository,
    'readAt', read_at, 'now', ${NOW_MS}) as value from here
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

const tables = (names: readonly (keyof Lane)[]) =>
  sql.join(
    names.map((table) => sql`(doc->${sql.raw(`'${table}'`)})`),
    sql`, `,
  )

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
function othersOf(
  pulls: ReadonlyMap<number, PullRequest>,
  ...found: readonly ReadonlyMap<number, PullRequest>[]
): Map<number, PullRequest> {
  const named = new Set([...pulls.values()].flatMap(({ seen }) => seen?.depends_on ?? []))
  const known = found.flatMap((some) => [...some])
  return new Map(known.filter(([number]) => named.has(number) && !pulls.has(number)))
}
