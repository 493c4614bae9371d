/**
 * CI that fails by chance, once: on the first build of one head, whatever its tests say. Whether anybody sees through it is
 * read off what CI ran, in the end. It knows nothing of the queue.
 */
import type { CiRunRecord } from '../../twin/ci/ci.ts'
import type { CiRun } from '../../twin/ci/run.ts'
import type { TwinRepository } from '../../twin/twin-repository.ts'

export interface Mishap {
  /** The next build that brings this head fails. */
  befall(head: string): void
  readonly run: CiRun
}

/** Wraps what CI runs; `told` hears of the commit on which it failed. */
export function mishap({ log }: Pick<TwinRepository, 'log'>, run: CiRun, told: (sha: string) => void): Mishap {
  let unlucky: string | null = null
  return {
    befall(head) {
      unlucky = head
    },
    async run(source, job, signal) {
      const verdict = await run(source, job, signal)
      if (unlucky === null || verdict.conclusion !== 'success' || !job.ref.startsWith('refs/heads/mainkeeper/'))
        return verdict
      const [built] = await log(job.sha)
      if (!built?.parents.includes(unlucky)) return verdict
      unlucky = null
      told(job.sha)
      return { conclusion: 'failure', log: 'the network went away' }
    },
  }
}

/** Trees that failed and passed afterwards: as another commit, or when the failed job ran again. `runs`: the oldest first. */
export function seenThrough(runs: readonly Readonly<CiRunRecord>[]): string[] {
  const passedAfter = (failure: Readonly<CiRunRecord>, index: number): boolean =>
    runs.slice(index + 1).some(({ conclusion, tree, check }) => {
      return conclusion === 'success' && tree === failure.tree && check === failure.check
    })
  const seen = runs.filter((run, index) => run.conclusion === 'failure' && passedAfter(run, index))
  return [...new Set(seen.flatMap(({ tree }) => tree ?? []))]
}
