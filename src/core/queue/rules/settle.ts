/** Pull requests that are over: their follow-up is closed, and when nothing is left to do the lane forgets them. */

import { leadsTo } from '../../readiness/stack.ts'
import { renderFollowUp, renderFollowUpClosing } from '../../render/follow-up.ts'
import type { Effect } from '../effect.ts'
import { event, type Judgement, perform, type Rule, record } from '../judgement.ts'
import { pullsOf } from '../lane.ts'
import { isStrange } from './commands.ts'
import { explained } from './explained.ts'
import { deletion } from './landing/landed-pulls.ts'
import { retargets } from './landing/stacked.ts'

export const closeFollowUps: Rule = (judgement) => {
  const effects = pullsOf(judgement.lane).flatMap((pull) => closings(judgement, pull))
  return perform(effects.filter((effect) => judgement.due(effect)))
}

function closings(judgement: Judgement, pull: number): Effect[] {
  const { lane, view } = judgement
  const state = view.pulls.get(pull)
  const followUp = lane.follow_ups[pull]
  if (!state || !followUp) return []
  const close = (issue: number, words: string, text: { title: string; body: string } | null): Effect => ({
    effect: 'close-follow-up',
    pull,
    issue,
    words,
    text,
  })
  const same = `#${followUp.issue} is about the same pull request.`
  const tooMany = followUp.duplicates.map((issue) => close(issue, same, null))
  const over = lane.ended[pull]?.how === 'integrated' || isOver(judgement, pull)
  if (followUp.state !== 'open' || followUp.issue === null || !over) return tooMany
  const explanation = explained(judgement, state)
  return [...tooMany, close(followUp.issue, renderFollowUpClosing(explanation), renderFollowUp(explanation))]
}

export const forgetSettled: Rule = (judgement) => {
  const { lane } = judgement
  const over = pullsOf(lane).filter((pull) => {
    const seen = judgement.view.pulls.get(pull)?.seen
    return seen && (isStrange(judgement, seen) || (isOver(judgement, pull) && !isBusyWith(judgement, pull)))
  })
  return record(over.map((pull) => event(judgement, 'candidate_settled', { pull })))
}

/** Closed, merged, or gone to another target; one that we landed is over when GitHub says that it is merged. */
function isOver({ lane, view }: Judgement, number: number): boolean {
  const seen = view.pulls.get(number)?.seen
  return seen !== null && seen !== undefined && (seen.state !== 'open' || !leadsTo(view, lane.target, seen))
}

function isBusyWith(judgement: Judgement, pull: number): boolean {
  const { lane } = judgement
  const state = judgement.view.pulls.get(pull)
  if (state && deletion(judgement, state)) return true
  // What is stacked on it finds its target through it.
  if (retargets(judgement).length > 0) return true
  if (lane.entries[pull] || lane.follow_ups[pull]?.state === 'open' || lane.follow_ups[pull]?.duplicates.length)
    return true
  const member = Object.values(lane.builds).some(
    (build) => !build.withdrawn && build.members.some((one) => one.pull === pull),
  )
  // What is remembered goes with the pull request; what is not answered is answered first.
  const resumes = Object.values(lane.resumes).filter(({ status }) => status === 'asked')
  const requests = [lane.commands, lane.replies, lane.answers, lane.tries].flatMap((table) =>
    Object.values<{ pull: number }>(table),
  )
  const asked = [...requests, ...resumes].some((one) => one.pull === pull)
  const failing = Object.keys(lane.failures).some((key) => key.endsWith(`:${pull}`))
  return member || asked || failing
}
