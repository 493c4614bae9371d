/**
 * Law 2: the landed tree is the tested tree, and the proof that is kept says so: what was recorded of a landing is compared
 * with git itself and with what CI checked out. Every move of ours is recorded.
 */
import type { LoggedEvent } from '../../../src/core/events.ts'
import { lawOfWorlds } from '../law.ts'
import { CHECK, TARGET, type World } from '../play/world.ts'
import { eventsOf } from './read-world.ts'
import { approve, byHand, history, open, pause } from './write-history.ts'

export const landedIsTested = lawOfWorlds(
  'law 2: the landed tree is the tested tree',
  [history({ checks: 'wait' }, open(0, 'a.txt', 'other'), byHand('b.txt', 'plain'), approve(0), pause(90))],
  async (world) => {
    const broken: string[] = []
    const completed = (await eventsOf(world, 'integration_completed')).filter(({ payload }) => payload.tree !== null)
    for (const event of completed) broken.push(...(await problemsOf(world, event)))
    const known = new Set(completed.map(({ payload }) => payload.landed_sha))
    for (const { by, after } of world.pushes)
      if (by === 'app' && !known.has(after)) broken.push(`we moved the target to ${after} and recorded no landing`)
    return broken
  },
)

async function problemsOf({ repo, ci }: World, { payload }: LoggedEvent<'integration_completed'>): Promise<string[]> {
  const { pull, sha, landed_sha, tree } = payload
  const name = `#${pull} as ${landed_sha}`
  const landed = await repo.tree(landed_sha)
  const tested = ci
    .runs()
    .filter((run) => run.sha === landed_sha && run.check === CHECK && run.conclusion === 'success')
  const [commit] = await repo.log(landed_sha)
  return [
    ...(landed === tree ? [] : [`${name}: its tree is ${landed}, its proof says ${tree}`]),
    ...(tested.some((run) => run.tree === landed) ? [] : [`${name}: no passing check saw its tree ${landed}`]),
    ...(commit?.parents[1] === sha ? [] : [`${name}: it does not merge the candidate ${sha}`]),
    ...((await repo.isAncestor(landed_sha, TARGET)) ? [] : [`${name}: the target does not contain it`]),
  ]
}
