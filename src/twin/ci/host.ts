/**
 * What the CI of the twin needs of a repository: to hear of pushes, to read commits, and to say what it found. It
 * knows nothing of HTTP, of pull requests or of who reads the checks.
 */
import type { Clock } from '../clock.ts'
import type { CommitSource, Conclusion } from './run.ts'

export interface Push {
  /** Fully qualified; `refs/pull/N/head` for a push to a fork. */
  readonly ref: string
  readonly before: string
  /** All zeros when the ref was deleted. */
  readonly after: string
}

export interface CheckApp {
  readonly id: number
  readonly slug: string
}

export type CheckProgress =
  | { readonly status: 'queued' }
  | { readonly status: 'in_progress'; readonly started_at: string }
  | {
      readonly status: 'completed'
      readonly conclusion: Conclusion
      readonly started_at: string
      readonly completed_at: string
    }

export type CheckRunReport = CheckProgress & {
  readonly sha: string
  readonly name: string
  readonly app: CheckApp
  readonly head_branch?: string
  readonly run_id: number
  readonly attempt: number
}

export interface StatusReport {
  readonly sha: string
  readonly context: string
  readonly state: 'pending' | 'success' | 'failure' | 'error'
  readonly description: string
}

export interface CiHost extends CommitSource {
  readonly clock: Clock
  /** May answer with the way to stop listening. */
  onPush(listener: (push: Push) => void): (() => void) | void
  /** Likewise; hears of the workflow run whose failed jobs are to run again. */
  onRerun(listener: (run: number) => void): (() => void) | void
  tree(sha: string): Promise<string>
  /** Answers with the id of the new check run. */
  reportCheckRun(report: CheckRunReport): number | Promise<number>
  updateCheckRun(id: number, progress: CheckProgress): unknown
  reportStatus(report: StatusReport): unknown
}
