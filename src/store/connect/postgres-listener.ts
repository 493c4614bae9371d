/**
 * Hears PostgreSQL's notifications on a connection of its own. When that breaks it is opened again as soon as the database
 * answers anybody; what was sent meanwhile is lost, as a hint may be. It knows no channel's meaning.
 */
import postgres from 'postgres'
import { CLIENT_OPTIONS } from './postgres-pool.ts'
import { reaching } from './unavailable.ts'

export interface PostgresListener {
  readonly listen: (channel: string, heard: (payload: string) => void) => Promise<() => Promise<void>>
  /** To be called whenever the database is known to be there. */
  readonly mend: () => void
  readonly close: () => Promise<void>
}

interface Listening {
  readonly channel: string
  readonly heard: (payload: string) => void
  /** Null while the connection is broken. */
  client: postgres.Sql | null
  opening: boolean
}

export function openListener(url: string): PostgresListener {
  const all = new Set<Listening>()

  async function open(listening: Listening): Promise<void> {
    if (listening.opening || listening.client) return
    listening.opening = true
    // An option that the types leave out; `client.listen` would hide from us that its connection broke.
    const notified = { onnotify: (_: string, payload: string) => listening.heard(payload) }
    const client = postgres(url, {
      ...CLIENT_OPTIONS,
      ...notified,
      connection: { application_name: 'mainkeeper listen' },
      onclose: () => {
        if (listening.client === client) listening.client = null
      },
    })
    try {
      await client.unsafe(`listen ${listening.channel}`)
      listening.client = client
    } catch (error) {
      void client.end({ timeout: 0 }).catch(() => {})
      throw error
    } finally {
      listening.opening = false
    }
  }

  return {
    listen: async (channel, heard) => {
      const listening: Listening = { channel, heard, client: null, opening: false }
      await reaching(() => open(listening))
      all.add(listening)
      return async () => {
        all.delete(listening)
        await listening.client?.end({ timeout: 5 })
      }
    },
    mend: () => {
      for (const listening of all) if (!listening.client) void open(listening).catch(() => {})
    },
    close: async () => {
      const open = [...all]
      all.clear()
      await Promise.all(open.map(async ({ client }) => client?.end({ timeout: 5 })))
    },
  }
}
