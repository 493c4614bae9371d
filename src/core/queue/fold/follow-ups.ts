/** What is known of follow-up issues. */
import type { LoggedEvent, PayloadOf } from '../../events.ts'
import { instant } from '../../ids.ts'
import type { Failed, FollowUp, Lane } from '../lane.ts'
import { put } from './table.ts'

export function withFollowUp(lane: Lane, pull: number, change: Partial<FollowUp> & Pick<FollowUp, 'marker'>): Lane {
  const known = lane.follow_ups[pull] ?? {
    issue: null,
    state: 'closed' as const,
    content: null,
    error: null,
    history: [],
    duplicates: [],
  }
  return { ...lane, follow_ups: put(lane.follow_ups, pull, { ...known, ...change }) }
}

export function followUpFailed(lane: Lane, { pull, marker, error, retry_at }: PayloadOf<'follow_up_failed'>): Lane {
  const key = `show-follow-up:${pull}`
  const failed: Failed = {
    failure: 'refused',
    message: error,
    attempt: (lane.failures[key]?.attempt ?? 0) + 1,
    retry_at: instant(retry_at),
  }
  return { ...withFollowUp(lane, pull, { marker, state: 'failed', error }), failures: put(lane.failures, key, failed) }
}

/**
 * Somebody touched the issue: if it was closed while the work is still blocked it counts as closed here too; if it is gone
 * there is none. Should there be two for one pull request, the lowest number is the one and the others are to be closed.
 */
export function followUpObserved(lane: Lane, event: LoggedEvent<'follow_up_observed'>): Lane {
  const { pull, issue, state, target } = event.payload
  const known = lane.follow_ups[pull]
  if (target !== lane.target || !known) return lane
  const change = seenAs(known, issue, state)
  return { ...lane, follow_ups: put(lane.follow_ups, pull, { ...known, ...change }) }
}

function seenAs(known: FollowUp, issue: number, state: 'open' | 'closed' | 'gone'): Partial<FollowUp> {
  const ours = known.issue
  if (ours !== null && ours !== issue) return another(known, ours, issue, state)
  if (state !== 'gone') return { issue, state }
  // What stood there is said again on the next one, which is looked for before it is made.
  return ours === null ? {} : { issue: null, state: 'closed', content: null, duplicates: [] }
}

function another(known: FollowUp, ours: number, issue: number, state: 'open' | 'closed' | 'gone'): Partial<FollowUp> {
  const others = known.duplicates.filter((other) => other !== issue)
  if (state !== 'open') return { duplicates: others }
  // What stood on the higher one is said again on the one that stays.
  return issue < ours
    ? { issue, state, content: null, duplicates: [...others, ours] }
    : { duplicates: [...others, issue] }
}

/** The issue was closed by us, as the one or as one too many. */
export function followUpClosed(lane: Lane, { pull, issue, marker }: PayloadOf<'follow_up_closed'>): Lane {
  const known = lane.follow_ups[pull]
  if (!known?.duplicates.includes(issue))
    return withFollowUp(lane, pull, { issue, marker, state: 'closed', error: null })
  return withFollowUp(lane, pull, { marker, duplicates: known.duplicates.filter((other) => other !== issue) })
}
