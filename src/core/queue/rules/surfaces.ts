/**
 * What people should see, compared with what was last shown: check runs, the sticky comment, the follow-up issue, answers.
 * It says only what differs; every word comes from `render/`.
 */
import { instant } from '../../ids.ts'
import type { Explanation } from '../../readiness/explanation.ts'
import type { PullRequest } from '../../readiness/pull-request.ts'
import { leadsTo } from '../../readiness/stack.ts'
import { renderCheckRun } from '../../render/check-run.ts'
import { renderComment } from '../../render/comment.ts'
import { fingerprint } from '../../render/fingerprint.ts'
import { renderFollowUp } from '../../render/follow-up.ts'
import * as reply from '../../render/reply.ts'
import type { Effect } from '../effect.ts'
import { type Judgement, perform, type Rule } from '../judgement.ts'
import type { ShownCheckRun, ShownFollowUp } from '../memory.ts'
import { explained } from './explained.ts'

/**
 * A mere change of position is told at most this often, in milliseconds, and the more seldom the longer it still takes: every
 * landing moves all who wait, and a thousand check runs a minute are more than GitHub takes from an installation.
 */
const POSITION_PAUSE = 60_000
const PAUSE_PER_PLACE = 12_000

export const showState: Rule = (judgement) => {
  const effects: Effect[] = [...answers(judgement)]
  for (const pull of judgement.view.pulls.values()) {
    for (const effect of [followUp(judgement, pull), checkRun(judgement, pull), comment(judgement, pull)])
      if (effect) effects.push(effect)
  }
  return perform(effects.filter((effect) => judgement.due(effect)))
}

/** In a shadow: the check runs alone. Where they are not wanted either, those that stand there from before are kept true. */
export const showCheckRuns: Rule = (judgement) => {
  const { lane, view, config } = judgement
  const effects = [...view.pulls.values()].flatMap((pull) => {
    const stands = lane.surfaces[pull.number]?.check_run?.sha === pull.seen?.sha
    const effect = config.shadow.check_run || stands ? checkRun(judgement, pull) : null
    return effect ? [effect] : []
  })
  return perform(effects.filter((effect) => judgement.due(effect)))
}

function answers(judgement: Judgement): Effect[] {
  const { lane, view } = judgement
  const commands = Object.values(lane.replies).map(
    ({ pull, issue, said, result, replies }): Effect => ({
      effect: 'answer-command',
      pull,
      issue,
      said,
      reaction: result === 'taken' ? '+1' : '-1',
      reply: replies.length === 0 ? null : replies.join('\n\n'),
    }),
  )
  const resumes = Object.values(lane.answers).map((answer): Effect => {
    const pull = view.pulls.get(answer.pull)
    const explanation = pull ? explained(judgement, pull) : null
    return {
      effect: 'answer-resume',
      pull: answer.pull,
      request: answer.request,
      follow_up: answer.follow_up,
      reply: reply.resume(answer, explanation),
    }
  })
  const tries = Object.values(lane.tries).flatMap(({ pull, request, ended }): Effect[] =>
    ended === null ? [] : [{ effect: 'tell-try', pull, request, reply: ended }],
  )
  return [...commands, ...resumes, ...tries]
}

function checkRun(judgement: Judgement, pull: PullRequest): Effect | null {
  const { lane, view, now } = judgement
  if (!pull.seen || !leadsTo(view, lane.target, pull.seen)) return null
  const shown = lane.surfaces[pull.number]?.check_run
  // Nothing new is said about what was over before we had said anything, unless it was we who landed it.
  if (pull.seen.state !== 'open' && !shown && lane.ended[pull.number]?.how !== 'integrated') return null
  const explanation = explained(judgement, pull)
  const sha = explanation.sha ?? pull.seen.sha
  const { check_run, enduring, content } = judgement.memory.checkRuns(explanation, [], () => toShow(explanation))
  if (shown?.sha === sha) {
    if (shown.content === content) return null
    const pause = Math.max(POSITION_PAUSE, (explanation.queue?.place ?? 0) * PAUSE_PER_PLACE)
    const again = instant(shown.written_at) + pause
    if (shown.content.startsWith(`${enduring}.`) && again > now) {
      judgement.lookAgain(again)
      return null
    }
  }
  return { effect: 'show-check-run', pull: pull.number, sha, content, check_run }
}

function toShow(explanation: Explanation): ShownCheckRun {
  const { lasting, ...check_run } = renderCheckRun(explanation)
  const enduring = fingerprint(lasting)
  return { check_run, enduring, content: `${enduring}.${fingerprint(check_run)}` }
}

function toTell(explanation: Explanation): ShownFollowUp {
  const { title, body } = renderFollowUp(explanation)
  return { title, body, content: fingerprint([title, body]) }
}

function comment(judgement: Judgement, pull: PullRequest): Effect | null {
  const { lane } = judgement
  // Nothing was said, and nothing needs to be.
  if (!lane.blocks[pull.number] && !lane.surfaces[pull.number]?.comment) return null
  const explanation = explained(judgement, pull)
  const body = judgement.memory.comments(explanation, [], () => renderComment(explanation))
  if (body === null) return null
  const content = fingerprint(body)
  return lane.surfaces[pull.number]?.comment?.content === content
    ? null
    : { effect: 'show-comment', pull: pull.number, content, body }
}

/** Said while the work is blocked, and kept true while the issue is open; closing it is `settle`'s. */
function followUp(judgement: Judgement, pull: PullRequest): Effect | null {
  const { lane } = judgement
  const known = lane.follow_ups[pull.number]
  const wanted = lane.blocks[pull.number] !== undefined || known?.state === 'open'
  if (!known || !wanted || pull.seen?.state !== 'open' || lane.ended[pull.number]?.how === 'integrated') return null
  const explanation = explained(judgement, pull)
  const { title, body, content } = judgement.memory.followUps(explanation, [], () => toTell(explanation))
  return known.content === content
    ? null
    : { effect: 'show-follow-up', pull: pull.number, content, title, body, assignee: pull.seen.author }
}
