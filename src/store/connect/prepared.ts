/**
 * Statements that are built once for each client: those that a lane needs at every step take drizzle longer to build than
 * the database to carry out. It knows no statement.
 */
import type { Handle } from './handle.ts'

/** What `build` makes, once for each client, with `sql.placeholder` in the place of what differs each time. */
export function prepared<T>(build: (db: Handle) => T): (db: Handle) => T {
  const built = new WeakMap<Handle, T>()
  return (db) => {
    const known = built.get(db)
    if (known !== undefined) return known
    const fresh = build(db)
    built.set(db, fresh)
    return fresh
  }
}
