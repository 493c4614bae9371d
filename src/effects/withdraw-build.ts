/** Deletes what a build left on GitHub: the ref that an advance must delete in the same call, then its scratch refs. */
import type { NewEvent } from '../core/events.ts'
import { publishedRef } from '../core/ids.ts'
import { type EffectOf, need, outcome, type Scene } from './scene.ts'

export async function withdrawBuild(effect: EffectOf<'withdraw-build'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence, view } = scene
  need(await port.deleteRef(fence, publishedRef(view.lane.target, effect.build)))
  for (const { ref } of need(await port.listRefs(`heads/mainkeeper/scratch/${effect.build}-`)))
    need(await port.deleteRef(fence, ref))
  return [outcome(scene, 'build_withdrawn', { build: effect.build })]
}
