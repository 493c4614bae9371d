/**
 * The two ways in which the CI of the twin judges a commit: a rule over its files, or a program run in a checkout of
 * it. It knows nothing of when a verdict is reported, nor as what.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Conclusion = 'success' | 'failure' | 'neutral' | 'skipped' | 'cancelled' | 'timed_out' | 'action_required'

/** One attempt of one check on one commit. */
export interface CiJob {
  readonly sha: string
  readonly tree: string
  readonly ref: string
  readonly check: string
  readonly attempt: number
}

export interface Verdict {
  readonly conclusion: Conclusion
  /** The end of what the program said, or why a rule could not judge. */
  readonly log: string
}

/** Where a commit's content is to be had. */
export interface CommitSource {
  readonly gitDir: string
  files(sha: string): Promise<Record<string, string>>
}

/** Judges one job; stops early, with any verdict, when the signal aborts. */
export type CiRun = (source: CommitSource, job: CiJob, signal: AbortSignal) => Promise<Verdict>

/** A check that is a function of the commit's files; a rule that throws fails the check, its message is the log. */
export function rule(judge: (files: Record<string, string>, job: CiJob) => Conclusion): CiRun {
  return async (source, job) => {
    const files = await source.files(job.sha)
    try {
      return { conclusion: judge(files, job), log: '' }
    } catch (error) {
      return { conclusion: 'failure', log: String(error) }
    }
  }
}

/**
 * A check that runs a program in a fresh checkout of the commit: exit code 0 is success, another one, a signal or a
 * program that is not there is failure. `timeout` is in milliseconds of wall time, since the program is a real one.
 */
export function command(argv: readonly [string, ...string[]], options: { timeout?: number } = {}): CiRun {
  return async (source, job, signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'twin-ci-'))
    const limit = AbortSignal.timeout(options.timeout ?? 600_000)
    try {
      // A clone that shares the objects also holds commits that no ref names any more.
      const clone = ['git', 'clone', '--quiet', '--shared', '--no-checkout', source.gitDir, folder] as const
      const checkout = ['git', '-C', folder, 'checkout', '--quiet', '--detach', job.sha] as const
      for (const step of [clone, checkout]) {
        const made = await program(step, tmpdir(), signal)
        if (signal.aborted) return { conclusion: 'cancelled', log: made.log }
        if (made.code !== 0) throw new Error(`no checkout of ${job.sha}: ${made.log}`)
      }
      const done = await program(argv, folder, AbortSignal.any([signal, limit]))
      if (signal.aborted) return { conclusion: 'cancelled', log: done.log }
      if (limit.aborted) return { conclusion: 'timed_out', log: done.log }
      return { conclusion: done.code === 0 ? 'success' : 'failure', log: done.log }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

const logLimit = 8_000

function program(
  [file, ...args]: readonly [string, ...string[]],
  cwd: string,
  signal: AbortSignal,
): Promise<{ code: number | null; log: string }> {
  return new Promise((resolve) => {
    let log = ''
    // Its own process group, so that an abort also ends what the program has started.
    const child = spawn(file, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const kill = () => {
      if (child.pid !== undefined) killGroup(child.pid)
    }
    const end = (code: number | null) => {
      signal.removeEventListener('abort', kill)
      resolve({ code, log })
    }
    const keep = (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-logLimit)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => {
      log += error.message
      end(null)
    })
    child.on('close', end)
    if (signal.aborted) kill()
    else signal.addEventListener('abort', kill)
  })
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
