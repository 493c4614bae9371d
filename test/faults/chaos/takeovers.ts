/**
 * How long lanes are without anybody who acts on them: from the moment at which their holder was lost to the moment at which
 * another took them, by the database's clock. It reads the leases and touches nothing.
 */
import type postgres from 'postgres'
import { LEASE_TTL_MS } from '../../../src/store/lease.ts'

export interface Takeovers {
  /** Who holds lanes that are due. */
  holders(): Promise<ReadonlySet<string>>
  /** This owner is gone: the lanes that it holds and that are due wait for another from now on. */
  lost(owner: string): Promise<void>
  /** It is back before its leases were over, or nobody could have taken them: its lanes are not waited for any more. */
  forget(owner?: string): void
  /** Looks which lanes were taken since. */
  look(): Promise<void>
  /** `late`: how long after the end of the lease, at most. All in seconds. */
  measured(): {
    readonly taken: number
    readonly longest: number
    readonly late: number
    readonly waiting: readonly string[]
  }
}

interface Row {
  readonly name: string
  readonly epoch: number
  readonly owner: string | null
  readonly acquired: number
  readonly expires: number | null
  readonly due: boolean
  readonly now: number
}

interface Wait extends Pick<Row, 'epoch'> {
  readonly owner: string
  readonly from: number
  expires: number
}

export const TTL_SECONDS = LEASE_TTL_MS / 1000

export function watchTakeovers(client: postgres.Sql): Takeovers {
  const waits = new Map<string, Wait>()
  const measured = { taken: 0, longest: 0, late: 0 }
  const read = (): Promise<readonly Row[]> =>
    client<Row[]>`
      select repository || ' ' || lane as name, epoch, owner,
        extract(epoch from acquired_at)::float8 as acquired, extract(epoch from expires_at)::float8 as expires,
        coalesce(wake_at <= mainkeeper_now(), false) as due, extract(epoch from mainkeeper_now())::float8 as now
      from lease`
  const look = async (): Promise<void> => {
    for (const { name, epoch, acquired, expires } of await read()) {
      const wait = waits.get(name)
      // A renewal that was on its way when its sender was lost counts still.
      if (wait?.epoch === epoch) wait.expires = Math.max(wait.expires, expires ?? 0)
      if (!wait || epoch <= wait.epoch) continue
      waits.delete(name)
      measured.taken++
      measured.longest = Math.max(measured.longest, acquired - wait.from)
      measured.late = Math.max(measured.late, acquired - wait.expires)
    }
  }
  const holds = ({ due, expires, now }: Row): boolean => due && expires !== null && expires > now
  return {
    look,
    holders: async () =>
      new Set((await read()).flatMap((row) => (row.owner !== null && holds(row) ? [row.owner] : []))),
    async lost(gone) {
      for (const row of await read())
        if (row.owner === gone && holds(row) && !waits.has(row.name))
          waits.set(row.name, { owner: gone, epoch: row.epoch, from: row.now, expires: row.expires ?? row.now })
    },
    forget(owner) {
      for (const [name, wait] of waits) if (owner === undefined || wait.owner === owner) waits.delete(name)
    },
    measured: () => ({ ...measured, waiting: [...waits.keys()] }),
  }
}
