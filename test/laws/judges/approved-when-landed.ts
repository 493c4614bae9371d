/**
 * Law 3: no pull request lands at a head that was not approved, as observed at most a minute before the advance, by someone
 * who might approve then. Judged by the reviews and the permissions that the twin had at each instant.
 */
import { lawOfWorlds } from '../law.ts'
import { LONGEST_HANG } from '../play/history.ts'
import type { Push, World } from '../play/world.ts'
import { eventsOf } from './reading/read-world.ts'
import { approve, dismiss, history, lose, open, pause } from './reading/write-history.ts'

/** How old a look may be, and how long the call that follows it may be on its way. */
const REACH = 60_000 + LONGEST_HANG * 1000

export const approvedWhenLanded = lawOfWorlds(
  'law 3: what lands is approved',
  [
    // The build runs for minutes, and nobody tells of the dismissal.
    history({ ci: 200 }, open(0, 'a.txt', 'red'), approve(0), pause(30), lose(9), dismiss(0)),
  ],
  async (world) => {
    const completed = await eventsOf(world, 'integration_completed')
    return world.pushes
      .filter(({ by }) => by === 'app')
      .flatMap((push) =>
        completed
          .filter(({ payload }) => payload.tree !== null && payload.landed_sha === push.after)
          .filter(({ payload }) => !wasApproved(world, push, payload))
          .map(({ payload: { pull, sha } }) => `#${pull} landed on ${push.target} at ${sha}, which was not approved`),
      )
  },
)

/** Whether it stood approved at some instant within the reach. */
const wasApproved = ({ standings }: World, { at }: Push, { pull, sha }: { pull: number; sha: string }): boolean =>
  standings.some(({ from, approved }, index) => {
    const until = standings[index + 1]?.from ?? Number.POSITIVE_INFINITY
    return from <= at && until >= at - REACH && approved.get(pull) === sha
  })
