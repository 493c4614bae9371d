/** Writes the one sticky comment of a pull request, found by its marker. */
import type { NewEvent } from '../../core/events.ts'
import { COMMENT_MARKER } from '../../core/render/comment.ts'
import { type EffectOf, need, outcome, refuseToRepeat, type Scene } from '../scene.ts'
import { findComment } from './find-comment.ts'

export async function showComment(effect: EffectOf<'show-comment'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence, view } = scene
  const { pull, body, content } = effect
  const known = view.lane.surfaces[pull]?.comment?.id ?? (await findComment(scene, pull, COMMENT_MARKER))
  if (known !== null) {
    const updated = await port.updateComment(fence, known, body)
    if (updated.ok || updated.failure !== 'gone') {
      need(updated)
      return [outcome(scene, 'comment_written', { pull, comment: known, content })]
    }
  }
  refuseToRepeat(effect, scene)
  const comment = need(await port.createComment(fence, pull, body))
  return [outcome(scene, 'comment_written', { pull, comment, content })]
}
