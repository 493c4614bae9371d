/**
 * The real app as a process of its own, started with nothing but an environment, so that it can be killed. It knows the
 * `start` verb, its log line and its exit; what the app does it does not know.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Twin } from '../../twin/twin.ts'

export interface AppProcess {
  readonly pid: number
  /** Where it takes webhooks; rejects when it ends before it listens. */
  readonly url: Promise<string>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Asks it to end, and answers with its exit code; null when a signal ended it. */
  stop(): Promise<number | null>
  /** The end of its log, for when something went wrong. */
  told(): readonly string[]
}

const KEPT_LINES = 20
/** Milliseconds that it may take to end when asked. */
const PATIENCE = 20_000
const LISTENING = 'listening for webhooks'

/** Starts Mainkeeper on an embedded database in the folder, against the local GitHub. */
export function startApp({ url: baseUrl, app }: Pick<Twin, 'url' | 'app'>, folder: string): AppProcess {
  const main = fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, main, 'start'], {
    // Not the caller's folder, whose .env is the caller's.
    cwd: folder,
    env: {
      ...(process.env['PATH'] === undefined ? {} : { PATH: process.env['PATH'] }),
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      WEBHOOK_SECRET: app.webhookSecret,
      GITHUB_BASE_URL: baseUrl,
      MAINKEEPER_FOLDER: folder,
      HOST: '127.0.0.1',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  const orphaned = () => child.kill('SIGKILL')
  process.once('exit', orphaned)
  child.once('close', () => process.off('exit', orphaned))
  const kept: string[] = []
  const url = listening(child, kept)
  url.catch(() => {})
  return {
    pid: child.pid ?? 0,
    url,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.kill('SIGTERM')
      const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
      await ended
      clearTimeout(patience)
      return child.exitCode
    },
    told: () => kept,
  }
}

function listening(child: ChildProcess, kept: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (text) => {
        kept.push(text)
        if (kept.length > KEPT_LINES) kept.shift()
        const found = text.includes(LISTENING) ? /"url":"([^"]+)"/.exec(text)?.[1] : undefined
        if (found !== undefined) resolve(found)
      })
    }
    child.on('error', reject)
    child.on('close', (code) =>
      reject(new Error(`Mainkeeper ended with ${code} before it listened:\n${kept.join('\n')}`)),
    )
  })
}
