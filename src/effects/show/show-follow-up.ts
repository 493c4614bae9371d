/** Opens, reopens, edits and closes the one follow-up issue of a pull request and lane, found by its marker. */
import type { NewEvent } from '../../core/events.ts'
import { iso } from '../../core/ids.ts'
import { backOff } from '../../core/queue/effect.ts'
import { BLOCKED_LABEL, followUpMarker } from '../../core/render/follow-up.ts'
import { attemptOf, type EffectOf, need, outcome, refuseToRepeat, type Scene } from '../scene.ts'
import { findComment } from './find-comment.ts'

/** The invisible line by which the closing words are found, so that they are said once. */
const CLOSING = '<!-- mainkeeper:closed -->'

export async function showFollowUp(effect: EffectOf<'show-follow-up'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence, view } = scene
  const { pull, content, title, body } = effect
  const marker = followUpMarker(view.lane.target, pull)
  const known = view.lane.follow_ups[pull]?.issue ?? null
  const told = { pull, marker, content }
  if (known !== null) {
    const updated = await port.updateIssue(fence, known, { title, body, state: 'open' })
    if (updated.ok) return [outcome(scene, 'follow_up_updated', { ...told, issue: known })]
    // Deleted or transferred (301, 404 or 410): another one is opened. Anything else is a failure like that of opening.
    // https://docs.github.com/en/rest/issues/issues#get-an-issue
    if (updated.failure !== 'gone') return failedToOpen(effect, marker, updated, scene)
  }
  const issue = await find(marker, scene)
  if (issue !== null) {
    const updated = await port.updateIssue(fence, issue, { title, body, state: 'open' })
    if (updated.ok) return [outcome(scene, 'follow_up_opened', { ...told, issue })]
    return failedToOpen(effect, marker, updated, scene)
  }
  refuseToRepeat(effect, scene)
  await port.ensureLabel(fence, {
    name: BLOCKED_LABEL,
    color: 'b60205',
    description: 'Mainkeeper can not land a pull request; this issue says what to do',
  })
  const created = await port.createIssue(fence, { title, body, labels: [BLOCKED_LABEL], assignee: effect.assignee })
  if (!created.ok) return failedToOpen(effect, marker, created, scene)
  return [outcome(scene, 'follow_up_opened', { ...told, issue: created.value })]
}

async function find(marker: string, { port, bot }: Scene): Promise<number | null> {
  const issues = await port.listIssues(BLOCKED_LABEL)
  if (!issues.ok && issues.failure === 'gone') return null
  const ours = need(issues).filter((issue) => issue.author === bot && issue.body.includes(marker))
  return ours.length === 0 ? null : Math.min(...ours.map((issue) => issue.number))
}

/** Issues may be off or forbidden. That is recorded, so that the check run and the comment carry the text, and tried again. */
function failedToOpen(
  effect: EffectOf<'show-follow-up'>,
  marker: string,
  answer: Parameters<typeof need>[0],
  scene: Scene,
): NewEvent[] {
  if (answer.ok) return []
  if (answer.failure !== 'forbidden' && answer.failure !== 'refused' && answer.failure !== 'gone') need(answer)
  const retry_at = iso(scene.now() + Math.max(backOff(attemptOf(effect, scene)), 60_000))
  return [
    outcome(scene, 'follow_up_failed', { pull: effect.pull, marker, error: answer.message.slice(0, 2000), retry_at }),
  ]
}

export async function closeFollowUp(effect: EffectOf<'close-follow-up'>, scene: Scene): Promise<NewEvent[]> {
  const { port, fence, view } = scene
  const { pull, issue, words, text } = effect
  if ((await findComment(scene, issue, CLOSING)) === null) {
    refuseToRepeat(effect, scene)
    const commented = await port.createComment(fence, issue, `${CLOSING}\n${words}`)
    if (!commented.ok && commented.failure !== 'gone' && commented.failure !== 'forbidden') need(commented)
  }
  const closed = await port.updateIssue(fence, issue, { ...text, state: 'closed', reason: 'completed' })
  if (!closed.ok && closed.failure !== 'gone') need(closed)
  return [outcome(scene, 'follow_up_closed', { pull, issue, marker: followUpMarker(view.lane.target, pull) })]
}
