/** Until when GitHub asked each installation to keep quiet, shared by every process. It knows no request and no header. */
import { eq, sql } from 'drizzle-orm'
import type { Instant } from '../core/ids.ts'
import type { Database } from './connect/client.ts'
import { prepared } from './connect/prepared.ts'
import { installationLimit } from './schema.ts'

export interface LimitStore {
  /** Null when the installation was never limited. */
  readonly get: (installation: number) => Promise<Instant | null>
  /** Remembers a limit; an earlier end never shortens a later one. */
  readonly set: (installation: number, until: Instant) => Promise<void>
}

const limitOf = prepared((db) =>
  db
    .select()
    .from(installationLimit)
    .where(eq(installationLimit.installation, sql.placeholder('installation')))
    .prepare('limit_of'),
)

export function openLimits(database: Database): LimitStore {
  return {
    get: async (installation) => {
      const [row] = await database.query((db) => limitOf(db).execute({ installation }))
      return row?.until.getTime() ?? null
    },
    set: async (installation, until) => {
      await database.query((db) =>
        db
          .insert(installationLimit)
          .values({ installation, until: new Date(until) })
          .onConflictDoUpdate({
            target: installationLimit.installation,
            set: { until: sql`greatest(${installationLimit.until}, excluded.until)` },
          }),
      )
    },
  }
}
