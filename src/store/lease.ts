/**
 * Who may act on a lane, until when, and under which number. The only file that makes a `Fence`. All moments are the
 * database's; what is left of a lease is counted by a clock that never jumps, from before the request that got it. It knows
 * nothing of what its holder does.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Fence } from '../core/fence.ts'
import type { Instant } from '../core/ids.ts'
import type { Database } from './client.ts'
import { type Handle, rows } from './connect/handle.ts'
import { databaseNow } from './connect/now.ts'
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
  /** Takes the lane that is due for longest and that nobody holds; null when there is none. */
  readonly claimNext: (owner: string, ttlMs?: number) => Promise<Acquired | null>
  /** Ends every lease at once: for whoever alone has the database, so that all who held one before are known to be gone. */
  readonly endAll: () => Promise<void>
  /** When the next lane can be claimed; null when only an event can bring that about. */
  readonly nextWake: () => Promise<Instant | null>
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

  function fenceOf(row: LeaseRow, owner: string, asked: number, ttlMs: number): Fence {
    const term: Term = { end: asked + ttlMs, expires: row.expires_at?.getTime() ?? 0 }
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
      return database.transaction(async (tx) => {
        const now = await databaseNow(tx)
        const at = now.toISOString()
        const [row] = await tx
          .select()
          .from(lease)
          .where(sql`${lease.wake_at} <= ${at} and (${lease.owner} is null or ${lease.expires_at} <= ${at})`)
          .orderBy(lease.wake_at, lease.repository, lease.lane)
          .limit(1)
          .for('update', { skipLocked: true })
        if (!row) return null
        const taken = await take(tx, row, owner, now, ttlMs)
        return { result: 'acquired', fence: fenceOf(taken, owner, asked, ttlMs) }
      })
    },

    endAll: async () => {
      await database.query((db) => db.update(lease).set({ owner: null, expires_at: null }))
    },

    nextWake: async () => {
      const [row] = await database.query((db) =>
        rows<{ at: number | null }>(
          db,
          sql`select floor(extract(epoch from min(greatest(wake_at, expires_at))) * 1000)::float8 as at
            from ${lease} where wake_at is not null`,
        ),
      )
      return row?.at ?? null
    },
  }
}

const whose = ({ repository, lane }: { repository: string; lane: string }) =>
  and(eq(lease.repository, repository), eq(lease.lane, lane))

/** Whether the fence still holds, by its row, which stays locked; the clock is read once the lock is there. */
export async function holding(tx: Handle, fence: Fence): Promise<{ readonly now: Date; readonly lapse: Lapse | null }> {
  const [row] = await tx.select().from(lease).where(whose(fence)).for('update')
  const now = await databaseNow(tx)
  if (row?.epoch !== fence.epoch || row.owner !== fence.owner)
    return { now, lapse: { result: 'stolen', owner: row?.owner ?? null } }
  return { now, lapse: row.expires_at === null || row.expires_at <= now ? { result: 'expired' } : null }
}

/** Taking raises the epoch: whatever the holder before still wants to write is refused. */
async function take(tx: Handle, row: LeaseRow, owner: string, now: Date, ttlMs: number): Promise<LeaseRow> {
  const taken = {
    owner,
    epoch: row.epoch + 1,
    acquired_at: now,
    renewed_at: now,
    expires_at: new Date(now.getTime() + ttlMs),
  }
  await tx.update(lease).set(taken).where(whose(row))
  return { ...row, ...taken }
}

async function laneVersion(tx: Handle, fence: Fence): Promise<number | undefined> {
  const [row] = await tx
    .select({ position: laneTable.position })
    .from(laneTable)
    .where(and(eq(laneTable.repository, fence.repository), eq(laneTable.target, fence.lane)))
    .for('update')
  return row?.position
}
