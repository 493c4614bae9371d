/**
 * Wraps the database's clients in the process that calls it: every commit is told, and the process ends with SIGKILL at the one
 * that it was given. It knows drizzle's session, and of the app nothing but the names of its events.
 */
import { writeSync } from 'node:fs'
import { PostgresJsPreparedQuery } from 'drizzle-orm/postgres-js/session'
import { catalogue } from '../../../src/core/events.ts'
import { type CommitPoint, KILLED, type Moment, TOLD_ON } from './kill-point.ts'

/** Every commit of any client; a write outside of a transaction is one too. */
export function tellCommits(point: CommitPoint | null): void {
  const commits = new Commits(point)
  /** What was written in the transaction that is open on a connection. */
  const open = new WeakMap<object, Statement[]>()

  // oxlint-disable-next-line typescript/unbound-method -- it is called on whatever it was to be called on
  const { execute } = PostgresJsPreparedQuery.prototype
  PostgresJsPreparedQuery.prototype.execute = function (this: Statement & { client: object }, ...given) {
    const written = open.get(this.client)
    const run = () => execute.apply(this as never, given)
    if (/^begin\b/.test(this.queryString)) open.set(this.client, [])
    if (/^(commit|rollback)$/.test(this.queryString)) open.delete(this.client)
    if (this.queryString === 'commit' && written) return commits.around(written, run)
    if (!written) return commits.around([this], run)
    written.push(this)
    return run()
  }
}

interface Statement {
  readonly queryString: string
  readonly params: readonly unknown[]
}

class Commits {
  readonly #point: CommitPoint | null
  readonly #seen = new Map<string, number>()

  constructor(point: CommitPoint | null) {
    this.#point = point
  }

  async around<T>(written: readonly Statement[], commit: () => Promise<T>): Promise<T> {
    const ended = this.before(written)
    const result = await commit()
    ended()
    return result
  }

  /** To be called before the commit; the answer when it is done. What wrote nothing commits nothing. */
  before(written: readonly Statement[]): () => void {
    const name = nameOf(written)
    if (name === null) return () => {}
    const nth = (this.#seen.get(name) ?? 0) + 1
    this.#seen.set(name, nth)
    writeSync(TOLD_ON, `${name}\n`)
    const meets = (moment: Moment): void => {
      const point = this.#point
      if (!point || point.name !== name || point.nth !== nth || point.moment !== moment) return
      writeSync(TOLD_ON, `${KILLED}\n`)
      process.kill(process.pid, 'SIGKILL')
    }
    meets('before')
    return () => {
      meets('done')
      setImmediate(() => meets('answered'))
    }
  }
}

/** A commit is named by the events that it appends, else by the tables that it writes; null where it writes none. */
function nameOf(written: readonly Statement[]): string | null {
  const tables = new Set<string>()
  const types = new Set<string>()
  for (const { queryString, params } of written) {
    for (const [, , table = ''] of queryString.matchAll(/\b(insert into|update|delete from) "(\w+)"/g))
      tables.add(table)
    if (!queryString.includes('insert into "event"')) continue
    for (const type of params.flatMap(typesIn)) if (Object.hasOwn(catalogue, type)) types.add(type)
  }
  if (types.size > 0) return `append ${[...types].sort().join(' ')}`
  return tables.size > 0 ? `write ${[...tables].sort().join(' ')}` : null
}

/** Rows are written as JSON; those of the log have a type. */
function typesIn(param: unknown): string[] {
  if (typeof param !== 'string' || !param.startsWith('[{')) return []
  return (JSON.parse(param) as readonly { readonly type?: string }[]).flatMap(({ type }) => type ?? [])
}
