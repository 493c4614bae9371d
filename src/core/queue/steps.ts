/**
 * Which effects one request does together: check runs that stand on their heads already are edited several at once. It performs
 * nothing, and knows no request.
 */
import { type Effect, subjectOf } from './effect.ts'
import type { Lane, Surface } from './lane.ts'

export type Step = readonly [Effect, ...Effect[]]

/** How many check runs are edited at once: GitHub does one after the other, and has to be through within 10 s. */
export const CHECK_RUNS_AT_ONCE = 20

type Seen = Pick<Lane, 'surfaces' | 'failures'>

/** The effects in their order; those that follow each other and go together are one step. */
export function stepsOf(effects: readonly Effect[], lane: Seen): readonly Step[] {
  const steps: [Effect, ...Effect[]][] = []
  for (const effect of effects) {
    const last = steps.at(-1)
    const joins = last && last.length < CHECK_RUNS_AT_ONCE && [last[0], effect].every((one) => goesTogether(one, lane))
    if (joins) last.push(effect)
    else steps.push([effect])
  }
  return steps
}

/** The check run that the log knows of this very head. */
export function standingRun(
  { pull, sha }: Extract<Effect, { effect: 'show-check-run' }>,
  { surfaces }: Seen,
): Surface['check_run'] {
  const known = surfaces[pull]?.check_run
  return known?.sha === sha ? known : null
}

/** What was refused or not answered is done by itself, so that it holds up nobody else. */
function goesTogether(effect: Effect, lane: Seen): boolean {
  if (effect.effect !== 'show-check-run' || !standingRun(effect, lane)?.node) return false
  const last = lane.failures[`${effect.effect}:${subjectOf(effect)}`]?.failure
  return last === undefined || last === 'limited' || last === 'unavailable'
}
