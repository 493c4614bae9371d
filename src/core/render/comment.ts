/**
 * The sticky comment of a pull request: there only from when it is blocked, and edited from then on. Whatever the check run
 * can carry alone is not said here.
 */
import { short } from '../ids.ts'
import type { Explanation } from '../readiness/explanation.ts'
import { prose, withinLimit } from './escape.ts'
import { renderManualResume } from './follow-up.ts'
import { resumeSection } from './words/blocked-text.ts'
import { blockedBecause } from './words/headline.ts'

/** The invisible line by which the comment is found. */
export const COMMENT_MARKER = '<!-- mainkeeper:pull -->'

/** The comment as it should be now; null: nothing needs to be said, and nothing was. */
export function renderComment(explanation: Explanation): string | null {
  const words = explanation.blocked
    ? blockedWords(explanation)
    : explanation.commented
      ? `**${prose(explanation.lasting)}**`
      : null
  return words === null ? null : withinLimit(`${COMMENT_MARKER}\n${words}`)
}

function blockedWords(explanation: Explanation): string {
  const { blocked, follow_up, target, sha } = explanation
  if (!blocked) return ''
  const where = blocked.sha === sha ? '' : ` The newer head is judged by itself: ${prose(explanation.lasting)}.`
  const first = `**Blocked** at ${short(blocked.sha)} on the way to ${prose(target)}: ${prose(blockedBecause(blocked), 200)}.${where}`
  if (follow_up?.state === 'failed') return `${first}\n\n${renderManualResume(explanation) ?? ''}`
  const issue = follow_up?.issue ?? null
  if (issue === null) return `${first}\n\n${prose(blocked.next_action, 2000)}`
  return `${first} What to do is in #${issue}.\n\n${resumeSection(explanation, blocked, 'pull')}`
}
