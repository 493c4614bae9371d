/**
 * The unix socket in the embedded database's folder: the process that has the database open answers there for the command
 * line. One request line, JSON lines in answer, then the end. It knows no verb.
 */
import { chmod, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { EXIT, Refusal } from './exit-codes.ts'

const requestSchema = z.strictObject({ verb: z.string(), arguments: z.unknown() })
export type Request = z.infer<typeof requestSchema>

const exitCode = z.enum(Object.fromEntries(Object.entries(EXIT)) as typeof EXIT)
const partSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), answer: z.unknown() }),
  z.strictObject({ kind: z.literal('progress'), words: z.string() }),
  z.strictObject({ kind: z.literal('refused'), exit: exitCode, words: z.string() }),
  /** The last line; an answer without it was cut off. */
  z.strictObject({ kind: z.literal('end') }),
])
export type Part = z.infer<typeof partSchema>

/** Answers one request; aborted when the asker has gone. Throws a `Refusal` for what it will not answer. */
export type Answerer = (request: Request, tell: (part: Part) => Promise<void>, signal: AbortSignal) => Promise<void>

/** A unix socket's address has room for no more bytes than this. */
const LONGEST = 103
const MAX_REQUEST = 64 * 1024

/** Where the socket of a folder is, by the shorter of its two names; null when both are too long for one. */
export function socketOf(folder: string): string | null {
  const absolute = join(folder, 'socket')
  const near = relative(process.cwd(), absolute)
  const path = near.length < absolute.length ? near : absolute
  return Buffer.byteLength(path) > LONGEST ? null : path
}

export interface SocketServer {
  /** Ends every conversation and removes the socket. */
  readonly close: () => Promise<void>
}

/** Listens in a folder whose lock this process holds, for its own user alone; a socket that is there is a dead process's. */
export async function serveSocket(
  folder: string,
  answer: Answerer,
  onError: (error: unknown) => void,
): Promise<SocketServer | null> {
  const path = socketOf(folder)
  if (path === null) return null
  await rm(path, { force: true })
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    void converse(socket, answer, onError)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // Nobody else may connect in the moment before the mode is set.
    const mask = process.umask(0o177)
    server.listen(path, resolve)
    process.umask(mask)
  })
  await chmod(path, 0o600)
  server.on('error', onError)
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

async function converse(socket: Socket, answer: Answerer, onError: (error: unknown) => void): Promise<void> {
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  const tell = (part: Part): Promise<void> => write(socket, part)
  try {
    await answer(await readRequest(socket), tell, gone.signal)
    await tell({ kind: 'end' })
  } catch (error) {
    if (gone.signal.aborted) return
    if (!(error instanceof Refusal)) onError(error)
    const { exit, message } =
      error instanceof Refusal
        ? error
        : new Refusal(EXIT.unexpected, 'the running process failed to answer: see its log')
    await tell({ kind: 'refused', exit, words: message })
  } finally {
    socket.end()
  }
}

async function readRequest(socket: Socket): Promise<Request> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    if (text.length > MAX_REQUEST) break
    const end = text.indexOf('\n')
    if (end < 0) continue
    // From here on nothing is expected; reading on is what notices that the asker has gone.
    socket.resume()
    return requestIn(text.slice(0, end))
  }
  throw new Refusal(EXIT.usage, 'the request is no line of JSON, or too long')
}

function requestIn(text: string): Request {
  const parsed = requestSchema.safeParse(jsonIn(text))
  if (!parsed.success)
    throw new Refusal(EXIT.usage, 'the request is not understood: is this command line of another version?')
  return parsed.data
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Waits until there is room, so that a slow reader of a long answer costs no memory. */
function write(socket: Socket, part: Part): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed || socket.write(`${JSON.stringify(part)}\n`)) return resolve()
    socket.once('drain', resolve)
    socket.once('close', () => resolve())
  })
}

/** Asks the process that has the folder; false when nobody listens there. Throws the `Refusal` that it answers. */
export async function askSocket(
  folder: string,
  request: Request,
  heard: (part: Extract<Part, { kind: 'answer' | 'progress' }>) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const path = socketOf(folder)
  const socket = path === null ? null : await dial(path)
  if (!socket) return false
  const leave = () => socket.destroy()
  signal.addEventListener('abort', leave)
  try {
    socket.write(`${JSON.stringify(request)}\n`)
    const lines = createInterface({ input: socket })
    // A socket that is destroyed has no end that readline would notice.
    socket.once('close', () => lines.close())
    for await (const text of lines) {
      const { data: part } = partSchema.safeParse(jsonIn(text))
      if (!part)
        throw new Refusal(EXIT.usage, 'the answer is not understood: is the running process of another version?')
      if (part.kind === 'end') return true
      if (part.kind === 'refused') throw new Refusal(part.exit, part.words)
      heard(part)
    }
    if (signal.aborted) return true
    throw new Refusal(EXIT.folderInUse, 'the running process ended before its answer did')
  } finally {
    signal.removeEventListener('abort', leave)
    socket.destroy()
  }
}

function dial(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('error', () => resolve(null))
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      socket.on('error', () => socket.destroy())
      resolve(socket)
    })
  })
}
