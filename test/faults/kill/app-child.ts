/**
 * One life of the app's process under the preload: what it says, which commits it makes, how it ends. It knows nothing of
 * stories, and decides nothing about when to kill.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Twin } from '../../../src/twin/twin.ts'
import { type FastTime, TIME_VARIABLE } from '../../support/process/fast-time.ts'
import { type CommitPoint, KILLED, POINT_VARIABLE, TOLD_ON } from '../../support/process/kill-point.ts'
import { type Program, SHORT_LIVED } from '../../support/process/program.ts'

export interface AppChild {
  readonly pid: number
  /** Where it takes webhooks; rejects when it ends before it listens. */
  readonly url: Promise<string>
  /** Resolves when the process is gone: whether it ended itself at the point that it was told. */
  readonly ended: Promise<{ readonly atPoint: boolean }>
  /** Whether it has looked at the whole repository since it started. */
  swept(): boolean
  kill(): Promise<void>
  /** Sends it a signal: SIGSTOP pauses it, SIGCONT lets it go on, SIGTERM asks it to end. */
  signal(name: NodeJS.Signals): void
  /** Tells it that time was moved on. */
  moved(time: FastTime): void
  /** The end of its log. */
  told(): readonly string[]
}

export interface AppOptions {
  readonly program: Program
  readonly twin: Pick<Twin, 'url' | 'app'>
  readonly folder: string
  readonly variables: Readonly<Record<string, string>>
  readonly time: FastTime
  readonly point: CommitPoint | null
  readonly onCommit: (name: string) => void
}

const KEPT_LINES = 60

export function startAppChild({ program, twin, folder, variables, time, point, onCommit }: AppOptions): AppChild {
  const files = ['--import', program('test/support/process/kill-preload.ts'), program('src/main.ts')]
  const child = spawn(process.execPath, [...SHORT_LIVED, ...files], {
    cwd: folder,
    // A Ctrl-C is for the harness, which then ends it.
    detached: true,
    env: {
      ...(process.env['PATH'] === undefined ? {} : { PATH: process.env['PATH'] }),
      APP_ID: String(twin.app.id),
      PRIVATE_KEY: twin.app.privateKey,
      WEBHOOK_SECRET: twin.app.webhookSecret,
      GITHUB_BASE_URL: twin.url,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'debug',
      [TIME_VARIABLE]: JSON.stringify(time),
      ...(point === null ? {} : { [POINT_VARIABLE]: JSON.stringify(point) }),
      ...variables,
    },
    // The fourth is for `moved`, the fifth (TOLD_ON) for what the preload tells.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
  })
  const orphaned = () => child.kill('SIGKILL')
  process.once('exit', orphaned)
  const kept: string[] = []
  let swept = false
  let atPoint = false
  const ended = once(child, 'close').then(() => {
    process.off('exit', orphaned)
    return { atPoint }
  })
  const url = new Promise<string>((resolve, reject) => {
    const heard = (text: string): void => {
      kept.push(text)
      if (kept.length > KEPT_LINES) kept.shift()
      swept ||= text.includes('"msg":"swept"')
      const found = text.includes('listening for webhooks') ? /"url":"([^"]+)"/.exec(text)?.[1] : undefined
      if (found !== undefined) resolve(found)
    }
    eachLine(child.stdout, heard)
    eachLine(child.stderr, heard)
    void ended.then(() => reject(new Error('the app ended before it listened')))
  })
  url.catch(() => {})
  eachLine(child.stdio[TOLD_ON] as Readable | null, (name) => {
    if (name === KILLED) atPoint = true
    else onCommit(name)
  })
  return {
    pid: child.pid ?? 0,
    url,
    ended,
    swept: () => swept,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    signal: (name) => void child.kill(name),
    moved: ({ moved }) => {
      if (child.connected) child.send(moved)
    },
    told: () => kept,
  }
}

function eachLine(stream: Readable | null, heard: (text: string) => void): void {
  if (stream) createInterface({ input: stream }).on('line', heard)
}
