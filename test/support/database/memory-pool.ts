/**
 * Databases in memory that stay open for whoever comes next in this process: to open one takes more than a second of a core,
 * to empty it a few milliseconds. Whoever borrows one can't tell it from his own: closed, it refuses him for good. It is
 * passed on only when nothing was at work in it and it could be emptied; otherwise it is closed as any other.
 */
import type { Database } from '../../../src/store/connect/client.ts'
import { DatabaseUnavailable } from '../../../src/store/connect/unavailable.ts'

interface PoolOptions {
  readonly open: () => Promise<Database>
  /** Makes it as it was when it was opened. */
  readonly empty: (database: Database) => Promise<void>
}

/** The answer lends a database, which comes back when it is closed. */
export function poolOf({ open, empty }: PoolOptions): () => Promise<Database> {
  const free: Database[] = []

  function lent(database: Database): Database {
    let atWork = 0
    let closing: Promise<void> | undefined
    const listening = new Set<() => Promise<void>>()

    async function counted<T>(work: () => Promise<T>): Promise<T> {
      if (closing) throw new DatabaseUnavailable('the connection to the database was closed')
      atWork++
      try {
        return await work()
      } finally {
        atWork--
      }
    }

    async function takeBack(): Promise<void> {
      // What is at work is to fail, as it does when a connection is closed; nobody else may find what it still does.
      if (atWork > 0) return database.close()
      try {
        for (const end of listening) await end()
        await empty(database)
        free.push(database)
      } catch {
        await database.close()
      }
    }

    return {
      kind: database.kind,
      query: (work) => counted(() => database.query(work)),
      transaction: (work, config) => counted(() => database.transaction(work, config)),
      listen: (channel, heard) =>
        counted(async () => {
          const end = await database.listen(channel, heard)
          listening.add(end)
          return end
        }),
      close: () => (closing ??= takeBack()),
    }
  }

  return async () => lent(free.pop() ?? (await open()))
}
