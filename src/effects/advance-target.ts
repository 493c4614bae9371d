/**
 * The only file that moves a target: compare-and-swap from the base to the proven commit, the published ref deleted in the
 * same call. Whatever GitHub answers, what stands on the target afterwards is what counts.
 */
import type { NewEvent } from '../core/events.ts'
import { iso, publishedRef } from '../core/ids.ts'
import type { Landing } from '../core/queue/lane.ts'
import type { Answer } from '../github/port.ts'
import { attemptOf, EffectFailed, type EffectOf, need, outcome, type Scene } from './scene.ts'

/** A refusal is believed when it was repeated: GitHub is known to answer 422 for no reason, and to know better a moment later. */
const BELIEVED_AFTER = 3

export async function advanceTarget(effect: EffectOf<'advance-target'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence, view } = scene
  const { landing, target } = view.lane
  if (!landing || landing.build !== effect.build) return []
  const published = publishedRef(target, effect.build)
  const said = effect.advance
    ? await port.advanceTarget(fence, { target, from: landing.from, to: landing.to, published })
    : await withdraw(published, landing, scene)
  // Neither was sent, so nothing can have come of it.
  if (!said.ok && (said.failure === 'limited' || said.failure === 'unavailable')) throw new EffectFailed(said)
  return [await conclude(effect, said, landing, scene)]
}

/** Without its published ref no earlier call can move the target any more. */
async function withdraw(published: string, landing: Landing, { port, fence }: Scene): Promise<Answer<void>> {
  const standing = need(await port.readRef(published))
  need(await port.deleteRef(fence, published))
  // It was still there, so no advance had come through; if not, one may have, and a read may not show it yet.
  return standing === landing.to
    ? { ok: true, value: undefined }
    : { ok: false, failure: 'unclear', message: 'the published ref was gone' }
}

async function conclude(
  effect: EffectOf<'advance-target'>,
  said: Answer<void>,
  landing: Landing,
  scene: Scene,
): Promise<NewEvent> {
  const { port, view } = scene
  const target = need(await port.readRef(`refs/heads/${view.lane.target}`))
  if (target === null)
    return concluded(scene, landing, 'refused', landing.from, null, `the branch ${view.lane.target} is gone`)
  if (target === landing.to || (target !== landing.from && need(await port.contains(target, landing.to)))) {
    const { tree } = need(await port.readCommit(landing.to))
    return concluded(scene, landing, 'landed', target, tree, null)
  }
  if (target !== landing.from) return concluded(scene, landing, 'moved', target, null, null)
  return unmoved(effect, said, landing, scene)
}

function unmoved(effect: EffectOf<'advance-target'>, said: Answer<void>, landing: Landing, scene: Scene): NewEvent {
  const attempt = attemptOf(effect, scene)
  const believed = attempt >= BELIEVED_AFTER
  if (!effect.advance) {
    if (said.ok || believed)
      return concluded(scene, landing, 'abandoned', landing.from, null, said.ok ? null : said.message)
    throw new EffectFailed(said)
  }
  if (said.ok)
    throw new EffectFailed({
      failure: 'unclear',
      message: 'GitHub reported no error, and the target does not show it yet',
    })
  const refusal = said.failure === 'forbidden' || said.failure === 'refused'
  if (refusal && believed) return concluded(scene, landing, 'refused', landing.from, null, said.message)
  throw new EffectFailed(said)
}

function concluded(
  scene: Scene,
  { build }: Landing,
  result: 'landed' | 'moved' | 'refused' | 'abandoned',
  target: string,
  tree: string | null,
  message: string | null,
): NewEvent {
  return outcome(scene, 'landing_concluded', {
    build,
    result,
    target,
    tree,
    message: message?.slice(0, 2000) ?? null,
    concluded_at: iso(scene.now()),
  })
}
