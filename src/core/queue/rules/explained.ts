/**
 * What there is to say about a pull request, as the rules that show it ask for it: worked out once for a view, and kept from
 * one judgement to the next where all that it is made of stayed the same.
 */

import { explainBy, standingsOf } from '../../readiness/explain.ts'
import type { Explanation } from '../../readiness/explanation.ts'
import type { PullRequest } from '../../readiness/pull-request.ts'
import { waitsFor } from '../../readiness/requirements/dependencies.ts'
import type { Judgement } from '../judgement.ts'
import { resumeOf } from '../lane.ts'

export function explained(judgement: Judgement, pull: PullRequest): Explanation {
  const { view, lane, config, memory } = judgement
  const { number, seen } = pull
  const standings = memory.standings(lane, [view, config], () => standingsOf(judgement))
  const { places, builds, counting, atWork } = standings
  const readiness = judgement.readiness(pull)
  const inputs = [
    // Made of the configuration and the hold as well.
    readiness,
    lane.entries[number],
    places.get(number),
    places.has(number) ? places.size : 0,
    places.has(number) ? lane.landing?.build : null,
    lane.blocks[number],
    lane.ended[number],
    lane.follow_ups[number],
    lane.surfaces[number]?.comment,
    resumeOf(lane, number),
    lane.tries,
    lane.estimates,
    atWork,
    seen ? waitsFor(lane, seen).join() : '',
    ...(builds.get(number) ?? []),
    // Whoever is in a build stands as those do that are in it too.
    ...(builds.has(number) ? [lane.tip, lane.entries, ...counting] : []),
  ]
  return memory.explanations(pull, inputs, () => explainBy(view, config, pull, readiness, standings))
}
