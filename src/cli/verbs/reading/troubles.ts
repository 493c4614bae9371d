/** What came to nothing: deliveries that could not be translated, and events that the log refused. It repairs none of them. */
import type { Store } from '../../../store/store.ts'

export interface Trouble {
  readonly kind: 'delivery' | 'rejected'
  /** The delivery's id, or the number of the refusal. */
  readonly id: string
  readonly at: string
  readonly repository: string | null
  /** GitHub's event and action, or our event type. */
  readonly type: string
  /** Where a refused event came from. */
  readonly source: string | null
  readonly pull: number | null
  readonly diagnostics: readonly string[]
}

/** How many of each kind are looked at. */
const LIMIT = 200

/** The latest troubles, oldest first. */
export async function findTroubles(
  store: Store,
  filter: { readonly repository?: string | undefined } = {},
): Promise<Trouble[]> {
  const { repository } = filter
  const waiting = await store.inbox.untranslated(LIMIT)
  const deliveries = waiting.flatMap(({ id, event, action, repository: of, received_at, diagnostics }): Trouble[] =>
    diagnostics === null || (repository !== undefined && repository !== of)
      ? []
      : [
          {
            kind: 'delivery',
            id,
            at: received_at.toISOString(),
            repository: of,
            type: action === null ? event : `${event}.${action}`,
            source: null,
            pull: null,
            diagnostics,
          },
        ],
  )
  const rejected = (await store.models.rejected(LIMIT, repository)).map(
    (row): Trouble => ({
      kind: 'rejected',
      id: String(row.id),
      at: row.recorded_at.toISOString(),
      repository: row.repository,
      type: row.type,
      source: row.source,
      pull: pullIn(row.payload),
      diagnostics: row.diagnostics,
    }),
  )
  return [...deliveries, ...rejected].sort((a, b) => a.at.localeCompare(b.at))
}

function pullIn(payload: unknown): number | null {
  const pull = typeof payload === 'object' && payload !== null && 'pull' in payload ? payload.pull : null
  return typeof pull === 'number' ? pull : null
}
