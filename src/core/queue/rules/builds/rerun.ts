/**
 * Whether a failed build can be confirmed on its very commit: what failed are jobs of GitHub Actions, which GitHub runs again,
 * and all else that is required passed there. Whether GitHub lets us is found out by asking, and is not known here.
 */
import type { FailedJob } from '../../../events/shapes.ts'
import type { PayloadOf } from '../../../events.ts'
import { answersOf, type Report } from '../../../readiness/checks.ts'
import { noJob, notEnded, refDeleted, skippedCheck } from '../../../render/words/rerun.ts'
import { stillSays } from '../../fold/builds.ts'
import type { Build } from '../../lane.ts'
import { readingOf, type Seen } from './verdicts.ts'

type Rerun = NonNullable<PayloadOf<'build_planned'>['rerun']>
type Unable = Pick<PayloadOf<'rerun_refused'>, 'reason' | 'message'>

/** What is to run again in place of a build that did not pass, or why another commit is needed. */
export function rerunOf(seen: Seen, build: Build): Rerun | Unable {
  const jobs = failedJobs(seen, build)
  if ('reason' in jobs) return jobs
  const over = build.withdrawn || build.rerun_by !== null || build.rerun
  return over ? refDeleted(build.build) : { build: build.build, jobs }
}

/** Each once. What keeps them from running again for good comes before what may end yet. */
function failedJobs(seen: Seen, build: Build): FailedJob[] | Unable {
  const reading = readingOf(seen, build)
  if (!reading) return refDeleted(build.build)
  const jobs = new Map<string, FailedJob>()
  let unfinished: Unable | null = null
  for (const [{ context }, answers] of answersOf(...reading)) {
    if (answers.length === 0) unfinished ??= notEnded(context)
    for (const { payload } of answers) {
      const job = payload.conclusion === 'success' ? null : jobOf(payload)
      if (job && 'workflow' in job) jobs.set(`${job.app_id}:${job.context}`, job)
      else if (job?.reason === 'unfinished') unfinished ??= job
      else if (job) return job
    }
  }
  return unfinished ?? (jobs.size > 0 ? [...jobs.values()] : refDeleted(build.build))
}

const ACTIONS = 'github-actions'

/** A check that did not pass as the job that it is; one that was skipped may depend on what failed. */
function jobOf({ context, app, app_id, status, conclusion, run, url }: Report['payload']): FailedJob | Unable {
  if (status !== 'completed') return notEnded(context)
  if (conclusion === 'skipped' || conclusion === 'neutral') return skippedCheck(context, conclusion)
  const workflow = /\/actions\/runs\/(\d+)\//.exec(url ?? '')?.[1]
  if (app !== ACTIONS || workflow === undefined) return noJob(context)
  return { context, app_id, run, workflow: Number(workflow) }
}

/**
 * Whether the ref of a spent build is left standing: GitHub runs jobs again under the name of their branch, and to make that
 * anew would start all of CI. What has not ended yet may have by the time that somebody is to be confirmed.
 */
export function isKept(seen: Seen, build: Build): boolean {
  const { lane, config } = seen
  if (build.rerun_by !== null) {
    const repeat = lane.builds[build.rerun_by]
    return repeat?.rerun !== undefined && !repeat.spent
  }
  if (config.mode !== 'live' || build.verdict !== 'failed' || !stillSays(lane, build)) return false
  const again = rerunOf(seen, build)
  return 'jobs' in again || again.reason === 'unfinished'
}
