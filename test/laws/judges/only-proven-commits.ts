/**
 * Law 1: the target moves only to a commit whose required check passed on that very commit, or by someone else's hand, which
 * is recorded. Judged by what the twin saw pushed and what its CI said, never by what we say of ourselves.
 */
import { lawOfWorlds } from '../law.ts'
import { CHECK, type Push, type World } from '../play/world.ts'
import { eventsOf } from './read-world.ts'
import { approve, history, open, pause } from './write-history.ts'

export const onlyProvenCommits = lawOfWorlds(
  'law 1: the target moves only to proven commits',
  [history({}, open(0, 'a.txt', 'red'), approve(0), pause(90), open(1, 'b.txt', 'blue'), approve(1))],
  async (world) => {
    const broken: string[] = []
    for (const push of world.pushes) {
      const problem = push.by === 'app' ? unproven(world, push) : await unrecorded(world, push)
      if (problem) broken.push(problem)
    }
    return broken
  },
)

function unproven({ ci }: World, push: Push): string | null {
  const runs = ci.runs().filter((run) => run.sha === push.after && run.check === CHECK)
  const ended = runs.filter((run) => run.endedAt !== undefined && run.endedAt <= push.at)
  const newest = ended.sort((a, b) => a.attempt - b.attempt).at(-1)
  if (push.forced) return `we forced the target from ${push.before} to ${push.after}`
  if (newest?.conclusion === 'success') return null
  return `we moved the target to ${push.after}, on which ${CHECK} had said ${newest?.conclusion ?? 'nothing'}`
}

async function unrecorded(world: World, push: Push): Promise<string | null> {
  for (const event of await eventsOf(world, 'target_moved'))
    if (await world.repo.isAncestor(push.after, event.payload.after)) return null
  return `${push.by} moved the target to ${push.after}, and the log does not say so`
}
