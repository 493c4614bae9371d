/**
 * Law 9: a blocked candidate moves no ref, and holds up no other: nothing of it is built or landed until it is queued again,
 * and when all is quiet nobody is left in a queue that nobody holds.
 */
import type { LoggedEvent } from '../../../src/core/events.ts'
import { lawOfWorlds } from '../law.ts'
import type { World } from '../play/world.ts'
import { lanesOf, logOf } from './reading/read-world.ts'
import { approve, history, open, pause, resume } from './reading/write-history.ts'

export const blockedMovesNothing = lawOfWorlds(
  'law 9: a blocked candidate moves no ref and holds up no other',
  [
    history(
      {},
      open(0, 'a.txt', 'bad'),
      approve(0),
      open(1, 'b.txt', 'plain'),
      // Until it was built once more and is blocked: whoever was tested beside it has nothing to show.
      pause(420),
      approve(1),
      pause(240),
      resume(0, 'label'),
    ),
  ],
  async (world) => [...actsOfBlocked(await logOf(world)), ...(await standing(world))],
)

/** Builds and landings of candidates that were blocked on their lane at that moment. */
function actsOfBlocked(log: readonly LoggedEvent[]): string[] {
  const blocked = new Map<string, string>()
  const members = new Map<string, readonly { pull: number; sha: string }[]>()
  const tries = new Set<string>()
  const broken: string[] = []
  for (const { lane, ...event } of log) {
    if (event.type === 'integration_blocked') blocked.set(`${lane} ${event.payload.pull}`, event.payload.sha)
    if (event.type === 'candidate_queued') blocked.delete(`${lane} ${event.payload.pull}`)
    if (event.type === 'build_planned') members.set(`${lane} ${event.payload.build}`, event.payload.members)
    if (event.type === 'build_planned' && event.payload.purpose === 'try') tries.add(event.payload.build)
    if (event.type !== 'build_planned' && event.type !== 'build_published' && event.type !== 'landing_planned') continue
    // A try may be built of whom somebody asks for it, and must not land.
    if (event.type !== 'landing_planned' && tries.has(event.payload.build)) continue
    for (const { pull, sha } of members.get(`${lane} ${event.payload.build}`) ?? [])
      if (blocked.get(`${lane} ${pull}`) === sha)
        broken.push(`${event.type} of ${event.payload.build}: #${pull} is blocked at ${sha}`)
  }
  return broken
}

/** Where all stand at the end. */
async function standing(world: World): Promise<string[]> {
  const broken: string[] = []
  for (const lane of await lanesOf(world)) {
    for (const { pull, sha } of Object.values(lane.blocks))
      if (await world.repo.isAncestor(sha, lane.target))
        broken.push(`#${pull} is blocked at ${sha}, and ${lane.target} contains it`)
    const waiting = lane.hold ? [] : Object.values(lane.entries)
    const blocked = Object.keys(lane.blocks).join(', ') || 'nobody'
    broken.push(...waiting.map(({ pull, status }) => `#${pull} is left ${status}, while blocked is ${blocked}`))
  }
  return broken
}
