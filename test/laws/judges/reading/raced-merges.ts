/**
 * Merges of mode native that another hand came before when they were on their way: the base was moved, or the pull request
 * goes into another one. GitHub compares neither, so it can't be prevented by us (docs/decisions/0010), only noticed.
 */
import { READ_PULL, READ_REF } from '../../play/history.ts'
import type { Look, Push, World } from '../../play/world.ts'
import { eventsOf } from './read-world.ts'

/** The commits that came of them, as far as the log calls them untested and the lane was held for them. */
export async function racedMerges(world: World): Promise<ReadonlySet<string>> {
  const held = (await eventsOf(world, 'lane_held')).filter(({ payload }) => payload.reason === 'landed_untested')
  const mismatched = (await eventsOf(world, 'landing_concluded')).filter(({ lane, payload: { landed_sha } }) => {
    const push = world.pushes.find(({ after }) => after === landed_sha)
    const told = held.some((one) => one.lane === lane && one.payload.evidence.some(({ text }) => text === landed_sha))
    return told && push !== undefined && wasRaced(world, push)
  })
  return new Set(
    mismatched.flatMap(({ payload }) => (payload.result === 'mismatched' ? (payload.landed_sha ?? []) : [])),
  )
}

/** Whether somebody else moved the base, or gave the pull request another, after the last look at it. */
function wasRaced({ pushes, looks, repo }: World, { target, after, at }: Push): boolean {
  const lastLook = (operation: Look['operation']): number =>
    looks.findLast((look) => look.operation === operation && look.at <= at)?.at ?? at
  const isLate = (moment: number | null, look: number): boolean => moment !== null && moment >= look && moment <= at
  return (
    pushes.some((other) => other.target === target && other.by !== 'app' && isLate(other.at, lastLook(READ_REF))) ||
    repo.pulls().some((pull) => pull.mergeCommit === after && isLate(pull.baseChangedAt, lastLook(READ_PULL)))
  )
}
