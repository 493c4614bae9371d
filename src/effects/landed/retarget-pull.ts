/** Gives a stacked pull request the target as its base, once the one below it landed there. */
import type { NewEvent } from '../../core/events.ts'
import { EffectFailed, type EffectOf, outcome, type Scene } from '../scene.ts'

export async function retargetPull(effect: EffectOf<'retarget-pull'>, scene: Scene): Promise<NewEvent[]> {
  const { pull, from, to } = effect
  const answer = await scene.port.retargetPull(scene.fence, pull, to)
  const concluded = (refused: string | null) => [outcome(scene, 'pull_retargeted', { pull, from, to, refused })]
  if (answer.ok) return concluded(null)
  // Nothing lies between the two, or the same is proposed already: to try again would be told the same.
  if (answer.failure === 'refused' || answer.failure === 'forbidden' || answer.failure === 'gone')
    return concluded(answer.message.slice(0, 2000))
  throw new EffectFailed(answer)
}
