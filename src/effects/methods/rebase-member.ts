/**
 * Method rebase: each commit of the pull request is merged in turn on a scratch ref, and the tree of each merge becomes a
 * commit on a line of its own, with its author and message. Commits that stand on the tip as they are stay what they are.
 */
import type { NewEvent } from '../../core/events.ts'
import { keptMessage } from '../../core/render/commit/commit-text.ts'
import { attemptTrailer, tryTrailer } from '../../core/render/commit/merge-message.ts'
import type { WrittenCommit } from '../../github/port.ts'
import { need } from '../scene.ts'
import { foreignScratch, onScratch, type Placed, type Placing } from './placing.ts'
import { contained, refusal, refusedBy } from './refusal.ts'

export async function rebaseMember(placing: Placing): Promise<Placed> {
  const { build, member, tip, scene } = placing
  const refused = (reason: 'too_large' | 'refused', message: string): Placed => ({
    refused: refusal(scene, build, member, reason, message),
  })
  const { total, commits } = need(await scene.port.commitsBetween(tip, member.sha))
  const last = commits.at(-1)
  if (total > commits.length) return refused('too_large', `it has ${total} commits`)
  if (!last) return contained(placing)
  const merge = commits.find(({ parents }) => parents.length > 1)
  if (merge)
    return refused(
      'refused',
      `${merge.sha} is a merge commit, which can not be rebased: rebase the branch, or squash it`,
    )
  if (build.attempt === 1 && standsOn(tip, commits)) return { sha: last.sha, tree: last.tree }
  const trees = await onScratch(scene, placing.scratch, tip, (branch) => treesOf(placing, branch, commits))
  if ('refused' in trees) return trees
  if (trees.at(-1) === need(await scene.port.readCommit(tip)).tree)
    return contained(placing, 'unchanged', `the target holds all that ${member.sha} changes`)
  return inLine(placing, commits, trees)
}

/** Whether the commits are a line from the tip already, with nothing in them that must not land. */
function standsOn(tip: string, commits: readonly WrittenCommit[]): boolean {
  return commits.every(
    ({ parents, message }, index) =>
      parents[0] === (commits[index - 1]?.sha ?? tip) && keptMessage(message) === message,
  )
}

/** The tree after each commit, in order. */
async function treesOf(
  placing: Placing,
  branch: string,
  commits: readonly WrittenCommit[],
): Promise<string[] | { readonly refused: NewEvent }> {
  const { port, fence } = placing.scene
  const trees: string[] = []
  let at = placing.tip
  for (const { sha } of commits) {
    const answer = await port.merge(fence, branch, sha, `Scratch for the rebase of ${sha}`)
    if (!answer.ok) return { refused: await refusedBy(placing, sha, at, answer) }
    if (answer.value === null) throw foreignScratch(at, sha)
    const { parents, tree } = answer.value
    if (parents[0] !== at || parents[1] !== sha) throw foreignScratch(at, sha)
    trees.push(tree)
    at = answer.value.sha
  }
  return trees
}

async function inLine(
  { build, tip, scene }: Placing,
  commits: readonly WrittenCommit[],
  trees: readonly string[],
): Promise<Placed> {
  let at = { sha: tip, tree: '' }
  for (const [index, { message, author }] of commits.entries()) {
    const trailers = index === commits.length - 1 ? [...attemptTrailer(build.attempt), ...tryTrailer(build)] : []
    at = need(
      await scene.port.createCommit(scene.fence, {
        tree: trees[index] ?? '',
        parents: [at.sha],
        message: [keptMessage(message), ...trailers].join('\n\n'),
        author,
      }),
    )
  }
  return at
}
