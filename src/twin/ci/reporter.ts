/**
 * How one run of the CI is told to the repository: as a check run that is created once and then updated, or as a row
 * of statuses. It knows nothing of verdicts' reasons or of time.
 */
import type { CheckApp, CiHost } from './host.ts'
import type { Conclusion } from './run.ts'

export interface Reported {
  readonly sha: string
  readonly name: string
  readonly app: CheckApp
  readonly ref: string
  readonly run_id: number
  readonly attempt: number
}

/** The three things to tell; instants are milliseconds since the epoch. */
export interface Reporter {
  queued(): Promise<void>
  inProgress(startedAt: number): Promise<void>
  completed(conclusion: Conclusion, startedAt: number, completedAt: number): Promise<void>
}

/** Tells of a run as a check run. */
export function checkRunReporter(host: CiHost, { ref, ...run }: Reported): Reporter {
  const branch = ref.startsWith('refs/heads/') ? { head_branch: ref.slice('refs/heads/'.length) } : {}
  let id: number | Promise<number> | undefined
  const update = async (progress: Parameters<CiHost['updateCheckRun']>[1]) => {
    if (id === undefined) throw new Error(`check run '${run.name}' on ${run.sha} was never created`)
    // At once where it can be, so that a cancelled run has ended before its re-run is queued.
    await host.updateCheckRun(typeof id === 'number' ? id : await id, progress)
  }
  return {
    async queued() {
      id = host.reportCheckRun({ ...run, ...branch, status: 'queued' })
      id = await id
    },
    inProgress: (startedAt) => update({ status: 'in_progress', started_at: iso(startedAt) }),
    completed: (conclusion, startedAt, completedAt) =>
      update({ status: 'completed', conclusion, started_at: iso(startedAt), completed_at: iso(completedAt) }),
  }
}

/** Tells of a run as statuses of one context; GitHub's statuses know no queue, so waiting and running are one. */
export function statusReporter(host: CiHost, { sha, name: context }: Reported): Reporter {
  return {
    async queued() {
      await host.reportStatus({ sha, context, state: 'pending', description: 'queued' })
    },
    async inProgress() {
      await host.reportStatus({ sha, context, state: 'pending', description: 'in progress' })
    },
    async completed(conclusion) {
      await host.reportStatus({ sha, context, state: statusOf(conclusion), description: conclusion })
    },
  }
}

function statusOf(conclusion: Conclusion): 'success' | 'failure' | 'error' {
  switch (conclusion) {
    case 'success':
    case 'neutral':
    case 'skipped':
      return 'success'
    case 'failure':
      return 'failure'
    case 'cancelled':
    case 'timed_out':
    case 'action_required':
      return 'error'
    default:
      return conclusion satisfies never
  }
}

function iso(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
