/** Where the target stands, and whether somebody took from it what it held. A move that we planned is nobody else's. */
import type { LoggedEvent, PayloadOf } from '../../events.ts'
import type { Lane } from '../lane.ts'

export function targetMoved(lane: Lane, { payload, source }: LoggedEvent<'target_moved'>): Lane {
  const { branch, before, after, forced, pusher } = payload
  if (branch !== lane.target) return lane
  const { tip, landing, moved } = lane
  if (tip === null || after === tip || after === landing?.to) return { ...lane, tip: after }
  // A push that begins where we stood and was not forced took nothing away. A mere look does not tell.
  if (source.startsWith('delivery:') && !forced && before === tip)
    return { ...lane, tip: after, moved: moved && { ...moved, to: after } }
  return movedTo(lane, after, pusher, forced)
}

/** The target stands at a commit of which it is not known to hold what the target held before. */
export function movedTo(lane: Lane, to: string, pusher: string | null = null, forced = false): Lane {
  const from = lane.moved?.from ?? lane.tip ?? to
  return { ...lane, tip: to, moved: { from, to, pusher, forced: forced || lane.moved?.forced ? true : null } }
}

export function compared(lane: Lane, { from, to, contained }: PayloadOf<'target_compared'>): Lane {
  if (lane.moved?.from !== from) return lane
  return { ...lane, tip: to, moved: contained ? null : { ...lane.moved, to, forced: true } }
}
