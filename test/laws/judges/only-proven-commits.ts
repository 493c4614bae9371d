/**
 * Law 1: the target moves only to a commit whose required check passed on that very commit, or by someone else's hand, which
 * is recorded. Judged by what the twin saw pushed and what its CI said, never by what we say of ourselves.
 */
import { lawOfWorlds } from '../law.ts'
import { CHECK, type Push, REPOSITORY, type World } from '../play/world.ts'
import { approve, byHand, history, open, pause } from './write-history.ts'
import { lanesOf, logOf } from './read-world.ts'

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
  ],
  async (world) => {
    const broken: string[] = []
    for (const push of world.pushes) {
      const problem = push.by === 'app' ? unproven(world, push) : await unrecorded(world, push)
      if (problem) broken.push(problem)
    }
    return broken
  },
)

function unproven({ ci }: World, { target, before, after, at, forced }: Push): string | null {
  const runs = ci.runs().filter((run) => run.sha === after && run.check === CHECK)
  const ended = runs.filter((run) => run.endedAt !== undefined && run.endedAt <= at)
  const newest = ended.sort((a, b) => a.attempt - b.attempt).at(-1)
  if (forced) return `we forced ${target} from ${before} to ${after}`
  if (newest?.conclusion === 'success') return null
  return `we moved ${target} to ${after}, on which ${CHECK} had said ${newest?.conclusion ?? 'nothing'}`
}

/** Before the first pull request for it a target is a branch as any other, and so are the pushes to it. */
async function unrecorded(world: World, { target, after, by }: Push): Promise<string | null> {
  const { repo } = world
  const tips = (await logOf(world)).flatMap(({ type, payload }) => {
    if (type === 'target_moved') return payload.branch === target ? [payload.after] : []
    const ours = type === 'branch_pushed' && payload.remote === REPOSITORY && payload.branch === target
    return ours ? [payload.sha] : []
  })
  for (const tip of tips) if (await repo.isAncestor(after, tip)) return null
  // What was there and gone again before anybody could look, and whose webhook was lost, nobody can know of.
  const watched = (await lanesOf(world)).some((lane) => lane.target === target)
  if (world.lossy && !(watched && (await repo.isAncestor(after, target)))) return null
  return `${by} moved ${target} to ${after}, and the log does not say so`
}
