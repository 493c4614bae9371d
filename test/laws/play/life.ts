/**
 * One life of the bot: its door to the database, which shuts at the instant at which it dies. Every step and every call to
 * GitHub begins with a look into the database, so whatever still runs in it can neither write nor ask any more; what it left
 * stands in the database and on GitHub.
 */
import type { Database } from '../../../src/store/connect/client.ts'

/** What the dead run into. */
class Dead extends Error {
  override readonly name = 'Dead'
}

export interface Life {
  readonly database: Database
  dead(): boolean
  die(): void
  /** Dies at the nth transaction from now: before it is committed, or when it was. */
  dieAtCommit(nth: number, moment: 'before' | 'done'): void
}

export function beginLife(database: Database): Life {
  let dead = false
  const due = { commits: 0, moment: 'before' as 'before' | 'done' }
  const mustLive = (): void => {
    if (dead) throw new Dead('this bot was killed')
  }
  const life: Life = {
    dead: () => dead,
    die: () => {
      dead = true
    },
    dieAtCommit: (nth, moment) => Object.assign(due, { commits: nth, moment }),
    database: {
      ...database,
      query: async (work) => {
        mustLive()
        const found = await database.query(work)
        mustLive()
        return found
      },
      transaction: async (work, config) => {
        mustLive()
        const moment = due.commits > 0 && --due.commits === 0 ? due.moment : null
        const done = await database.transaction(async (tx) => {
          const value = await work(tx)
          if (moment === 'before') life.die()
          // Thrown inside: the database rolls it back, as it does for a connection that is gone.
          mustLive()
          return value
        }, config)
        if (moment === 'done') life.die()
        mustLive()
        return done
      },
    },
  }
  return life
}
