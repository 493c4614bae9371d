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
