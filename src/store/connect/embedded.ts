/**
 * PGlite as a server within this process: postgres.js speaks PostgreSQL's protocol with it through a socket that leads
 * nowhere else. It has one session, so two clients of one server would be in each other's transactions.
 */
import { Duplex } from 'node:stream'
import type { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { CLIENT_OPTIONS, type ClientOptions } from './postgres-pool.ts'

/** Opens the only client of the server; `notified` hears every notification that the session listens to. */
export function embeddedClient(
  server: PGlite,
  options: ClientOptions,
  notified: (channel: string, payload: string) => void = () => {},
): postgres.Sql {
  // Options that the types leave out.
  const untyped = { socket: () => new EmbeddedSocket(server), onnotify: notified }
  return postgres({ ...CLIENT_OPTIONS, ...options, ...untyped })
}

class EmbeddedSocket extends Duplex {
  readonly #server: PGlite

  constructor(server: PGlite) {
    super()
    this.#server = server
  }

  /** Asked by postgres.js before it ends a socket, or waits for its end. */
  get readyState(): 'open' | 'closed' {
    return this.destroyed || this.writableEnded ? 'closed' : 'open'
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#answer(bytes).then(() => done(), done)
  }

  async #answer(bytes: Buffer): Promise<void> {
    // Streamed, for PGlite would otherwise parse the whole answer first, as postgres.js does again; and kept until the call is
    // over, for whoever hears of an answer asks the next.
    const parts: Buffer[] = []
    await this.#server.execProtocolRawStream(bytes, { onRawData: (part) => void parts.push(Buffer.from(part)) })
    for (const part of parts) this.push(part)
  }

  override _read(): void {}

  override _final(done: () => void): void {
    this.push(null)
    done()
  }
}
