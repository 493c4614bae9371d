/**
 * The log: appends events in one transaction with everything that is folded from them, under the repository's row lock, so
 * that a repository's order is its commit order. It refuses to know what an event means and who reads it.
 */
import { randomUUID } from 'node:crypto'
import { eq, max, sql } from 'drizzle-orm'
import { definitionOf, type LoggedEvent } from '../core/events.ts'
import { unknownRepository } from '../core/repository.ts'
import type { Append, Appended, AppendResult } from './append/append.ts'
import { eventWrites, projectedWrites, rejectedWrites, translatedMark } from './append/append-writes.ts'
import { type Guarded, guard } from './append/guard.ts'
import { openTurns } from './append/in-turn.ts'
import { type Checked, check, type Judgement, judgeObservation, judgeOccurrence } from './append/judge.ts'
import { loadRecorded, type RecordedFacts } from './append/recorded.ts'
import type { Database } from './connect/client.ts'
import type { Handle } from './connect/handle.ts'
import { NOW_MS } from './connect/now.ts'
import { prepared } from './connect/prepared.ts'
import { writeTogether } from './connect/write-together.ts'
import { type EventRow, toEvent, toRow } from './fold/event-rows.ts'
import { knownFrom } from './fold/known.ts'
import type { LaneRow, RepositoryRow } from './fold/model-rows.ts'
import { openProjection } from './fold/projection.ts'
import { event as eventTable, repository } from './schema.ts'
import { wakeLanes } from './wakes.ts'

export interface EventLog {
  /** Appends what is new; refuses all of it when the fence no longer holds or the lane has moved since `atPosition`. */
  readonly append: (request: Append) => Promise<AppendResult>
  /** The log's last position, for `readAt`; taken before a read is sent. */
  readonly position: () => Promise<number>
}

export function openEventLog(database: Database): EventLog {
  const inTurn = openTurns()
  return {
    append: (request) => inTurn(request.repository, () => database.transaction((tx) => append(tx, request))),
    position: async () => {
      const [row] = await database.query((db) => db.select({ last: max(eventTable.position) }).from(eventTable))
      return row?.last ?? 0
    },
  }
}

async function append(tx: Handle, request: Append): Promise<AppendResult> {
  const row = await lockRepository(tx, request.repository, request.events.length)
  const guarded = await guard(tx, request)
  const result = 'why' in guarded ? ({ ok: false, ...guarded } as const) : await write(tx, request, row, guarded)
  // The row is made to be locked; without an event there is no repository.
  if (row.position === 0 && !(result.ok && result.position > 0))
    await tx.delete(repository).where(eq(repository.name, request.repository))
  return result
}

interface Locked extends RepositoryRow {
  /** The moment at which the lock was there. */
  readonly now: Date
  /** One for each event that may be appended; what is left over stays empty, as those of an append that fails. */
  readonly positions: readonly number[]
}

/** From here until the transaction ends nobody else appends to this repository. */
async function lockRepository(tx: Handle, name: string, events: number): Promise<Locked> {
  const known = await lockKnown(tx, name, events)
  if (known) return known
  await tx
    .insert(repository)
    .values({ name, position: 0, doc: unknownRepository(name) })
    .onConflictDoNothing()
  const made = await lockKnown(tx, name, events)
  if (!made) throw new Error(`the row of ${name} is gone`)
  return made
}

async function lockKnown(tx: Handle, name: string, events: number): Promise<Locked | null> {
  const [row] = await lock(tx).execute({ name, events })
  return row ? { ...row, now: new Date(row.now), positions: row.positions ?? [] } : null
}

const lock = prepared((tx) => {
  const its = eq(repository.name, sql.placeholder('name'))
  const locked = tx.$with('locked').as(tx.select().from(repository).where(its).for('update'))
  // Of the locked row, so that they are taken under its lock: a repository's positions are in the order of its commits.
  const taken = sql`lateral (
    select json_agg(nextval('event_position_seq')) as positions
    from generate_series(1, ${sql.placeholder('events')}::int) where ${locked.name} is not null) as taken`
  return tx
    .with(locked)
    .select({
      name: locked.name,
      position: locked.position,
      doc: locked.doc,
      now: NOW_MS.as('now'),
      positions: sql<number[] | null>`taken.positions`,
    })
    .from(locked)
    .crossJoin(taken)
    .prepare('lock_repository')
})

async function write(tx: Handle, request: Append, row: Locked, { lane, versions }: Guarded): Promise<AppendResult> {
  const name = request.repository
  const { now } = row
  const checked = request.events.map((event) => check(event))
  const recorded = await loadRecorded(
    tx,
    name,
    checked.filter((event) => 'payload' in event),
  )
  const before = new Map<string, LaneRow>()
  const known = knownFrom(tx, name, before, lane)
  const projection = openProjection(name, row.position === 0 ? null : row, [...versions.keys()], known)
  const touched = new Set<string>()
  const outcomes: Appended[] = []
  const added: EventRow[] = []
  for (const [index, event] of checked.entries()) {
    if ('diagnostics' in event) {
      outcomes.push({ outcome: 'rejected', diagnostics: event.diagnostics })
      continue
    }
    const judged = judge(event, {
      recorded,
      lanes: projection.lanes,
      versions,
      index,
      readAt: request.readAt,
      outcomes,
    })
    if (judged.outcome !== 'append') {
      outcomes.push(judged)
      continue
    }
    const logged = toLogged(event, judged.key, row.positions[added.length], request, now)
    const lanes = await projection.apply(logged)
    for (const target of lanes) touched.add(target)
    recorded.add(event.thing, { key: judged.key, position: logged.position, payload: event.payload })
    outcomes.push({ outcome: 'appended', event: logged })
    added.push(toRow(logged, event.thing, lanes))
  }
  await writeTogether(tx, [
    ...eventWrites(added),
    ...rejectedWrites(request, outcomes, now),
    ...projectedWrites(projection.changed, before, row),
    ...(request.delivery === undefined ? [] : [translatedMark(tx, request.delivery).getSQL()]),
  ])
  await wakeLanes(
    tx,
    name,
    [...touched].filter((target) => target !== request.fence?.lane),
    now,
  )
  return { ok: true, outcomes, lanes: [...touched], position: projection.changed.repository?.position ?? row.position }
}

interface Against {
  readonly recorded: RecordedFacts
  readonly lanes: readonly string[]
  readonly versions: ReadonlyMap<string, number>
  readonly index: number
  readonly readAt: number | undefined
  /** What came of the events before it. */
  readonly outcomes: readonly Appended[]
}

function judge(event: Checked, against: Against): Judgement {
  const { recorded, lanes, versions, index, readAt, outcomes } = against
  if (event.key !== null) return judgeOccurrence(event, event.key, recorded.ofKey(event.key))
  if (event.thing !== null) return judgeObservation(event, event.thing, recorded.ofThing(event.thing), readAt)
  // Nobody may trust a look of which a part was overtaken on its way.
  const overtaken = outcomes.find((one) => one.outcome === 'stale' && readAt !== undefined && one.newer > readAt)
  if (event.type === 'lane_observed' && overtaken?.outcome === 'stale') return overtaken
  const lane = event.lane ?? ''
  if (!lanes.includes(lane)) return { outcome: 'rejected', diagnostics: [`lane: there is no lane ${lane}`] }
  // Whatever a lane writes raises its version, so that no two appends of it share one.
  return { outcome: 'append', key: `${event.type}:${lane}:${versions.get(lane) ?? 0}:${index}` }
}

function toLogged(event: Checked, key: string, position: number | undefined, request: Append, now: Date): LoggedEvent {
  if (position === undefined) throw new Error('the sequence of the log gave no position')
  const { kind } = definitionOf(event.type)
  const ours = kind === 'decision' || kind === 'outcome'
  return toEvent({
    ...event,
    position,
    id: randomUUID(),
    key,
    repository: request.repository,
    recorded_at: now,
    based_on: request.basedOn ?? null,
    epoch: ours ? (request.fence?.epoch ?? null) : null,
  })
}
