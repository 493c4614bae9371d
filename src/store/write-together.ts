/**
 * Carries out several writes of a transaction as one statement: each statement is a round trip, and one that waits for the
 * database is one that keeps a repository's row. It knows no table.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Handle } from './connect/handle.ts'

/** One list for each table; of two lists none writes the same row, for nothing is said about which would come first. */
export type Writes = readonly (readonly SQL[])[]

/** So many rows of the widest tables together stay below the 65,535 parameters that a statement may have. */
const CHUNK = 500

export function chunks<T>(items: readonly T[], size = CHUNK): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

/** The first of every list together, then the second of every list, until none is left. */
export async function writeTogether(tx: Handle, writes: Writes): Promise<void> {
  for (let round = 0; ; round++) {
    const parts = writes.flatMap((list) => list[round] ?? [])
    if (parts.length === 0) return
    const named = parts.map((part, index) => sql`${sql.identifier(`write_${index}`)} as (${part})`)
    await tx.execute(sql`with ${sql.join(named, sql`, `)} select`)
  }
}
