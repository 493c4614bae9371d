/**
 * Moves a target in mode exact: compare-and-swap from the base to the proven commit, the published ref deleted in the same
 * call. Whatever GitHub answers, what stands on the target afterwards is what counts. Mode native is `land-natively.ts`'s.
 */
import type { NewEvent } from '../core/events.ts'
import type { Landing } from '../core/queue/lane.ts'
import type { Answer } from '../github/port.ts'
import { concluded } from './conclude-landing.ts'
import { landNatively } from './land-natively.ts'
import { attemptOf, EffectFailed, type EffectOf, need, refOf, type Scene } from './scene.ts'

/** A refusal is believed when it was repeated: GitHub is known to answer 422 for no reason, and to know better a moment later. */
const BELIEVED_AFTER = 3
/**
 * That a target did not move is believed when it was read for the better part of a minute; so is that a published ref is
 * not what we made of it, for that may be our own success, which the target does not show yet.
 */
const UNMOVED_AFTER = 5

export async function advanceTarget(effect: EffectOf<'advance-target'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence, view } = scene
  const { landing, target, builds } = view.lane
  if (!landing || landing.build !== effect.build) return []
  const build = builds[effect.build]
  if (build?.mode === 'native') return [await landNatively(effect, landing, build, scene)]
  const published = refOf(effect.build, scene)
  const said = effect.advance
    ? await port.advanceTarget(fence, { target, from: landing.from, to: landing.to, published })
    : await withdraw(published, landing, scene)
  // Neither was sent, so nothing can have come of it.
  if (!said.ok && (said.failure === 'limited' || said.failure === 'unavailable')) throw new EffectFailed(said)
  return [await conclude(effect, said, landing, scene)]
}

/**
 * Without its published ref no earlier call can move the target any more. Compared and deleted in one step: a read may be some
 * seconds old, and show a ref that an advance has deleted.
 */
async function withdraw(published: string, landing: Landing, { port, fence }: Scene): Promise<Answer<void>> {
  const deleted = await port.deleteBranchAt(fence, published.replace('refs/heads/', ''), landing.to)
  // It was still there, so no advance had come through; if not, one may have, and a read may not show it yet.
  if (deleted.ok) return deleted
  if (deleted.failure !== 'moved') throw new EffectFailed(deleted)
  need(await port.deleteRef(fence, published))
  return { ok: false, failure: 'unclear', message: 'the published ref was gone' }
}

async function conclude(
  effect: EffectOf<'advance-target'>,
  said: Answer<void>,
  landing: Landing,
  scene: Scene,
): Promise<NewEvent> {
  const { port, view } = scene
  const { tip: target, tree } = need(await port.readTarget(view.lane.target, landing.to))
  if (target === null)
    return concluded(scene, landing, 'refused', landing.from, { message: `the branch ${view.lane.target} is gone` })
  if (target === landing.to || (target !== landing.from && need(await port.contains(target, landing.to)))) {
    if (tree === null) throw new EffectFailed({ failure: 'unclear', message: `${landing.to} is not shown yet` })
    return concluded(scene, landing, 'landed', target, { tree })
  }
  if (target !== landing.from) return concluded(scene, landing, 'moved', target)
  return unmoved(effect, said, landing, scene)
}

async function unmoved(
  effect: EffectOf<'advance-target'>,
  said: Answer<void>,
  landing: Landing,
  scene: Scene,
): Promise<NewEvent> {
  const attempt = attemptOf(effect, scene)
  if (!effect.advance) {
    if (said.ok || attempt >= UNMOVED_AFTER)
      return concluded(scene, landing, 'abandoned', landing.from, { message: said.ok ? null : said.message })
    throw new EffectFailed(said)
  }
  if (said.ok)
    throw new EffectFailed({
      failure: 'unclear',
      message: 'GitHub reported no error, and the target does not show it yet',
    })
  const refusal = said.failure === 'forbidden' || said.failure === 'refused'
  if (refusal && attempt >= BELIEVED_AFTER)
    return concluded(scene, landing, 'refused', landing.from, { message: said.message })
  if (said.failure === 'moved' && attempt >= UNMOVED_AFTER) {
    const published = refOf(landing.build, scene)
    const standing = need(await scene.port.readRef(published))
    if (standing !== landing.to)
      return concluded(scene, landing, 'abandoned', landing.from, foreign(published, standing))
  }
  throw new EffectFailed(said)
}

/** Without ruleset D others may write there. What stands there now was not proven: the build is made anew. */
const foreign = (published: string, standing: string | null): { readonly message: string } => ({
  message: `${published}, where only the App may write, was ${standing === null ? 'deleted' : `moved to ${standing}`} by somebody else (docs/setup.md, ruleset D)`,
})
