/** Closes a pull request that landed as other commits than its own; what it landed as is said first, once. */
import type { NewEvent } from '../../core/events.ts'
import { LANDED_MARKER } from '../../core/render/landed-comment.ts'
import { EffectFailed, type EffectOf, need, outcome, refuseToRepeat, type Scene } from '../scene.ts'
import { findComment } from '../show/find-comment.ts'

export async function closePull(effect: EffectOf<'close-pull'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence } = scene
  const { pull, sha, landed_sha, comment } = effect
  // A head that was pushed a moment ago did not land; it stays open and is judged anew.
  const standing = need(await port.readPull(pull))
  if (standing.state === 'open' && standing.sha !== sha)
    throw new EffectFailed({ failure: 'moved', message: `its head is ${standing.sha} by now` })
  if ((await findComment(scene, pull, LANDED_MARKER)) === null) {
    refuseToRepeat(effect, scene)
    const said = await port.createComment(fence, pull, comment)
    // A locked conversation takes no comment; the check run says the same.
    if (!said.ok && said.failure !== 'gone' && said.failure !== 'forbidden') need(said)
  }
  if (standing.state === 'open') need(await port.closePull(fence, pull))
  return [outcome(scene, 'pull_closed', { pull, sha, landed_sha })]
}
