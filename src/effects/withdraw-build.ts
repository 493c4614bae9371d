/** Deletes what a build left on GitHub: the ref that an advance must delete in the same call, then its scratch refs. */
import type { NewEvent } from '../core/events.ts'
import { type EffectOf, need, outcome, refOf, type Scene } from './scene.ts'

export async function withdrawBuild(effect: EffectOf<'withdraw-build'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence } = scene
  need(await port.deleteRef(fence, refOf(effect.build, scene)))
  for (const { ref } of need(await port.listRefs(`heads/mainkeeper/scratch/${effect.build}-`)))
    need(await port.deleteRef(fence, ref))
  return [outcome(scene, 'build_withdrawn', { build: effect.build })]
}
