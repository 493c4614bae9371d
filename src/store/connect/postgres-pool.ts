/**
 * Connections to PostgreSQL: each is one postgres.js client of its own, lent to one piece of work at a time and thrown away
 * as soon as it breaks. postgres.js 3.4 has a pool and transactions, but a transaction whose connection closes ends the
 * process there (porsager/postgres#1208) and a broken connection can hang when it is used again. It knows no table.
 */
import { sql } from 'drizzle-orm'
import type { PgTransactionConfig } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import type postgres from 'postgres'
import type { Handle } from './handle.ts'
import { asUnavailable, DatabaseUnavailable } from './unavailable.ts'

/** How every client is opened; connections end when we say so, never in the middle of a transaction. */
export const CLIENT_OPTIONS = {
  max: 1,
  max_lifetime: null,
  idle_timeout: 0,
  connect_timeout: 10,
  fetch_types: false,
  onnotice: () => {},
} as const

/** What one client has of its own. */
export type ClientOptions = Pick<postgres.Options<Record<string, never>>, 'connection' | 'onclose'>

/**
 * Whatever a statement's values are, it is carried out in the same way, by indexes: planning it for them again, as PostgreSQL
 * would five times and more, takes longer than carrying it out.
 */
export const PLANS = { plan_cache_mode: 'force_generic_plan' } as const

/** A process that is paused in a transaction must not hold a repository's lock for ever. */
const SESSION = { application_name: 'mainkeeper', idle_in_transaction_session_timeout: 60_000, ...PLANS }

/**
 * Statements of at most so many values are prepared by their first use: planning one takes longer than carrying it out, and
 * postgres.js asks twice for one that it does not know. Longer lists are of all lengths, and would fill the server's memory.
 */
const MOST_PREPARED = 50

interface Seat {
  readonly db: Handle
  readonly client: postgres.Sql
  broken: boolean
  /** Ends the work that has the seat; called when the connection closes. */
  abandon: () => void
}

export interface PostgresPool {
  readonly query: <T>(work: (db: Handle) => Promise<T>) => Promise<T>
  readonly transaction: <T>(work: (tx: Handle) => Promise<T>, config?: PgTransactionConfig) => Promise<T>
  readonly close: () => Promise<void>
}

/** Opens at most `size` clients, each when it is first needed; `worked` is called whenever the database answered. */
export function openPool(
  connect: (options: ClientOptions) => postgres.Sql,
  size: number,
  worked: () => void,
): PostgresPool {
  const seats = new Set<Seat>()
  const free: Seat[] = []
  const waiting: (() => void)[] = []
  let closed = false

  async function lend(): Promise<Seat> {
    for (;;) {
      if (closed) throw new DatabaseUnavailable('the connection to the database was closed')
      const seat = free.pop()
      if (seat && !seat.broken) return seat
      if (seat) discard(seat)
      else if (seats.size < size) {
        const fresh = openSeat(connect)
        seats.add(fresh)
        return fresh
      } else await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  function giveBack(seat: Seat): void {
    if (seat.broken) discard(seat)
    else free.push(seat)
    waiting.shift()?.()
  }

  function discard(seat: Seat): void {
    seats.delete(seat)
    // What it still has to say does not matter: the server rolls back what was not committed.
    void seat.client.end({ timeout: 0 }).catch(() => {})
  }

  async function seated<T>(work: (seat: Seat) => Promise<T>): Promise<T> {
    const seat = await lend()
    try {
      const result = await whileOpen(seat, work(seat))
      worked()
      return result
    } catch (error) {
      const failure = asUnavailable(error)
      if (failure instanceof DatabaseUnavailable) seat.broken = true
      throw failure
    } finally {
      giveBack(seat)
    }
  }

  return {
    query: (work) => seated((seat) => work(seat.db)),
    transaction: (work, config) => seated((seat) => transact(seat, work, config ?? {})),
    close: async () => {
      closed = true
      for (const wake of waiting.splice(0)) wake()
      await Promise.all([...seats].map((seat) => seat.client.end({ timeout: 5 })))
    },
  }
}

/**
 * A statement that is sent when its connection was reset and has not closed yet is never answered by postgres.js: not by an
 * error either. Without this a turn would wait for it for ever, and its lease would be renewed meanwhile.
 */
function whileOpen<T>(seat: Seat, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    seat.abandon = () => reject(new DatabaseUnavailable('the connection to the database closed'))
    work.then(resolve, reject)
  })
}

function openSeat(connect: (options: ClientOptions) => postgres.Sql): Seat {
  const client = connect({
    connection: SESSION,
    onclose: () => {
      seat.broken = true
      seat.abandon()
    },
  })
  const send = client.unsafe.bind(client)
  client.unsafe = (text, values, options) => {
    // Without this the next statement of a transaction would open another connection, and be carried out on its own.
    if (seat.broken) throw new DatabaseUnavailable('the connection to the database broke')
    const count = values?.length ?? 0
    // The types leave out that a statement without values would be simple, and so planned anew each time.
    const how = { ...options, prepare: count <= MOST_PREPARED, simple: count === 0 && !text.startsWith('select') }
    return send(text, values, how)
  }
  const seat: Seat = { db: drizzle(client), client, broken: false, abandon: () => {} }
  return seat
}

async function transact<T>(
  seat: Seat,
  work: (tx: Handle) => Promise<T>,
  { isolationLevel, accessMode }: PgTransactionConfig,
): Promise<T> {
  const { db } = seat
  const words = ['begin', isolationLevel && `isolation level ${isolationLevel}`, accessMode]
  await db.execute(sql.raw(words.filter(Boolean).join(' ')))
  try {
    const result = await work(db)
    await db.execute(sql`commit`)
    return result
  } catch (error) {
    // On a connection that is gone there is nobody to roll back.
    if (!(asUnavailable(error) instanceof DatabaseUnavailable)) await rollBack(seat)
    throw error
  }
}

async function rollBack(seat: Seat): Promise<void> {
  try {
    await seat.db.execute(sql`rollback`)
  } catch {
    seat.broken = true
  }
}
