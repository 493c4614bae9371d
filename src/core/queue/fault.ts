/**
 * Builds in a row of one candidate that CI said nothing about: it never started, or the runner cancelled it. Nobody is charged
 * with them; that they go on is a reason to hold the lane. Builds that ran side by side are one case and not several.
 */
import type { PayloadOf } from '../events.ts'
import { isEvidence } from './plan/known.ts'

type Concluded = PayloadOf<'build_concluded'>

export interface Fault {
  readonly verdict: 'never_started' | 'cancelled'
  readonly times: number
  /** Log position of the last one that counted: what was planned before it is no further case. */
  readonly position: number
}

/** The faults of a candidate after one more of its builds, planned at `planned`, ended like this at `position`. */
export function nextFault(before: Fault | null, verdict: Fault['verdict'], planned: number, position: number): Fault {
  if (before && planned < before.position) return before
  return { verdict, times: before?.verdict === verdict ? before.times + 1 : 1, position }
}

/** Whether CI was heard: a check that is missing from what failed is no word of it. */
export const isHeard = ({ verdict, checks }: Pick<Concluded, 'verdict' | 'checks'>): boolean =>
  isEvidence(verdict) && checks.every(({ state }) => state !== 'missing')
