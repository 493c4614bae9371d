/** Tries from the request until their end was told. Their builds stand among the others, and count for none of them. */
import type { LoggedEvent, PayloadOf } from '../../events.ts'
import type { Lane } from '../lane.ts'
import { type Try, tryOf } from '../try.ts'
import { spend } from './builds.ts'
import { put, without } from './table.ts'

export function tryRequested(lane: Lane, { payload, position }: LoggedEvent<'try_requested'>): Lane {
  const asked: Try = { ...payload, position, build: null, ended: null }
  return { ...lane, tries: put(lane.tries, payload.request, asked) }
}

/** A build of a try holds one pull request. */
export function tryPlanned(lane: Lane, { build, base, purpose, members }: PayloadOf<'build_planned'>): Lane {
  const [member] = members
  const trial = purpose === 'try' && member ? tryOf(lane, member.pull) : undefined
  if (!trial) return lane
  return {
    ...lane,
    tries: put(lane.tries, trial.request, { ...trial, build }),
    tried: put(lane.tried, trial.pull, base),
  }
}

/** A build that was given up for one that is to land is made again when a slot is free. */
export function tryInterrupted(lane: Lane, { build, verdict }: PayloadOf<'build_concluded'>): Lane {
  const trial = verdict === 'obsolete' && Object.values(lane.tries).find((one) => one.build === build)
  return trial ? { ...lane, tries: put(lane.tries, trial.request, { ...trial, build: null }) } : lane
}

export function tryConcluded(lane: Lane, { request, build, reply }: PayloadOf<'try_concluded'>): Lane {
  const trial = lane.tries[request]
  const tries =
    trial && reply !== null ? put(lane.tries, request, { ...trial, ended: reply }) : without(lane.tries, request)
  return spend({ ...lane, tries }, (one) => one.build === build)
}
