/** Pull requests that are over: their follow-up is closed, and when nothing is left to do the lane forgets them. */
import { explain } from '../../readiness/explain.ts'
import { renderFollowUpClosing } from '../../render/follow-up.ts'
import type { Effect } from '../effect.ts'
import { event, type Judgement, perform, type Rule, record } from '../judgement.ts'
import { pullsOf } from '../lane.ts'
import { isStrange } from './commands.ts'
import { deletion } from './landed-pulls.ts'

export const closeFollowUps: Rule = (judgement) => {
  const effects = pullsOf(judgement.lane).flatMap((pull) => closings(judgement, pull))
  return perform(effects.filter((effect) => judgement.due(effect)))
}

function closings(judgement: Judgement, pull: number): Effect[] {
  const { lane, view, config } = judgement
  const state = view.pulls.get(pull)
  const followUp = lane.follow_ups[pull]
  if (!state || !followUp) return []
  const close = (issue: number, words: string): Effect => ({ effect: 'close-follow-up', pull, issue, words })
  const tooMany = followUp.duplicates.map((issue) => close(issue, `#${followUp.issue} is about the same pull request.`))
  const over = lane.ended[pull]?.how === 'integrated' || isOver(judgement, pull)
  if (followUp.state !== 'open' || followUp.issue === null || !over) return tooMany
  return [...tooMany, close(followUp.issue, renderFollowUpClosing(explain(view, config, state)))]
}

export const forgetSettled: Rule = (judgement) => {
  const { lane } = judgement
  const over = pullsOf(lane).filter((pull) => {
    const seen = judgement.view.pulls.get(pull)?.seen
    return seen && (isStrange(lane, seen) || (isOver(judgement, pull) && !isBusyWith(judgement, pull)))
  })
  return record(over.map((pull) => event(judgement, 'candidate_settled', { pull })))
}

/** Closed, merged, or gone to another target; one that we landed is over when GitHub says that it is merged. */
function isOver({ lane, view }: Judgement, number: number): boolean {
  const seen = view.pulls.get(number)?.seen
  return seen !== null && seen !== undefined && (seen.state !== 'open' || seen.base !== lane.target)
}

function isBusyWith(judgement: Judgement, pull: number): boolean {
  const { lane } = judgement
  const state = judgement.view.pulls.get(pull)
  if (state && deletion(judgement, state)) return true
  if (lane.entries[pull] || lane.follow_ups[pull]?.state === 'open' || lane.follow_ups[pull]?.duplicates.length)
    return true
  const member = Object.values(lane.builds).some((build) => build.members.some((one) => one.pull === pull))
  const asked = [...Object.values(lane.commands), ...Object.values(lane.replies), ...Object.values(lane.answers)].some(
    (one) => one.pull === pull,
  )
  const failing = Object.keys(lane.failures).some((key) => key.endsWith(`:${pull}`))
  return member || asked || failing
}
