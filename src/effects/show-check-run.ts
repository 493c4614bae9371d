/** Writes the check run `mainkeeper` on a head: the known one is edited, else it is looked for by name before one is made. */
import type { NewEvent } from '../core/events.ts'
import { OWN_CHECK } from '../core/readiness/checks.ts'
import type { CheckRunContent } from '../github/port.ts'
import { type EffectOf, need, outcome, refuseToRepeat, type Scene } from './scene.ts'

export async function showCheckRun(effect: EffectOf<'show-check-run'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence, view } = scene
  const { pull, sha, content } = effect
  const run: CheckRunContent = {
    ...effect.check_run,
    name: OWN_CHECK,
    sha,
    external_id: `${view.lane.target}#${pull}`,
    details_url: null,
  }
  const known = view.lane.surfaces[pull]?.check_run
  const id = known?.sha === sha ? known.id : await findCheckRun(run, scene)
  if (id !== null) {
    const updated = await port.updateCheckRun(fence, id, run)
    if (updated.ok || updated.failure !== 'gone') {
      need(updated)
      return [outcome(scene, 'check_run_written', { pull, sha, check_run: id, content })]
    }
  }
  refuseToRepeat(effect, scene)
  const check_run = need(await port.createCheckRun(fence, run))
  return [outcome(scene, 'check_run_written', { pull, sha, check_run, content })]
}

/** One check run on the commit of a broken configuration file; an old one is never edited, for its commit is another. */
export async function showConfigErrors(effect: EffectOf<'show-config-errors'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence } = scene
  const { branch, commit } = effect
  const run: CheckRunContent = {
    ...effect.check_run,
    name: OWN_CHECK,
    sha: commit,
    external_id: `config:${branch}`,
    details_url: null,
  }
  const known = await findCheckRun(run, scene)
  if (known !== null) need(await port.updateCheckRun(fence, known, run))
  else refuseToRepeat(effect, scene)
  const check_run = known ?? need(await port.createCheckRun(fence, run))
  return [outcome(scene, 'config_reported', { branch, commit, check_run })]
}

async function findCheckRun(run: CheckRunContent, { port }: Scene): Promise<number | null> {
  const runs = need(await port.listCheckRuns(run.sha, OWN_CHECK))
  return runs.find((one) => one.external_id === run.external_id)?.id ?? null
}
