/**
 * The way of one process to GitHub: whatever it asks passes here, so that a test knows what came from whom, and can keep a
 * request on its way. What was sent goes on to GitHub, whatever has become of its sender. It knows no operation.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: string
  /** GitHub's answer; null until it came. */
  answer: string | null
}

export interface Held {
  /** Resolves when the request has come and waits. */
  readonly reached: Promise<Asked>
  /** Lets it go on to GitHub; resolves when GitHub has answered. */
  release(): Promise<void>
}

export interface Wire {
  readonly url: string
  /** Everything that was asked, in the order in which it came. */
  readonly asked: readonly Asked[]
  /** Keeps the next request of which this holds. */
  hold(which: (asked: Asked) => boolean | Promise<boolean>): Held
  close(): Promise<void>
}

interface Trap {
  readonly which: (asked: Asked) => boolean | Promise<boolean>
  readonly caught: Signal<Asked>
  readonly opened: Signal<void>
  readonly answered: Signal<void>
}

interface Signal<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
}

/** Whether the request changes something on GitHub; a token is asked for by every process for itself. */
export const isWrite = ({ method, path, body }: Asked): boolean =>
  method !== 'GET' && !path.endsWith('/access_tokens') && !/"query":"\s*query\b/.test(body)

/** Leads to the GitHub at that address. */
export async function openWire(github: string): Promise<Wire> {
  const asked: Asked[] = []
  let traps: readonly Trap[] = []
  const server = createServer((incoming, response) => {
    void pass(incoming, response).catch(() => response.destroy())
  })

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray()).toString()
    const one: Asked = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', body, answer: null }
    asked.push(one)
    const trap = await trapFor(one)
    trap?.caught.resolve(one)
    await trap?.opened.promise
    const answer = await exchange(github, incoming, body)
    one.answer = answer.body
    trap?.answered.resolve()
    if (!response.destroyed) response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  async function trapFor(one: Asked): Promise<Trap | undefined> {
    for (const trap of traps) {
      if (!(await trap.which(one))) continue
      traps = traps.filter((other) => other !== trap)
      return trap
    }
    return undefined
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    hold(which) {
      const trap: Trap = { which, caught: signal(), opened: signal(), answered: signal() }
      traps = [...traps, trap]
      return {
        reached: trap.caught.promise,
        release: () => {
          trap.opened.resolve()
          return trap.answered.promise
        },
      }
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function signal<T>(): Signal<T> {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((given) => {
    resolve = given
  })
  return { promise, resolve }
}

interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

function exchange(github: string, { method, url, headers }: IncomingMessage, body: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(url ?? '/', github), { method, headers }, (answer) => {
      answer.toArray().then((chunks) => {
        const text = Buffer.concat(chunks as Buffer[]).toString()
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: text })
      }, reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
