/**
 * Has GitHub run the failed jobs of a build again: a confirmation on the commit and the ref that stand there. Asked twice it
 * does no harm, for a run that goes on is not begun again; what of it was begun is read from its check runs.
 */
import type { NewEvent, PayloadOf } from '../core/events.ts'
import { iso } from '../core/ids.ts'
import type { Build } from '../core/queue/lane.ts'
import type { Failure } from '../github/port.ts'
import { attemptOf, EffectFailed, type EffectOf, need, outcome, type Scene } from './scene.ts'

type Job = NonNullable<Build['rerun']>['jobs'][number]
type Report = NewEvent<'check_reported'>

/** A run ends some seconds after its last job, and shows what runs again some seconds late. */
const BELIEVED_AFTER = 5

export async function rerunJobs(effect: EffectOf<'rerun-jobs'>, scene: Scene): Promise<readonly NewEvent[]> {
  const { builds } = scene.view.lane
  const build = builds[effect.build]
  if (!build?.rerun) return []
  const { published } = builds[build.rerun.build] ?? {}
  if (!published) return [refused(build, 'withdrawn', `${build.rerun.build} is not there any more`, scene)]
  const read: Report[] = []
  for (const workflow of new Set(build.rerun.jobs.map((job) => job.workflow))) {
    const answer = await scene.port.rerunFailedJobs(scene.fence, workflow)
    if (answer.ok) continue
    const { failure, message } = answer
    if (failure === 'limited' || failure === 'unavailable' || failure === 'unclear') throw new EffectFailed(answer)
    if (failure === 'forbidden') return [refused(build, 'permission', message, scene)]
    const reports = need(await scene.port.observeChecks(published.sha))
    read.push(...reports)
    const jobs = build.rerun.jobs.filter((job) => job.workflow === workflow)
    if (jobs.some((job) => ranAgain(job, reports))) continue
    return [...read, neverBegun(effect, build, answer, scene)]
  }
  const { sha, tree, prefixes, ref } = published
  const published_at = iso(scene.now())
  return [...read, outcome(scene, 'build_published', { build: build.build, sha, tree, prefixes, ref, published_at })]
}

const ranAgain = ({ context, app_id, run }: Job, reports: readonly Report[]): boolean =>
  reports.some(({ payload }) => payload.context === context && payload.app_id === app_id && payload.run > run)

/** GitHub does not run it again; that it goes on is asked once more, for it may have ended just now. */
function neverBegun(
  effect: EffectOf<'rerun-jobs'>,
  build: Build,
  failure: { readonly ok: false } & Failure,
  scene: Scene,
): NewEvent {
  const goesOn = failure.failure === 'moved'
  if (goesOn && attemptOf(effect, scene) < BELIEVED_AFTER) throw new EffectFailed(failure)
  return refused(build, goesOn ? 'unfinished' : 'refused', failure.message, scene)
}

const refused = (
  { build }: Build,
  reason: PayloadOf<'rerun_refused'>['reason'],
  message: string,
  scene: Scene,
): NewEvent => outcome(scene, 'rerun_refused', { build, reason, message })
