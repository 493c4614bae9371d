/**
 * Deletes the head branch of a pull request that landed, by compare-and-swap: a branch that was pushed to since is kept, and
 * so is one that another open pull request comes from or goes into.
 */
import type { NewEvent, PayloadOf } from '../../core/events.ts'
import { EffectFailed, type EffectOf, need, outcome, type Scene } from '../scene.ts'

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
  if (merged && deleted_by_github) return concluded('kept', 'left_to_github')
  const standing = need(await port.readRef(`refs/heads/${branch}`))
  if (standing === null) return concluded('deleted', 'landed')
  if (standing !== sha) return concluded('kept', 'moved', `it stands at ${standing}`)
  const deleted = await port.deleteBranchAt(fence, branch, sha)
  if (deleted.ok) return concluded('deleted', 'landed')
  if (deleted.failure === 'refused' || deleted.failure === 'forbidden')
    return concluded('kept', 'refused', deleted.message.slice(0, 2000))
  throw new EffectFailed(deleted)
}
