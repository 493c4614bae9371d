/**
 * The follow-up issue of a pull request: its title, its body with the marker by which it is found again, and what is said
 * when it is closed; and the same text for the pull request itself where no issue can be made. It opens nothing.
 */
import { short } from '../ids.ts'
import type { Explanation } from '../readiness/explanation.ts'
import { code, line, prose, withinLimit } from './escape.ts'
import { blockedSections, resumeSection } from './words/blocked-text.ts'
import { blockedBecause } from './words/headline.ts'

export { RESUME_LABEL } from './words/blocked-text.ts'
export const BLOCKED_LABEL = 'mainkeeper:blocked'

/** The invisible line by which the one issue of a pull request and target is found. */
export const followUpMarker = (target: string, pull: number): string =>
  `<!-- mainkeeper:follow-up target=${target.replaceAll(/[<>]/g, encodeURIComponent)} pull=${pull} -->`

const HISTORY_SHOWN = 50

/** Title and body as they should be now; they say so too when the work is not blocked any more. */
export function renderFollowUp(explanation: Explanation): { title: string; body: string } {
  const { target, pull } = explanation
  const blocked = isOver(explanation) ? null : explanation.blocked
  const parts = [followUpMarker(target, pull), ...introduction(explanation)]
  if (blocked) parts.push(blockedSections(explanation, blocked), resumeSection(explanation, blocked, 'issue'))
  return {
    title: `Mainkeeper: #${pull} ${titleOf(explanation)}`,
    body: withinLimit([...parts, history(explanation)].join('\n\n')),
  }
}

const isOver = ({ status }: Explanation): boolean => status === 'landed' || status === 'closed'

function titleOf(explanation: Explanation): string {
  const { blocked, lasting } = explanation
  if (isOver(explanation)) return `was blocked: ${line(lasting, 150)}`
  return blocked ? `is blocked: ${line(blockedBecause(blocked), 150)}` : 'was blocked and is taken up again'
}

function introduction(explanation: Explanation): string[] {
  const { target, pull, blocked, sha, lasting } = explanation
  if (isOver(explanation)) return [`#${pull} was blocked on ${code(target)}. Now: ${prose(lasting)}`]
  if (!blocked) return [`#${pull} was blocked on ${code(target)} and is taken up again. Now: ${prose(lasting)}`]
  const needed = `#${pull} can not land on ${code(target)} until somebody does something. Nothing else in the queue waits for it.`
  return blocked.sha === sha || sha === null
    ? [needed]
    : [needed, `A newer head, ${sha}, is judged by itself: ${prose(lasting)}`]
}

function history({ follow_up }: Explanation): string {
  const lines = follow_up?.history ?? []
  const shown = lines
    .slice(-HISTORY_SHOWN)
    .map(({ at, reason, sha, text }) => `- ${day(at)}: ${code(reason)} at ${short(sha)}: ${prose(text, 300)}`)
  const older = lines.length > HISTORY_SHOWN ? [`- ${lines.length - HISTORY_SHOWN} older lines are in the log`] : []
  return ['### History', [...older, ...shown].join('\n')].join('\n\n')
}

/** `2026-01-05 12:00 UTC`, from any ISO instant. */
const day = (at: string): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** The whole text for the pull request itself, where the issue could not be made; null while nothing is blocked. */
export function renderManualResume(explanation: Explanation): string | null {
  const { blocked, follow_up } = explanation
  if (!blocked) return null
  const why = `The follow-up issue could not be opened (${prose(follow_up?.error ?? 'no reason given', 300)}), so this is its text. It is tried again.`
  return [why, blockedSections(explanation, blocked), resumeSection(explanation, blocked, 'pull')].join('\n\n')
}

/** What is said on the issue when it is closed. */
export function renderFollowUpClosing({ pull, status, landed, target, lasting }: Explanation): string {
  if (status === 'landed' && landed) return `#${pull} landed on ${code(target)} as ${landed.landed_sha}.`
  return `#${pull}: ${prose(lasting)}. Nothing is left to do here.`
}
