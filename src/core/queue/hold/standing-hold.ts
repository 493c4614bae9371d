/**
 * What stops a lane as a whole at an instant: the hold that somebody put on it, or that no merge window is open. The second is
 * no event; it is worked out of the configuration and the time whenever the lane is judged or explained.
 */
import type { Config } from '../../config.ts'
import { type Instant, iso } from '../../ids.ts'
import { windowClosed } from '../../render/words/window.ts'
import type { Lane } from '../lane.ts'
import { windowsAt } from './windows.ts'

/** The lane with the hold that counts now. */
export function withStandingHold(lane: Lane, config: Pick<Config, 'windows'>, now: Instant): Lane {
  if (lane.hold || config.windows.length === 0) return lane
  const { closed } = windowsAt(config.windows, now)
  if (!closed) return lane
  const words = windowClosed(closed)
  return {
    ...lane,
    hold: {
      target: lane.target,
      request: 'windows',
      by: 'mainkeeper',
      reason: WINDOW_CLOSED,
      words,
      evidence: [{ kind: 'rule', text: 'windows' }],
      allow: [],
      since: iso(closed.since ?? 0),
    },
  }
}

/** The reason of a hold that no event made and no release ends. */
export const WINDOW_CLOSED = 'window_closed'
