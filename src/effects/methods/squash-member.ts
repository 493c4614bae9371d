/**
 * Method squash: GitHub merges the head on a scratch ref, and the tree of that merge becomes one commit on the tip. Where the
 * target demands signatures it names no author, because GitHub signs only what is its App's own; then all are co-authors.
 */
import { authorsOf, type Written } from '../../core/render/commit/co-authors.ts'
import { mergeMessage, needsBody, tryTrailer } from '../../core/render/commit/merge-message.ts'
import type { WrittenCommit } from '../../github/port.ts'
import { need } from '../scene.ts'
import { demands, foreignScratch, landOf, onScratch, type Placed, type Placing, told } from './placing.ts'
import { contained, refusal, refusedBy } from './refusal.ts'

export async function squashMember(placing: Placing): Promise<Placed> {
  const { build, member, tip, scene } = placing
  const { port, fence } = scene
  const merged = await onScratch(scene, placing.scratch, tip, (branch) =>
    port.merge(fence, branch, member.sha, `Scratch for the squash of #${member.pull}`),
  )
  if (!merged.ok) return { refused: await refusedBy(placing, member.sha, tip, merged) }
  if (merged.value === null) return contained(placing)
  const { tree, parents } = merged.value
  if (parents[0] !== tip || parents[1] !== member.sha) throw foreignScratch(tip, member.sha)
  if (need(await port.readCommit(tip)).tree === tree)
    return contained(placing, 'unchanged', `the target holds all that ${member.sha} changes`)
  const { total, commits } = need(await port.commitsBetween(tip, member.sha))
  if (total > commits.length) return { refused: refusal(scene, build, member, 'too_large', `it has ${total} commits`) }
  const { message: templates } = landOf(scene)
  const about = await told(placing, needsBody('squash', templates))
  const { author, trailers } = authorsOf(written(commits), about.author, !demands(scene, 'required_signatures'))
  const message = mergeMessage('squash', templates, about, build.attempt, [...trailers, ...tryTrailer(build)])
  return need(
    await port.createCommit(fence, {
      tree,
      parents: [tip],
      message,
      ...(author ? { author: { name: author.name, email: author.email } } : {}),
    }),
  )
}

export const written = (commits: readonly WrittenCommit[]): Written[] =>
  commits.map((commit) => ({ ...commit, merge: commit.parents.length > 1 }))
