/**
 * The sweep's look at follow-up issues: what each looks like, and the requests to resume that stand on it and were not
 * heard. It answers none of them.
 */
import type { NewEvent } from '../../core/events.ts'
import { iso } from '../../core/ids.ts'
import type { LaneView } from '../../core/queue/view.ts'
import { RESUME_LABEL } from '../../core/render/follow-up.ts'
import type { Answer, Issue, IssueEvent } from '../../github/port.ts'
import { type FollowUpMark, followUpMark, followUpObserved, resumeBy } from '../follow-up.ts'
import { type Look, SWEEP } from './look.ts'

/** Which pull request each follow-up issue is about; issues of others are none. */
export function marksOf(issues: readonly Issue[], { bot }: Pick<Look, 'bot'>): ReadonlyMap<number, FollowUpMark> {
  const marks = issues.flatMap((issue) => {
    const mark = followUpMark(issue, bot)
    return mark ? [[issue.number, mark] as const] : []
  })
  return new Map(marks)
}

/** What each follow-up issue looks like. */
export function followUpsObserved(look: Pick<Look, 'bot'>, issues: readonly Issue[]): NewEvent[] {
  const marks = marksOf(issues, look)
  return issues.flatMap((issue) => {
    const mark = marks.get(issue.number)
    return mark ? [followUpObserved(issue, mark, { actor: null, source: SWEEP })] : []
  })
}

/**
 * An issue that should be open and is not listed was deleted or transferred, or lost its label: only the first two are gone,
 * and GitHub says so when it is asked for the issue itself.
 */
export async function lookForMissing(
  look: Look,
  views: readonly LaneView[],
  marks: ReadonlyMap<number, FollowUpMark>,
): Promise<void> {
  for (const { lane } of views)
    for (const [pull, { issue, state }] of Object.entries(lane.follow_ups)) {
      if (issue === null || state !== 'open' || marks.has(issue)) continue
      const missing = { number: issue, state, state_reason: null, labels: [], locked: false }
      await look.read(
        `issue ${issue}`,
        async (): Promise<Answer<readonly IssueEvent[] | null>> => {
          const answer = await look.port.readIssueEvents(issue)
          return !answer.ok && answer.failure === 'gone' ? { ok: true, value: null } : answer
        },
        (history) => {
          const seen = { ...missing, body: null, author: look.bot, updated_at: iso(look.now()) }
          const mark = { pull: Number(pull), target: lane.target }
          return history === null ? [followUpObserved(seen, mark, { actor: null, source: SWEEP, gone: true })] : []
        },
      )
    }
}

/** Records the requests to resume that stand on an issue and were not heard. */
export async function hearRequests(
  look: Look,
  views: readonly LaneView[],
  issues: readonly Issue[],
  marks: ReadonlyMap<number, FollowUpMark>,
): Promise<void> {
  for (const issue of issues) {
    const mark = marks.get(issue.number)
    const via = mark && unheardRequest(issue, mark, views)
    if (via) await askWho(look, issue, mark, via)
  }
}

/**
 * A label that is there and not answered, or a closing of what is still blocked. Nothing where a request is under way: its
 * answer takes the label off.
 */
function unheardRequest(issue: Issue, mark: FollowUpMark, views: readonly LaneView[]): 'label' | 'close' | null {
  const lane = views.find((view) => view.lane.target === mark.target)?.lane
  const block = lane?.blocks[mark.pull]
  if (!lane || Object.values(lane.resumes).some((resume) => resume.pull === mark.pull && resume.status === 'asked'))
    return null
  if (Object.values(lane.answers).some(({ follow_up }) => follow_up === issue.number)) return null
  if (issue.labels.includes(RESUME_LABEL)) return 'label'
  const followUp = lane.follow_ups[mark.pull]
  const closed = issue.state === 'closed' && issue.state_reason === 'completed'
  return closed && block && followUp?.issue === issue.number && followUp.state === 'open' ? 'close' : null
}

/** A request counts as that of whoever made it, so who that was has to be known. */
async function askWho(look: Look, issue: Issue, mark: FollowUpMark, via: 'label' | 'close'): Promise<void> {
  const { bot } = look
  await look.read(
    `history of issue ${issue.number}`,
    () => look.port.readIssueEvents(issue.number),
    (history) => {
      const last = history.findLast(({ event, label }) =>
        via === 'label' ? event === 'labeled' && label === RESUME_LABEL : event === 'closed',
      )
      if (!last?.actor || last.actor === bot) return []
      return [resumeBy(via, { ...issue, updated_at: last.at }, mark, { by: last.actor, source: SWEEP })]
    },
  )
}
