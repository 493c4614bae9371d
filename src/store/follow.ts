/**
 * Follows a repository to another name: its log, its deliveries, its leases and its cursors are found under the new one, and its
 * read models are folded again. What happened is not changed, only where it is kept.
 */
import { eq, inArray, sql } from 'drizzle-orm'
import type { PayloadOf } from '../core/events.ts'
import type { Database } from './connect/client.ts'
import type { Handle } from './connect/handle.ts'
import { NOW } from './connect/now.ts'
import { replaceModels } from './fold/rebuild.ts'
import { checkpoint, delivery, event, lease, rejectedEvent, repository } from './schema.ts'

/**
 * Moves what is kept of the repository with this id to its name; what is there already stays as it is. Whoever held a lease under the old name has lost it; nobody takes the lane before that lease would have run out.
 */
export type Follow = (named: PayloadOf<'repository_named'>) => Promise<void>

export const openFollow =
  (database: Database): Follow =>
  (named) =>
    database.transaction((tx) => follow(tx, named))

async function follow(tx: Handle, { id, name, formerly }: PayloadOf<'repository_named'>): Promise<void> {
  const known = await tx.select({ name: repository.name, id: KNOWN_ID }).from(repository)
  const other = known.find((row) => row.name === name)?.id ?? id
  // Names are used again: what another repository left under this one waits aside until that one is heard of.
  if (other !== id) await move(tx, name, `${name}~${other}`)
  const from =
    known.find((row) => row.id === id && row.name !== name) ??
    known.find((row) => row.id === null && row.name === formerly && row.name !== name)
  if (from) await move(tx, from.name, name)
}

const KNOWN_ID = sql<number | null>`(${repository.doc}->>'id')::float8`

async function move(tx: Handle, from: string, to: string): Promise<void> {
  // In one order, so that two renames can't wait for one another.
  await tx
    .select({ name: repository.name })
    .from(repository)
    .where(inArray(repository.name, [from, to]))
    .orderBy(repository.name)
    .for('update')
  await moveLog(tx, from, to)
  await moveLeases(tx, from, to)
  await moveCursors(tx, from, to)
  for (const table of [delivery, rejectedEvent])
    await tx.update(table).set({ repository: to }).where(eq(table.repository, from))
  await replaceModels(tx, [from, to])
}

/** What came under the new name before we knew that it is the same repository keeps its place in the order. */
async function moveLog(tx: Handle, from: string, to: string): Promise<void> {
  await tx.execute(
    sql`update ${event} as e set key = e.key || ' ~ ' || e.position where e.repository = ${to}
        and exists (select 1 from ${event} as o where o.repository = ${from} and o.key = e.key)`,
  )
  await tx.update(event).set({ repository: to }).where(eq(event.repository, from))
}

/** Epochs only rise, also over two names of one lane. */
async function moveLeases(tx: Handle, from: string, to: string): Promise<void> {
  await tx.execute(
    sql`update ${lease} as l set epoch = greatest(l.epoch, o.epoch) from ${lease} as o
        where l.repository = ${to} and o.repository = ${from} and o.lane = l.lane`,
  )
  await tx.execute(
    sql`delete from ${lease} as l where l.repository = ${from}
        and exists (select 1 from ${lease} as o where o.repository = ${to} and o.lane = l.lane)`,
  )
  await tx.update(lease).set({ repository: to, wake_at: NOW }).where(eq(lease.repository, from))
}

/** Cursors are named for what they count, then for the repository. */
async function moveCursors(tx: Handle, from: string, to: string): Promise<void> {
  const ending = `:${from}`
  const renamed = sql`left(${checkpoint.name}, -length(${ending}::text)) || ${`:${to}`}::text`
  const theirs = sql`right(${checkpoint.name}, length(${ending}::text)) = ${ending}`
  await tx.delete(checkpoint).where(sql`right(${checkpoint.name}, length(${`:${to}`}::text)) = ${`:${to}`}`)
  await tx.update(checkpoint).set({ name: renamed }).where(theirs)
}
