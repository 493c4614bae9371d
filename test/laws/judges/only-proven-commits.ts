/**
 * Law 1: the target moves only to a commit whose required check passed on that very commit, in mode native to one with the
 * tree of such a commit; or by someone else's hand, which is recorded. Judged by what the twin saw pushed and what its CI
 * said, never by what we say of ourselves.
 */
import { ZERO_SHA } from '../../../src/core/ids.ts'
import { lawOfWorlds } from '../law.ts'
import { LONGEST_HANG, MERGE_PULL, READ_PULL } from '../play/history.ts'
import { CHECK, type Push, REPOSITORY, type World } from '../play/world.ts'
import { racedMerges } from './reading/raced-merges.ts'
import { lanesOf, logOf } from './reading/read-world.ts'
import { approve, byHand, hanging, history, open, pause } from './reading/write-history.ts'

export const onlyProvenCommits = lawOfWorlds(
  'law 1: the target moves only to proven commits',
  [
    history(
      { targets: 2, method: 'squash' },
      open(0, 'b.txt', 'blue', { base: 'next', fork: true }),
      approve(0),
      byHand('c.txt', 'plain'),
      pause(90),
      byHand('c.txt', 'other', 'force'),
    ),
    // Each tree passes; the two together do not. Somebody is quicker than GitHub is to merge.
    history(
      { mode: 'native', method: 'squash' },
      hanging(MERGE_PULL, LONGEST_HANG),
      open(0, 'a.txt', 'red'),
      approve(0),
      pause(60),
      byHand('b.txt', 'blue'),
    ),
    // It goes somewhere else by the time at which it is read.
    history(
      { mode: 'native', method: 'rebase', targets: 2 },
      hanging(READ_PULL, LONGEST_HANG),
      { act: 'foreign_push', target: 'next', how: 'fast-forward', change: { 'b.txt': 'blue\n' } },
      open(0, 'a.txt', 'red'),
      approve(0),
      pause(60),
      { act: 'retarget', slot: 0, base: 'next' },
    ),
  ],
  async (world) => {
    const broken: string[] = []
    for (const push of world.pushes) {
      const problem = push.by === 'app' ? await unproven(world, push) : await unrecorded(world, push)
      if (problem) broken.push(problem)
    }
    return broken
  },
)

async function unproven(world: World, { target, before, after, at, forced }: Push): Promise<string | null> {
  if (forced) return `we forced ${target} from ${before} to ${after}`
  const said = await saidOf(world, after, at)
  if (said.includes('success') || (await racedMerges(world)).has(after)) return null
  return `we moved ${target} to ${after}, of which ${CHECK} had said ${said.join(', ') || 'nothing'}`
}

/** What the check had said last, until then, of the commit, or in mode native of each commit of its tree. */
async function saidOf({ repo, ci, settings }: World, commit: string, until: number): Promise<string[]> {
  const tree = await repo.tree(commit)
  const runs = ci
    .runs()
    .filter(({ check, endedAt }) => check === CHECK && endedAt !== undefined && endedAt <= until)
    .filter((run) => (settings.mode === 'native' ? run.tree === tree : run.sha === commit))
    .sort((a, b) => a.attempt - b.attempt)
  return [...new Map(runs.map(({ sha, conclusion }) => [sha, conclusion])).values()].flatMap((one) => one ?? [])
}

/** Before the first pull request for it a target is a branch as any other, and so are the pushes to it. */
async function unrecorded(world: World, { target, after, by }: Push): Promise<string | null> {
  const { repo } = world
  const tips = (await logOf(world)).flatMap(({ type, payload }) => {
    // Of two pushes that are told in the wrong order the older is stale, and the newer tells from where it moved.
    if (type === 'target_moved')
      return payload.branch === target ? [payload.before, payload.after].filter((tip) => tip !== ZERO_SHA) : []
    const ours = type === 'branch_pushed' && payload.remote === REPOSITORY && payload.branch === target
    return ours ? [payload.sha] : []
  })
  for (const tip of tips) if (await repo.isAncestor(after, tip)) return null
  // What was there and gone again before anybody could look, and whose webhook was lost, nobody can know of.
  const watched = (await lanesOf(world)).some((lane) => lane.target === target)
  if (world.lossy && !(watched && (await repo.isAncestor(after, target)))) return null
  return `${by} moved ${target} to ${after}, and the log does not say so`
}
