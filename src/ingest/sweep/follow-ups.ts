/**
 * The sweep's look at follow-up issues: what each looks like, and the requests to resume that stand on it and were not
 * heard. It answers none of them.
 */
import type { NewEvent } from '../../core/events.ts'
import type { LaneView } from '../../core/queue/view.ts'
import { BLOCKED_LABEL, RESUME_LABEL } from '../../core/render/follow-up.ts'
import type { Issue } from '../../github/port.ts'
import { type FollowUpMark, followUpMark, followUpObserved, resumeBy } from '../follow-up.ts'
import { type Look, SWEEP } from './look.ts'

/** Which pull request each follow-up issue is about; null when the issues could not be read. */
export async function lookAtFollowUps(
  look: Look,
  views: readonly LaneView[],
): Promise<ReadonlyMap<number, FollowUpMark> | null> {
  const marks = new Map<number, FollowUpMark>()
  const unheard: { issue: Issue; mark: FollowUpMark; via: 'label' | 'close' }[] = []
  const read = await look.read(
    'follow-up issues',
    () => look.port.listIssues(BLOCKED_LABEL),
    (issues) =>
      issues.flatMap((issue): NewEvent[] => {
        const mark = followUpMark(issue, look.port.bot)
        if (!mark) return []
        marks.set(issue.number, mark)
        const via = unheardRequest(issue, mark, views)
        if (via) unheard.push({ issue, mark, via })
        return [followUpObserved(issue, mark, { actor: null, source: SWEEP })]
      }),
  )
  for (const { issue, mark, via } of unheard) await askWho(look, issue, mark, via)
  return read && marks
}

/**
 * A label that is there and not answered, or a closing of what is still blocked. Nothing where a request is under way: its
 * answer takes the label off.
 */
function unheardRequest(issue: Issue, mark: FollowUpMark, views: readonly LaneView[]): 'label' | 'close' | null {
  const lane = views.find((view) => view.lane.target === mark.target)?.lane
  const block = lane?.blocks[mark.pull]
  if (!lane || lane.resumes[mark.pull]) return null
  if (Object.values(lane.answers).some(({ follow_up }) => follow_up === issue.number)) return null
  if (issue.labels.includes(RESUME_LABEL)) return 'label'
  const followUp = lane.follow_ups[mark.pull]
  const closed = issue.state === 'closed' && issue.state_reason === 'completed'
  return closed && block && followUp?.issue === issue.number && followUp.state === 'open' ? 'close' : null
}

/** A request counts as that of whoever made it, so who that was has to be known. */
async function askWho(look: Look, issue: Issue, mark: FollowUpMark, via: 'label' | 'close'): Promise<void> {
  const { bot } = look.port
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
