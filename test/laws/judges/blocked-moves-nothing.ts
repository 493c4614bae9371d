/**
 * Law 9: a blocked candidate moves no ref, and holds up no other: nothing of it is built or landed until it is queued again,
 * and when all is quiet nobody is left in a queue that nobody holds.
 */
import type { LoggedEvent } from '../../../src/core/events.ts'
import { lawOfWorlds } from '../law.ts'
import { TARGET, type World } from '../play/world.ts'
import { laneOf, logOf } from './read-world.ts'
import { approve, history, open, pause, resumeLabel } from './write-history.ts'

export const blockedMovesNothing = lawOfWorlds(
  'law 9: a blocked candidate moves no ref and holds up no other',
  [
    history(
      {},
      open(0, 'a.txt', 'bad'),
      approve(0),
      open(1, 'b.txt', 'plain'),
      approve(1),
      open(2, 'b.txt', 'other'),
      approve(2),
      open(3, 'c.txt', 'plain'),
      approve(3),
      pause(240),
      resumeLabel(0),
    ),
  ],
  async (world) => [...actsOfBlocked(await logOf(world)), ...(await standing(world))],
)

/** Builds and landings of candidates that were blocked at that moment. */
function actsOfBlocked(log: readonly LoggedEvent[]): string[] {
  const blocked = new Map<number, string>()
  const members = new Map<string, readonly { pull: number; sha: string }[]>()
  const broken: string[] = []
  for (const event of log) {
    if (event.type === 'integration_blocked') blocked.set(event.payload.pull, event.payload.sha)
    if (event.type === 'candidate_queued') blocked.delete(event.payload.pull)
    if (event.type === 'build_planned') members.set(event.payload.build, event.payload.members)
    if (event.type !== 'build_planned' && event.type !== 'build_published' && event.type !== 'landing_planned') continue
    for (const { pull, sha } of members.get(event.payload.build) ?? [])
      if (blocked.get(pull) === sha)
        broken.push(`${event.type} of ${event.payload.build}: #${pull} is blocked at ${sha}`)
  }
  return broken
}

/** Where all stand at the end. */
async function standing(world: World): Promise<string[]> {
  const lane = await laneOf(world)
  if (!lane) return ['the target has no lane']
  const broken: string[] = []
  for (const { pull, sha } of Object.values(lane.blocks))
    if (await world.repo.isAncestor(sha, TARGET))
      broken.push(`#${pull} is blocked at ${sha}, and the target contains it`)
  const waiting = lane.hold ? [] : Object.values(lane.entries)
  const blocked = Object.keys(lane.blocks).join(', ') || 'nobody'
  return [...broken, ...waiting.map(({ pull, status }) => `#${pull} is left ${status}, while blocked is ${blocked}`)]
}
