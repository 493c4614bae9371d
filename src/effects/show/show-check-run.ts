/**
 * Writes the check run `mainkeeper` on a head: the known one is edited, else it is looked for by name before one is made. Known
 * ones of several heads are edited in one request.
 */
import type { NewEvent } from '../../core/events.ts'
import type { Effect } from '../../core/queue/effect.ts'
import { standingRun } from '../../core/queue/steps.ts'
import type { LaneView } from '../../core/queue/view.ts'
import { OWN_CHECK } from '../../core/readiness/checks.ts'
import { mapAnswer } from '../../github/answer.ts'
import type { CheckRunContent, CheckRunIds } from '../../github/check-run.ts'
import type { Answer } from '../../github/port.ts'
import { type EffectOf, need, outcome, refuseToRepeat, type Scene } from '../scene.ts'

type Show = EffectOf<'show-check-run'>

export async function showCheckRun(effect: Show, scene: Scene): Promise<NewEvent[]> {
  const { port, fence, view } = scene
  const run = contentOf(effect, view)
  const id = standingRun(effect, view.lane)?.id ?? (await findCheckRun(run, scene))
  if (id !== null) {
    const updated = await port.updateCheckRun(fence, id, run)
    if (updated.ok || updated.failure !== 'gone') return [written(effect, need(updated), scene)]
  }
  refuseToRepeat(effect, scene)
  return [written(effect, need(await port.createCheckRun(fence, run)), scene)]
}

/** Those of several heads in one request, and what came of each. Written once more they say the same. */
export async function showCheckRuns(
  effects: readonly Effect[],
  scene: Scene,
): Promise<readonly { readonly effect: Show; readonly answer: Answer<NewEvent> }[]> {
  const { port, fence, view } = scene
  const edits = effects.flatMap((effect) => {
    if (effect.effect !== 'show-check-run') return []
    const { id, node } = standingRun(effect, view.lane) ?? {}
    return id && node ? [{ effect, id, node, content: contentOf(effect, view) }] : []
  })
  const said = await port.updateCheckRuns(fence, edits)
  return edits.map(({ effect, id, node }, index) => {
    const own = said.ok ? (said.value[index] ?? said) : said
    return { effect, answer: mapAnswer<unknown, NewEvent>(own, () => written(effect, { id, node }, scene)) }
  })
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
  if (known === null) refuseToRepeat(effect, scene)
  const { id } = need(
    known === null ? await port.createCheckRun(fence, run) : await port.updateCheckRun(fence, known, run),
  )
  return [outcome(scene, 'config_reported', { branch, commit, check_run: id })]
}

const contentOf = ({ pull, sha, check_run }: Show, { lane }: LaneView): CheckRunContent => ({
  ...check_run,
  name: OWN_CHECK,
  sha,
  external_id: `${lane.target}#${pull}`,
  details_url: null,
})

const written = ({ pull, sha, content }: Show, { id, node }: CheckRunIds, scene: Scene): NewEvent =>
  outcome(scene, 'check_run_written', { pull, sha, check_run: id, node, content })

async function findCheckRun(run: CheckRunContent, { port }: Scene): Promise<number | null> {
  const runs = need(await port.listCheckRuns(run.sha, OWN_CHECK))
  return runs.find((one) => one.external_id === run.external_id)?.id ?? null
}
