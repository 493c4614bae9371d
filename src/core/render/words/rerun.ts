/** Failed jobs that run again in words, and why others do not. */
import type { PayloadOf } from '../../events.ts'

type Rerun = NonNullable<PayloadOf<'build_planned'>['rerun']>
type Unable = Pick<PayloadOf<'rerun_refused'>, 'reason' | 'message'>

/** `re-running 1 failed job of b12`. */
export const rerunWords = ({ build, jobs }: Rerun): string =>
  `re-running ${jobs.length} failed ${jobs.length === 1 ? 'job' : 'jobs'} of ${build}`

export const notEnded = (context: string): Unable => ({ reason: 'unfinished', message: `${context} has not ended` })

export const skippedCheck = (context: string, conclusion: string): Unable => ({
  reason: 'skipped',
  message: `${context} ended as ${conclusion}, and may depend on what failed`,
})

export const noJob = (context: string): Unable => ({
  reason: 'not_actions',
  message: `${context} is no job of GitHub Actions`,
})

export const refDeleted = (build: string): Unable => ({
  reason: 'withdrawn',
  message: `the ref of ${build} is deleted`,
})
