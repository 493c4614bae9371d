/**
 * The ways in which commits come together on a branch: `/merges`, and the merge button in its three methods. Both are
 * refused in GitHub's words, by status.
 */
import { type Commit, type Signature, WEB_FLOW } from '../git/commits.ts'
import { Problem } from '../problem.ts'
import type { Act, MergeMethod, Pull, Repo, User } from '../state.ts'
import type { World } from '../world.ts'
import { markMerged } from './pulls.ts'
import { moveRefs, RefRefused } from './refs.ts'

/** Who writes a commit, as git records it. */
export function signatureOf(world: World, user: User): Signature {
  return { name: user.login, email: `${user.id}+${user.login}@users.noreply.github.com`, at: world.now() }
}

/** Merges a commit or branch into a branch: the new commit, or undefined when the branch contained it already. */
export function mergeBranch(
  world: World,
  repo: Repo,
  act: Act,
  ask: { base: string; head: string; message?: string | undefined },
): Commit | undefined {
  const { git } = repo
  const ref = `refs/heads/${ask.base}`
  const tip = git.ref(ref)
  if (!tip) throw new Problem(404, 'Base does not exist')
  const head = git.ref(`refs/heads/${ask.head}`) ?? git.graph.find(ask.head)?.sha
  if (!head) throw new Problem(404, 'Head does not exist')
  if (git.graph.contains(tip, head)) return undefined
  const merged = git.graph.merge(tip, head)
  if ('conflicts' in merged) throw new Problem(409, 'Merge conflict')
  const message = ask.message ?? `Merge ${ask.head} into ${ask.base}`
  const by = signatureOf(world, act.by)
  const commit = git.graph.write({
    tree: merged.tree,
    parents: [tip, head],
    author: by,
    committer: web(world),
    message,
  })
  try {
    moveRefs(world, repo, act, [{ ref, before: tip, after: commit.sha, force: false }])
  } catch (error) {
    // GitHub answers 409 here too when a rule refuses; only the message tells it from a conflict.
    throw error instanceof RefRefused ? new Problem(error.why === 'workflow' ? 403 : 409, error.message) : error
  }
  return commit
}

export interface MergeAsk {
  readonly method: MergeMethod
  readonly sha?: string | undefined
  readonly title?: string | undefined
  readonly message?: string | undefined
}

/** The merge button: the sha that the base is at afterwards. 405 when it may not be merged, 409 when the head moved. */
export function mergePull(world: World, pull: Pull, act: Act, ask: MergeAsk): string {
  const { repo } = pull
  const { git } = repo
  const ref = `refs/heads/${pull.base.ref}`
  const tip = git.ref(ref)
  if (pull.issue.state === 'closed' || !tip) throw new Problem(405, 'Pull Request is not mergeable')
  if (pull.draft) throw new Problem(405, 'Pull Request is still a draft')
  if (ask.sha !== undefined && ask.sha !== pull.head.sha)
    throw new Problem(409, 'Head branch was modified. Review and try the merge again.')
  if (!repo.methods[ask.method])
    throw new Problem(
      405,
      `${{ merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' }[ask.method]} are not allowed on this repository.`,
    )
  const after = build(world, pull, act, ask, tip)
  try {
    moveRefs(world, repo, act, [{ ref, before: tip, after, force: false, via: pull }])
  } catch (error) {
    throw error instanceof RefRefused ? new Problem(405, error.message) : error
  }
  markMerged(world, pull, act, after)
  if (repo.deleteBranchOnMerge && pull.head.repo === repo && git.ref(`refs/heads/${pull.head.ref}`))
    moveRefs(world, repo, act, [{ ref: `refs/heads/${pull.head.ref}`, after: '0'.repeat(40), force: true }])
  return after
}

function build(world: World, pull: Pull, act: Act, ask: MergeAsk, tip: string): string {
  const { graph } = pull.repo.git
  const head = pull.head.sha
  const merged = graph.merge(tip, head)
  if ('conflicts' in merged) throw new Problem(405, 'Pull Request is not mergeable')
  const by = signatureOf(world, act.by)
  const { number } = pull
  switch (ask.method) {
    case 'merge': {
      const title = ask.title ?? `Merge pull request #${number} from ${pull.head.repo.owner.login}/${pull.head.ref}`
      const message = `${title}\n\n${ask.message ?? pull.issue.title}`
      return graph.write({ tree: merged.tree, parents: [tip, head], author: by, committer: web(world), message }).sha
    }
    case 'squash': {
      const message = `${ask.title ?? `${pull.issue.title} (#${number})`}\n\n${ask.message ?? ''}`.trimEnd()
      const author = signatureOf(world, pull.issue.user)
      return graph.write({ tree: merged.tree, parents: [tip], author, committer: web(world), message }).sha
    }
    case 'rebase':
      return rebase(pull, by, tip)
    default: {
      const unknown: never = ask.method
      return unknown
    }
  }
}

/** Puts each commit of the pull request on the tip, by merging what it changed against its own parent. */
function rebase(pull: Pull, by: Signature, tip: string): string {
  const { graph } = pull.repo.git
  const base = graph.mergeBase(tip, pull.head.sha)
  const commits = graph.log(pull.head.sha, base).toReversed()
  if (commits.some((commit) => commit.parents.length > 1)) throw new Problem(405, "This branch can't be rebased")
  let at = tip
  for (const commit of commits) {
    const parent = commit.parents[0] ?? tip
    // A commit of our tip's tree on the old parent gives merge-tree the base that a cherry-pick needs.
    const ours = graph.write({ ...graph.read(at), parents: [parent], message: 'tip', author: by, committer: by })
    const merged = graph.merge(ours.sha, commit.sha)
    if ('conflicts' in merged) throw new Problem(405, "This branch can't be rebased due to conflicts")
    const { author, message } = commit
    // Whoever merges is the committer, and GitHub signs none of it.
    at = graph.write({ tree: merged.tree, parents: [at], author, committer: by, message }).sha
  }
  return at
}

/** GitHub itself, as committer. */
export const web = (world: World): Signature => ({ name: 'GitHub', email: WEB_FLOW, at: world.now() })
