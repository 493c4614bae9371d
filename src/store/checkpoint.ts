/** How far each follower of the log, and each sweep of GitHub, has come. It knows their names only. */
import { eq } from 'drizzle-orm'
import { storable } from './append/storable.ts'
import type { Database } from './connect/client.ts'
import { checkpoint } from './schema.ts'

export interface Checkpoint {
  readonly position: number
  readonly value: Readonly<Record<string, unknown>>
}

export interface Checkpoints {
  readonly get: (name: string) => Promise<Checkpoint | null>
  readonly set: (name: string, checkpoint: Checkpoint) => Promise<void>
}

export function openCheckpoints(database: Database): Checkpoints {
  return {
    get: async (name) => {
      const [row] = await database.query((db) =>
        db
          .select({ position: checkpoint.position, value: checkpoint.value })
          .from(checkpoint)
          .where(eq(checkpoint.name, name)),
      )
      return row ?? null
    },
    set: async (name, { position, value }) => {
      const row = { position, value: storable(value) }
      await database.query((db) =>
        db
          .insert(checkpoint)
          .values({ name, ...row })
          .onConflictDoUpdate({ target: checkpoint.name, set: row }),
      )
    },
  }
}
