/**
 * A repository without git for the tests of the twin's CI: commits are what a test says they are, and all that the CI
 * reports is kept in order. It knows nothing of checks' meaning.
 */

import type { CiHost, Push } from '../../src/twin/ci/host.ts'
import type { VirtualClock } from '../../src/twin/clock.ts'

export interface MemoryCiHost extends CiHost {
  readonly told: string[]
  commit(sha: string, files: Record<string, string>): void
  push(ref: string, sha: string): void
  rerunFailed(run: number): void
}

const zeros = '0'.repeat(40)

/** A host on the given clock; `told` reads like `09:00:01 test@aaa completed success`. */
export function memoryCiHost(clock: VirtualClock): MemoryCiHost {
  const listeners = new Set<(push: Push) => void>()
  const reruns = new Set<(run: number) => void>()
  const commits = new Map<string, Record<string, string>>()
  const runs: string[] = []
  const told: string[] = []
  const tell = (text: string) => told.push(`${new Date(clock.now()).toISOString().slice(11, 19)} ${text}`)
  const read = (sha: string) => {
    const files = commits.get(sha)
    if (!files) throw new Error(`no commit ${sha}`)
    return files
  }
  return {
    clock,
    gitDir: '/nowhere',
    told,
    commit: (sha, files) => commits.set(sha, files),
    push: (ref, sha) => {
      for (const listener of listeners) listener({ ref, before: zeros, after: sha })
    },
    rerunFailed: (run) => {
      for (const listener of reruns) listener(run)
    },
    onRerun: (listener) => {
      reruns.add(listener)
      return () => reruns.delete(listener)
    },
    onPush: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tree: async (sha) => `tree of ${JSON.stringify(read(sha))}`,
    files: async (sha) => read(sha),
    reportCheckRun: (report) => {
      tell(`${report.name}@${report.sha} #${report.attempt} by ${report.app.slug} ${words(report)}`)
      return runs.push(`${report.name}@${report.sha}`)
    },
    updateCheckRun: (id, progress) => tell(`${runs[id - 1]} ${words(progress)}`),
    reportStatus: (report) => tell(`${report.context}@${report.sha} ${report.state} (${report.description})`),
  }
}

function words(progress: { status: string; conclusion?: string }): string {
  return [progress.status, progress.conclusion].filter((word) => word !== undefined).join(' ')
}
