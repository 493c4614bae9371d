/**
 * Has a verb answered where the store is: here, when it can be opened, or by the process that has the embedded database
 * open. Which of the two it was, nobody can tell from the answer.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { FolderInUse } from '../store/connect/folder-lock.ts'
import { DatabaseUnavailable } from '../store/connect/unavailable.ts'
import { openStore, type Store } from '../store/store.ts'
import { EXIT, Refusal } from './exit-codes.ts'
import type { Storage } from './process/environment.ts'
import { systemClock } from './process/system-clock.ts'
import { type Answerer, askSocket, type Request } from './socket.ts'
import { VERBS } from './verbs/catalogue.ts'
import type { Desk, Verb } from './verbs/verb.ts'

export interface Listener {
  readonly answer: (answer: unknown) => void
  readonly progress: (words: string) => void
  readonly signal: AbortSignal
}

/** How long a holder of the folder that does not answer is given to begin or to end, in milliseconds. */
const PATIENCE = 3000
const PAUSE = 200

/** Asks, and hands every answer on as plain data; throws a `Refusal`. */
export async function askVerb(storage: Storage, request: Request, listener: Listener): Promise<void> {
  if ('folder' in storage && !existsSync(join(storage.folder, 'database')))
    throw new Refusal(
      EXIT.notFound,
      `there is no database in ${storage.folder}: start Mainkeeper there, or name another with --folder or --database`,
    )
  const until = systemClock.now() + PATIENCE
  for (;;) {
    const store = await openUnlessInUse(storage)
    if (!(store instanceof FolderInUse)) return answerHere(store, request, listener, 'url' in storage)
    const heard = (part: { kind: 'answer'; answer: unknown } | { kind: 'progress'; words: string }) =>
      part.kind === 'answer' ? listener.answer(part.answer) : listener.progress(part.words)
    if ('folder' in storage && (await askSocket(storage.folder, request, heard, listener.signal))) return
    if (systemClock.now() > until) throw new Refusal(EXIT.folderInUse, store.message)
    await systemClock.sleep(PAUSE, listener.signal)
  }
}

async function answerHere(store: Store, request: Request, listener: Listener, shared: boolean): Promise<void> {
  try {
    const tell: Parameters<Answerer>[1] = async (part) => {
      if (part.kind === 'answer') listener.answer(part.answer)
      if (part.kind === 'progress') listener.progress(part.words)
    }
    await answererOn(store, shared)(request, tell, listener.signal)
  } finally {
    await store.close()
  }
}

async function openUnlessInUse(storage: Storage): Promise<Store | FolderInUse> {
  try {
    return await openStore(storage)
  } catch (error) {
    if (error instanceof FolderInUse) return error
    throw refusalOf(error, storage)
  }
}

/** Clear words for a database that can't be opened; anything else as it was. */
export function refusalOf(error: unknown, storage: Storage): unknown {
  if (error instanceof FolderInUse) return new Refusal(EXIT.folderInUse, error.message)
  if (!(error instanceof DatabaseUnavailable)) return error
  const where = 'url' in storage ? `DATABASE_URL (${placeOf(storage.url)})` : storage.folder
  return new Refusal(EXIT.databaseUnavailable, `${error.message}\nIs it running, and is ${where} where it is?`)
}

/** The address without user and password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

/** Answers requests from an open store; `shared`: other processes can write to it meanwhile. */
export function answererOn(store: Store, shared: boolean): Answerer {
  return async ({ verb: name, arguments: given }, tell, signal) => {
    const verb: Verb | undefined = VERBS.get(name)
    if (!verb) throw new Refusal(EXIT.usage, `there is no verb ${name}`)
    const question = verb.question.safeParse(given)
    if (!question.success) throw new Refusal(EXIT.usage, `${name}: ${z.prettifyError(question.error)}`)
    const desk: Desk = {
      store,
      shared,
      signal,
      now: () => systemClock.now(),
      sleep: (ms) => systemClock.sleep(ms, signal),
      progress: (words) => void tell({ kind: 'progress', words }),
    }
    for await (const answer of verb.query(desk, question.data)) {
      if (signal.aborted) return
      await tell({ kind: 'answer', answer })
    }
  }
}
