/**
 * Lets one append at a time go to each repository. They would wait for its row anyway, but each on a connection: then one
 * repository whose row somebody holds keeps the whole process from its database, and a process that is paused holds a row
 * in one transaction after another, for longer than a lease. It knows no database.
 */
export type InTurn = <T>(repository: string, work: () => Promise<T>) => Promise<T>

/** Does each work when the one before it of the same repository has ended, however it did. */
export function openTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return async (repository, work) => {
    const turn = (last.get(repository) ?? Promise.resolve()).then(work, work)
    last.set(repository, turn)
    try {
      return await turn
    } finally {
      if (last.get(repository) === turn) last.delete(repository)
    }
  }
}
