/**
 * How long lanes are without anybody who acts on them: from the moment at which their holder was lost to the moment at which
 * another took them, by the database's clock; and for how much of it somebody could have. It reads the leases and touches
 * nothing.
 */
import type postgres from 'postgres'
import { TURNS } from '../../../src/mainkeeper.ts'
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
  /** `late`: how long after the end of the lease, at most; `free`: less the time in which whoever is whole had all its turns
   *  taken. All in seconds. */
  measured(): {
    readonly taken: number
    readonly longest: number
    readonly late: number
    readonly free: number
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
  /** Seconds since then in which nobody had a turn free. */
  taken: number
}

export const TTL_SECONDS = LEASE_TTL_MS / 1000

/** `whole`: the owners that could take a lane, by what they are called in leases. */
export function watchTakeovers(client: postgres.Sql, whole: () => readonly string[]): Takeovers {
  const waits = new Map<string, Wait>()
  const measured = { taken: 0, longest: 0, late: 0, free: 0 }
  /** The last look, and whether nobody who is whole had a turn free then. */
  let last = { at: 0, full: false }
  const read = (): Promise<readonly Row[]> =>
    client<Row[]>`
      select repository || ' ' || lane as name, epoch, owner,
        extract(epoch from acquired_at)::float8 as acquired, extract(epoch from expires_at)::float8 as expires,
        coalesce(wake_at <= mainkeeper_now(), false) as due, extract(epoch from mainkeeper_now())::float8 as now
      from lease`
  const isHeld = ({ expires, now }: Row): boolean => expires !== null && expires > now
  const holds = (row: Row): boolean => row.due && isHeld(row)
  const look = async (): Promise<void> => {
    const rows = await read()
    for (const { name, epoch, acquired, expires, now } of rows) {
      const wait = waits.get(name)
      // A renewal that was on its way when its sender was lost counts still.
      if (wait?.epoch === epoch) wait.expires = Math.max(wait.expires, expires ?? 0)
      const end = wait && epoch > wait.epoch ? acquired : now
      if (wait && last.full) wait.taken += Math.max(0, end - Math.max(last.at, wait.expires))
      if (!wait || epoch <= wait.epoch) continue
      waits.delete(name)
      measured.taken++
      measured.longest = Math.max(measured.longest, acquired - wait.from)
      const late = acquired - wait.expires
      measured.late = Math.max(measured.late, late)
      measured.free = Math.max(measured.free, late - wait.taken)
    }
    const full = whole().every((owner) => rows.filter((row) => row.owner === owner && isHeld(row)).length >= TURNS)
    last = { at: rows[0]?.now ?? 0, full }
  }
  return {
    look,
    holders: async () =>
      new Set((await read()).flatMap((row) => (row.owner !== null && holds(row) ? [row.owner] : []))),
    async lost(gone) {
      for (const row of await read())
        if (row.owner === gone && holds(row) && !waits.has(row.name))
          waits.set(row.name, {
            owner: gone,
            epoch: row.epoch,
            from: row.now,
            expires: row.expires ?? row.now,
            taken: 0,
          })
    },
    forget(owner) {
      for (const [name, wait] of waits) if (owner === undefined || wait.owner === owner) waits.delete(name)
    },
    measured: () => ({ ...measured, waiting: [...waits.keys()] }),
  }
}
