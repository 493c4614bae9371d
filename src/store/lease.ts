/**
 * Who may act on a lane, until when, and under which number. The only file that makes a `Fence`. All moments are the
 * database's; what is left of a lease is counted by a clock that never jumps, from before the request that got it. It knows
 * nothing of what its holder does.
 */
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Fence } from '../core/fence.ts'
import type { Instant } from '../core/ids.ts'
import type { Database } from './connect/client.ts'
import { type Handle, rows } from './connect/handle.ts'
import { databaseNow, NOW, NOW_MS } from './connect/now.ts'
import { prepared } from './connect/prepared.ts'
import { lane as laneTable, lease } from './schema.ts'

export const LEASE_TTL_MS = 120_000

export interface Acquired {
  readonly result: 'acquired'
  readonly fence: Fence
}
export interface Busy {
  readonly result: 'busy'
  readonly owner: string
  readonly until: Instant
}
/** No lane is due that nobody holds; `next` is when one can be, null when only an event can bring that about. */
export interface Idle {
  readonly result: 'idle'
  readonly next: Instant | null
}
/** Somebody else took the lane since, or nobody did and the time is over all the same. */
export type Lapse = { readonly result: 'stolen'; readonly owner: string | null } | { readonly result: 'expired' }
export type Renewal = { readonly result: 'renewed' } | Lapse
export type Release = { readonly result: 'released' | 'moved' | 'stolen' | 'expired' }

export interface Leases {
  /** Takes the lane if nobody holds it or the holder's time is over; throws when there is no such lane. */
  readonly acquire: (repository: string, lane: string, owner: string, ttlMs?: number) => Promise<Acquired | Busy>
  /** Extends the lease in place: the same fence counts on. Any other result ends the fence. */
  readonly renew: (fence: Fence, ttlMs?: number) => Promise<Renewal>
  /**
   * Gives the lane back, to be judged again at `wakeAt` or by the next event. With `ifPosition` only when that is still the
   * lane's version, so that no event is slept through; `moved` leaves the lease as it was. Without both it stays as due as it is.
   */
  readonly release: (fence: Fence, how: { wakeAt: Instant | null; ifPosition?: number }) => Promise<Release>
  /** Takes the lane that is due for longest and that nobody holds. */
  readonly claimNext: (owner: string, ttlMs?: number) => Promise<Acquired | Idle>
  /** Ends every lease at once: for whoever alone has the database, so that all who held one before are known to be gone. */
  readonly endAll: () => Promise<void>
}

/** What the fence counts by: the moment at which its lease ends, by the monotonic clock. */
interface Term {
  end: number
  expires: Instant
}

type LeaseRow = typeof lease.$inferSelect

export function openLeases(database: Database, options: { monotonic?: () => number } = {}): Leases {
  const monotonic = options.monotonic ?? (() => performance.now())
  const terms = new WeakMap<Fence, Term>()

  function fenceOf(row: Taken, owner: string, asked: number, ttlMs: number): Fence {
    const term: Term = { end: asked + ttlMs, expires: row.at }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- here and nowhere else a fence is made
    const fence = {
      repository: row.repository,
      lane: row.lane,
      owner,
      epoch: row.epoch,
      left: () => term.end - monotonic(),
      get expires_at() {
        return term.expires
      },
    } as Fence
    terms.set(fence, term)
    return fence
  }

  const end = (fence: Fence): void => {
    const term = terms.get(fence)
    if (term) term.end = Number.NEGATIVE_INFINITY
  }

  return {
    acquire: async (repository, lane, owner, ttlMs = LEASE_TTL_MS) => {
      const asked = monotonic()
      return database.transaction(async (tx) => {
        const [row] = await tx.select().from(lease).where(whose({ repository, lane })).for('update')
        if (!row) throw new Error(`there is no lane ${lane} of ${repository}`)
        const now = await databaseNow(tx)
        if (row.owner !== null && row.expires_at !== null && row.expires_at > now)
          return { result: 'busy', owner: row.owner, until: row.expires_at.getTime() }
        const taken = await take(tx, row, owner, now, ttlMs)
        return { result: 'acquired', fence: fenceOf(taken, owner, asked, ttlMs) }
      })
    },

    renew: async (fence, ttlMs = LEASE_TTL_MS) => {
      const asked = monotonic()
      const renewal = await database.transaction(async (tx): Promise<Renewal> => {
        const { now, lapse } = await holding(tx, fence)
        if (lapse) return lapse
        const expires_at = new Date(now.getTime() + ttlMs)
        await tx.update(lease).set({ renewed_at: now, expires_at }).where(whose(fence))
        const term = terms.get(fence)
        if (term) Object.assign(term, { end: asked + ttlMs, expires: expires_at.getTime() })
        return { result: 'renewed' }
      })
      if (renewal.result !== 'renewed') end(fence)
      return renewal
    },

    release: async (fence, { wakeAt, ifPosition }) => {
      const release = await database.transaction(async (tx): Promise<Release> => {
        const moved = ifPosition !== undefined && (await laneVersion(tx, fence)) !== ifPosition
        const { lapse } = await holding(tx, fence)
        if (lapse) return { result: lapse.result }
        if (moved) return { result: 'moved' }
        // Without a version to go by, a wake-up that is due already is kept until somebody names another time.
        const keeps = wakeAt === null && ifPosition === undefined
        const wake = keeps ? {} : { wake_at: wakeAt === null ? null : new Date(wakeAt) }
        await tx
          .update(lease)
          .set({ owner: null, expires_at: null, ...wake })
          .where(whose(fence))
        return { result: 'released' }
      })
      if (release.result !== 'moved') end(fence)
      return release
    },

    claimNext: async (owner, ttlMs = LEASE_TTL_MS) => {
      const asked = monotonic()
      const { next, now } = await database.query(nextDue)
      if (next === null || next > now) return { result: 'idle', next }
      const [row] = await database.query((db) => rows<Taken & Record<string, unknown>>(db, claim(owner, ttlMs)))
      return row ? { result: 'acquired', fence: fenceOf(row, owner, asked, ttlMs) } : { result: 'idle', next }
    },

    endAll: async () => {
      await database.query((db) => db.update(lease).set({ owner: null, expires_at: null }))
    },
  }
}

const whose = ({ repository, lane }: { repository: string; lane: string }) =>
  and(eq(lease.repository, repository), eq(lease.lane, lane))

const lockLease = prepared((tx) => {
  const its = and(eq(lease.repository, sql.placeholder('repository')), eq(lease.lane, sql.placeholder('lane')))
  const locked = tx.$with('locked').as(tx.select().from(lease).where(its).for('update'))
  return tx
    .with(locked)
    .select({ owner: locked.owner, epoch: locked.epoch, expires_at: locked.expires_at, now: NOW_MS.as('now') })
    .from(locked)
    .prepare('lock_lease')
})

/** Whether the fence still holds, by its row, which stays locked; the clock is read once the lock is there. */
export async function holding(tx: Handle, fence: Fence): Promise<{ readonly now: Date; readonly lapse: Lapse | null }> {
  const [row] = await lockLease(tx).execute({ repository: fence.repository, lane: fence.lane })
  const now = row ? new Date(row.now) : await databaseNow(tx)
  if (row?.epoch !== fence.epoch || row.owner !== fence.owner)
    return { now, lapse: { result: 'stolen', owner: row?.owner ?? null } }
  return { now, lapse: row.expires_at === null || row.expires_at <= now ? { result: 'expired' } : null }
}

/** What a lease was taken for: its lane, its new epoch, and when it ends. */
interface Taken {
  readonly repository: string
  readonly lane: string
  readonly epoch: number
  readonly at: Instant
}

/** Taking raises the epoch: whatever the holder before still wants to write is refused. */
async function take(tx: Handle, row: LeaseRow, owner: string, now: Date, ttlMs: number): Promise<Taken> {
  const expires_at = new Date(now.getTime() + ttlMs)
  const epoch = row.epoch + 1
  await tx.update(lease).set({ owner, epoch, acquired_at: now, renewed_at: now, expires_at }).where(whose(row))
  return { repository: row.repository, lane: row.lane, epoch, at: expires_at.getTime() }
}

/** When the next lane can be claimed, and what time it is. Only to look writes nothing: workers do it all day. */
async function nextDue(db: Handle): Promise<{ readonly next: Instant | null; readonly now: Instant }> {
  const [row] = await rows<{ next: number | null; now: number }>(
    db,
    sql`select floor(extract(epoch from min(greatest(wake_at, expires_at))) * 1000)::float8 as next, ${NOW_MS} as now
      from ${lease} where wake_at is not null`,
  )
  return row ?? { next: null, now: 0 }
}

/** As `take`, of the lane that is due for longest, in one statement. */
const claim = (owner: string, ttlMs: number): SQL => sql`
  with clock as materialized (select ${NOW} as now),
  due as (
    select l.repository, l.lane from ${lease} as l, clock
    where l.wake_at <= clock.now and (l.owner is null or l.expires_at <= clock.now)
    order by l.wake_at, l.repository, l.lane limit 1 for update of l skip locked
  )
  update ${lease} as l
  set owner = ${owner}, epoch = l.epoch + 1, acquired_at = clock.now, renewed_at = clock.now,
    expires_at = clock.now + ${ttlMs}::float8 * interval '1 millisecond'
  from due, clock where l.repository = due.repository and l.lane = due.lane
  returning l.repository, l.lane, l.epoch, floor(extract(epoch from l.expires_at) * 1000)::float8 as at`

async function laneVersion(tx: Handle, fence: Fence): Promise<number | undefined> {
  const [row] = await tx
    .select({ position: laneTable.position })
    .from(laneTable)
    .where(and(eq(laneTable.repository, fence.repository), eq(laneTable.target, fence.lane)))
    .for('update')
  return row?.position
}
