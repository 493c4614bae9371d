/** Method merge: a merge commit of the member's head, made by GitHub and checked by its parents. */
import { mergeMessage, needsBody, tryTrailer } from '../../core/render/commit/merge-message.ts'
import { branchOf, foreignScratch, landOf, type Placed, type Placing, told } from './placing.ts'
import { contained, refusedBy } from './refusal.ts'

export async function mergeMember(placing: Placing): Promise<Placed> {
  const { build, member, tip, scene } = placing
  const { message: templates } = landOf(scene)
  const about = await told(placing, needsBody('merge', templates))
  const message = mergeMessage('merge', templates, about, build.attempt, tryTrailer(build))
  const answer = await scene.port.merge(scene.fence, branchOf(placing.scratch), member.sha, message)
  if (!answer.ok) return { refused: await refusedBy(placing, member.sha, tip, answer) }
  if (answer.value === null) return contained(placing)
  const { sha, tree, parents } = answer.value
  if (parents.length !== 2 || parents[0] !== tip || parents[1] !== member.sha) throw foreignScratch(tip, member.sha)
  return { sha, tree }
}
