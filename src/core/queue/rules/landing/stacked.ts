/**
 * Stacked pull requests whose lower one landed: the target becomes their base, and they are judged like any other. A base that
 * GitHub did not take is not tried again.
 */
import { parentOf } from '../../../readiness/stack.ts'
import type { Effect } from '../../effect.ts'
import { type Judgement, perform, type Rule } from '../../judgement.ts'

export const retargetStacked: Rule = (judgement) =>
  perform(retargets(judgement).filter((effect) => judgement.due(effect)))

/** Every base that is still to be changed. */
export function retargets({ view, lane }: Judgement): Effect[] {
  return [...view.pulls.values()].flatMap(({ number, seen }): Effect[] => {
    if (seen?.state !== 'open' || seen.base === lane.target || lane.retargets[number]?.from === seen.base) return []
    const parent = parentOf(view, seen)
    if (!parent || lane.ended[parent.number]?.how !== 'integrated' || parent.landed?.sha !== parent.seen?.sha) return []
    return [{ effect: 'retarget-pull', pull: number, from: seen.base, to: lane.target }]
  })
}
