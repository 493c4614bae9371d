/**
 * Tells a database that is gone from a statement that is wrong: the first ends a turn and passes, the second is a bug. It
 * knows the words of postgres.js and of PostgreSQL, and decides nothing about what comes next.
 */

/** The database can't be reached, or the connection broke before its answer: whether the statement took effect is unknown. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** Codes of postgres.js, of the operating system, and of PostgreSQL when it shuts down or has no room. */
const GONE = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  '53300',
  '57P01',
  '57P02',
  '57P03',
])

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The failure as `DatabaseUnavailable` where it is one, and unchanged where it is not. */
export function asUnavailable(error: unknown): unknown {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DatabaseUnavailable) return cause
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    const gone = GONE.has(code) || code.startsWith('08')
    if (gone) return new DatabaseUnavailable(`the database is not reachable: ${messageOf(cause)}`, { cause: error })
  }
  return error
}

/** Runs the work and throws `DatabaseUnavailable` where the connection was what failed. */
export async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asUnavailable(error)
  }
}
