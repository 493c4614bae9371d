/**
 * CI that really runs a command in a checkout of the commit; what it took is what a build takes. One at a time, so that
 * builds do not slow each other down. It knows neither queue nor pull requests.
 */
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { short } from '../core/ids.ts'
import type { Tested } from '../simulate/world.ts'
import { CannotRehearse } from './cannot-rehearse.ts'
import type { Ci } from './ci.ts'
import type { Clone } from './git/clone.ts'
import { type Environment, printed, withoutGit } from './git/git.ts'

export interface CommandCi {
  /** For the shell, as a person would type it. */
  readonly command: string
  /** In milliseconds; a command that takes longer has failed. */
  readonly timeout: number
  readonly environment: Environment
  /** Milliseconds on any clock that does not go back. */
  readonly clock: () => number
  /** A signal that is aborted after so many milliseconds. */
  readonly deadline: (ms: number) => AbortSignal
  readonly signal: AbortSignal
}

interface Ended {
  readonly code: number | null
  readonly ms: number
  /** The end of what it said. */
  readonly said: string
}

export interface RunningCi {
  /** Makes sure that the command can judge at all: where the replay begins it has to pass. */
  tryOn(commit: string): Promise<void>
  /** For one policy. What another one was told of a tree is told again; a tree that is tested again is run again. */
  forPolicy(): Ci
}

export function commandCi({ git, folder }: Pick<Clone, 'git' | 'folder'>, options: CommandCi): RunningCi {
  const verdicts = new Map<string, Promise<Tested>>()
  let last: Promise<unknown> = Promise.resolve()
  let checkouts = 0

  async function inCheckout(commit: string): Promise<Ended> {
    options.signal.throwIfAborted()
    checkouts += 1
    const place = join(folder, `checkout-${checkouts}`)
    await printed(git(['worktree', 'add', '--quiet', '--detach', place, commit]))
    try {
      return await ended(place, options)
    } finally {
      await rm(place, { recursive: true, force: true, maxRetries: 3 })
      await git(['worktree', 'prune']).catch(() => {})
    }
  }

  function judge(commit: string): Promise<Ended> {
    const mine = last.then(() => inCheckout(commit))
    last = mine.catch(() => {})
    return mine
  }

  async function verdict(commit: string): Promise<Tested> {
    const { code, ms, said } = await judge(commit)
    if (code === 126 || code === 127) throw unstartable(options.command, commit, said)
    return { conclusion: code === 0 ? 'success' : 'failure', ms }
  }

  return {
    async tryOn(commit) {
      const { code, said } = await judge(commit)
      if (code === 126 || code === 127) throw unstartable(options.command, commit, said)
      if (code !== 0)
        throw new CannotRehearse(
          'ci_red_at_start',
          `“${options.command}” fails on ${short(commit)}, where the replay begins, so that every pull request would be blamed for it: ${said}`,
        )
    },
    forPolicy() {
      const times = new Map<string, number>()
      return ({ commit, tree }) => {
        const time = (times.get(tree) ?? 0) + 1
        times.set(tree, time)
        const key = `${tree} ${time}`
        const known = verdicts.get(key) ?? verdict(commit)
        verdicts.set(key, known)
        return known
      }
    },
  }
}

const unstartable = (command: string, commit: string, said: string): CannotRehearse =>
  new CannotRehearse('ci_unstartable', `“${command}” can not be started at ${short(commit)}: ${said}`)

const SAID = 500

function ended(cwd: string, { command, timeout, environment, clock, deadline, signal }: CommandCi): Promise<Ended> {
  const limit = AbortSignal.any([signal, deadline(timeout)])
  const began = clock()
  return new Promise((resolve, reject) => {
    let said = ''
    // A process group of its own, so that whatever the command has started ends with it.
    const env = { ...withoutGit(environment), CI: 'true' }
    const child = spawn(command, { cwd, env, shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const kill = (): void => {
      if (child.pid !== undefined) killGroup(child.pid)
    }
    const keep = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-SAID)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) => {
      limit.removeEventListener('abort', kill)
      if (signal.aborted) reject(signal.reason)
      else resolve({ code, ms: clock() - began, said: said.trim() })
    })
    if (limit.aborted) kill()
    else limit.addEventListener('abort', kill)
  })
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
