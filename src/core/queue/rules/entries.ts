/** Who is in the queue: whatever is READY is put in, whatever is no longer wanted leaves, and nothing comes back unasked. */
import type { LeavingReason } from '../../events/decisions.ts'
import type { NewEvent } from '../../events.ts'
import { instant } from '../../ids.ts'
import { isItsOwn } from '../../readiness/evaluate.ts'
import { type PullRequest, standingReviews } from '../../readiness/pull-request.ts'
import type { Verdict } from '../../readiness/requirement.ts'
import { event, type Judgement, type Rule, record } from '../judgement.ts'
import { type Entry, type Lane, resumeOf } from '../lane.ts'

/** Candidates whose head moved are superseded; those that are closed or not ready any more leave. */
export const tidyEntries: Rule = (judgement) => {
  const events: NewEvent[] = []
  for (const entry of Object.values(judgement.lane.entries)) {
    const leave = leaving(judgement, entry)
    if (leave) events.push(leave)
  }
  return record(events)
}

function leaving(judgement: Judgement, entry: Entry): NewEvent | null {
  const { view, lane } = judgement
  const pull = view.pulls.get(entry.pull)
  const seen = pull?.seen
  if (!pull || !seen) return null
  const leave = (reason: LeavingReason) =>
    event(judgement, 'candidate_dequeued', { pull: entry.pull, sha: entry.sha, reason })
  if (seen.state === 'merged') return leave('merged_elsewhere')
  if (seen.state === 'closed') return leave('closed')
  if (seen.base !== lane.target) return leave('base_changed')
  if (seen.sha !== entry.sha)
    return event(judgement, 'candidate_superseded', { pull: entry.pull, sha: entry.sha, new_sha: seen.sha })
  const { status, requirements } = judgement.readiness(pull)
  const lost = requirements.filter(costsThePlace)
  // Where a build is the head itself, what CI says of it is the build's result: confirmed, and blamed with an issue.
  const counting = isBuilt(lane, entry) ? lost.filter(({ code }) => code !== 'checks_passed') : lost
  return status !== 'ready' && counting.length > 0 ? leave('readiness_lost') : null
}

/** A conflict is for the assembly to find, a head check that runs again may yet pass, a lane opens again: none costs the place. */
const costsThePlace = (verdict: Verdict): boolean =>
  verdict.status === 'unmet' && verdict.code !== 'mergeable' && isItsOwn(verdict) && !verdict.reason.includes('pending')

/**
 * Whether a build that may still pass is the head as it is: by fast-forward, or a rebase of what stands on the tip already.
 * Beside one that passed a head that is not ready would wait for nothing.
 */
const isBuilt = ({ builds }: Lane, { sha }: Entry): boolean =>
  Object.values(builds).some(
    ({ purpose, published, verdict }) => purpose !== 'try' && verdict !== 'passed' && published?.sha === sha,
  )

/** Queues what is READY and has no entry for this commit. */
export const queueReady: Rule = (judgement) => {
  const { lane, view } = judgement
  const ready = [...view.pulls.values()].filter((pull) => {
    if (pull.seen?.state !== 'open' || pull.seen.base !== lane.target || lane.entries[pull.number]) return false
    return mayCome(judgement, pull) && judgement.readiness(pull).status === 'ready'
  })
  ready.sort((a, b) => readySince(a) - readySince(b) || a.number - b.number)
  return record(ready.flatMap((pull) => queue(judgement, pull)))
}

/** The log position of the last fact that its place can stand on: the declaration, or the approval that was still missing. */
const readySince = (pull: PullRequest): number =>
  Math.max(pull.declaration?.position ?? 0, ...standingReviews(pull).map((review) => review.position), 0)

/** What ended comes back by a head that moved since, a resume, a declaration or approval made after it, or readiness regained. */
function mayCome({ lane }: Judgement, pull: PullRequest): boolean {
  const head = pull.seen?.sha
  if (resumeOf(lane, pull.number) === 'remembered') return true
  const block = lane.blocks[pull.number]
  if (block) return block.sha !== head || newer(pull, block.position)
  const ended = lane.ended[pull.number]
  // Superseded, it left because the head was another one: that it is this one again is a move too.
  if (!ended || ended.sha !== head || ended.how === 'superseded') return true
  return ended.reason === 'readiness_lost' || ended.reason === 'base_changed' || newer(pull, ended.position)
}

function newer(pull: PullRequest, position: number): boolean {
  const approvals = standingReviews(pull).filter(
    (review) => review.verdict === 'approved' && review.sha === pull.seen?.sha,
  )
  return (pull.declaration?.position ?? 0) > position || approvals.some((review) => review.position > position)
}

function queue(judgement: Judgement, pull: PullRequest): NewEvent[] {
  const { lane } = judgement
  const { seen, declaration } = pull
  if (!seen || !declaration) return []
  const block = lane.blocks[pull.number]
  const candidate = { pull: pull.number, branch: seen.branch, sha: seen.sha }
  const superseded =
    block && block.sha !== seen.sha
      ? [event(judgement, 'candidate_superseded', { pull: pull.number, sha: block.sha, new_sha: seen.sha })]
      : []
  return [
    ...superseded,
    event(judgement, 'candidate_queued', {
      ...candidate,
      ready_at: new Date(instant(declaration.ready_at)).toISOString(),
      priority: declaration.priority ?? 0,
      alone: declaration.alone,
      ...(declaration.interrupt ? { interrupt: true } : {}),
      resumed: block !== undefined,
    }),
  ]
}
