/**
 * Until when GitHub told us to leave an installation alone. The adapter asks before every call and writes what GitHub
 * answered; where it is kept, and which replicas share it, is its keeper's business.
 */
export interface LimitStore {
  /** Milliseconds since the epoch; null when the installation was never limited. */
  get(installation: number): Promise<number | null>
  /** Keeps the later of what is known and `until`. */
  set(installation: number, until: number): Promise<void>
}

/** A store for one process alone. */
export function memoryLimits(): LimitStore {
  const limits = new Map<number, number>()
  return {
    get: async (installation) => limits.get(installation) ?? null,
    set: async (installation, until) => {
      limits.set(installation, Math.max(until, limits.get(installation) ?? 0))
    },
  }
}

/** How long an answer of the store is believed, in milliseconds: what other replicas are told is learned that much later. */
const BELIEVED = 1000

/** The store, not asked anew for each of the many calls of one moment; what this process sets counts at once. */
export function rememberedLimits(limits: LimitStore, now: () => number): LimitStore {
  const known = new Map<number, { readonly at: number; readonly until: number | null }>()
  return {
    get: async (installation) => {
      const last = known.get(installation)
      if (last && Math.abs(now() - last.at) < BELIEVED) return last.until
      const at = now()
      const until = await limits.get(installation)
      known.set(installation, { at, until })
      return until
    },
    set: async (installation, until) => {
      known.delete(installation)
      await limits.set(installation, until)
      known.delete(installation)
    },
  }
}
