/**
 * The inbox: every delivery as it came, before anybody understood it. A delivery is done when what it means is in the log;
 * until then it can be translated again. It knows neither GitHub's payloads nor our events.
 */
import { asc, desc, eq, isNull, sql } from 'drizzle-orm'
import { translatedMark } from './append/append-writes.ts'
import { storable } from './append/storable.ts'
import type { Database } from './connect/client.ts'
import { NOW } from './connect/now.ts'
import { prepared } from './connect/prepared.ts'
import { delivery } from './schema.ts'

export interface NewDelivery {
  /** `X-GitHub-Delivery`. */
  readonly id: string
  /** `X-GitHub-Event`. */
  readonly event: string
  readonly action: string | null
  readonly repository: string | null
  readonly installation: number | null
  readonly body: string
}

export type Delivery = typeof delivery.$inferSelect

export interface Inbox {
  /** Keeps a delivery; `untranslated`: it was here before and has to be translated still; `done`: a repeat. */
  readonly receive: (delivery: NewDelivery) => Promise<'new' | 'untranslated' | 'done'>
  /** What has still to be translated: what failed least often first, then the oldest. */
  readonly untranslated: (limit: number) => Promise<Delivery[]>
  /** Counts a delivery without an event of its own as translated; false when it was already. */
  readonly settled: (id: string) => Promise<boolean>
  /** Could not be translated this time. */
  readonly failed: (id: string, diagnostics: readonly string[]) => Promise<void>
  readonly find: (id: string) => Promise<Delivery | null>
  /** The latest deliveries, newest first. */
  readonly latest: (limit: number) => Promise<Delivery[]>
}

const keep = prepared((db) =>
  db
    .insert(delivery)
    .values({
      id: sql.placeholder('id'),
      event: sql.placeholder('event'),
      action: sql.placeholder('action'),
      repository: sql.placeholder('repository'),
      installation: sql.placeholder('installation'),
      body: sql.placeholder('body'),
      received_at: NOW,
    })
    .onConflictDoNothing()
    .returning({ id: delivery.id })
    .prepare('keep_delivery'),
)

const settle = prepared((db) => translatedMark(db, sql.placeholder('id')).prepare('settle_delivery'))

export function openInbox(database: Database): Inbox {
  return {
    receive: (incoming) =>
      database.query(async (db) => {
        const added = await keep(db).execute({ ...storable(incoming) })
        if (added.length > 0) return 'new'
        const [row] = await db
          .select({ translated_at: delivery.translated_at })
          .from(delivery)
          .where(eq(delivery.id, incoming.id))
        return row?.translated_at ? 'done' : 'untranslated'
      }),

    untranslated: (limit) =>
      database.query((db) =>
        db
          .select()
          .from(delivery)
          .where(isNull(delivery.translated_at))
          .orderBy(asc(delivery.attempts), asc(delivery.received_at), asc(delivery.id))
          .limit(limit),
      ),

    settled: async (id) => (await database.query((db) => settle(db).execute({ id }))).length > 0,

    failed: async (id, diagnostics) => {
      await database.query((db) =>
        db
          .update(delivery)
          .set({ diagnostics: storable(diagnostics), attempts: sql`${delivery.attempts} + 1` })
          .where(eq(delivery.id, id)),
      )
    },

    find: async (id) => {
      const [row] = await database.query((db) => db.select().from(delivery).where(eq(delivery.id, id)))
      return row ?? null
    },

    latest: (limit) =>
      database.query((db) =>
        db.select().from(delivery).orderBy(desc(delivery.received_at), desc(delivery.id)).limit(limit),
      ),
  }
}
