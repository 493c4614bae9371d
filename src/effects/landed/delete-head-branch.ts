/**
 * Deletes the head branch of a pull request that landed, by compare-and-swap: a branch that was pushed to since is kept, and
 * so is one that another open pull request comes from or goes into. Where GitHub is set to delete it by itself it is left to
 * GitHub for a while.
 */
import type { NewEvent, PayloadOf } from '../../core/events.ts'
import { attemptOf, EffectFailed, type EffectOf, need, outcome, type Scene } from '../scene.ts'

/** Tries after which GitHub is not waited for any more: it does not say that it deletes the branches of every kind of merge. */
const LEFT_FOR = 3

type Concluded = PayloadOf<'head_branch_concluded'>

export async function deleteHeadBranch(effect: EffectOf<'delete-head-branch'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence } = scene
  const { pull, branch, sha, merged } = effect
  const concluded = (result: Concluded['result'], reason: Concluded['reason'], message: string | null = null) => [
    outcome(scene, 'head_branch_concluded', { pull, branch, sha, result, reason, message }),
  ]
  const { pulls, deleted_by_github } = need(await port.readBranchUse(branch))
  const others = pulls.filter((other) => other !== pull)
  if (others.length > 0)
    return concluded(
      'kept',
      'used',
      others
        .map((other) => `#${other}`)
        .join(', ')
        .slice(0, 2000),
    )
  const standing = need(await port.readRef(`refs/heads/${branch}`))
  const left = merged && deleted_by_github
  if (standing === null) return concluded('deleted', left ? 'left_to_github' : 'landed')
  if (standing !== sha) return concluded('kept', 'moved', `it stands at ${standing}`)
  if (left && attemptOf(effect, scene) < LEFT_FOR)
    throw new EffectFailed({ failure: 'unavailable', message: 'GitHub is set to delete it by itself' })
  const deleted = await port.deleteBranchAt(fence, branch, sha)
  if (deleted.ok) return concluded('deleted', 'landed')
  if (deleted.failure === 'refused' || deleted.failure === 'forbidden')
    return concluded('kept', 'refused', deleted.message.slice(0, 2000))
  throw new EffectFailed(deleted)
}
