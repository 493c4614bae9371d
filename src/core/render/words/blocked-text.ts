/**
 * What is said about a blocked candidate, in sections that check run, comment and follow-up issue share word for word: a
 * contract that `docs/commands.md` shows. It does not know on which of them it stands, except for the ways to resume.
 */
import type { Evidence } from '../../events/shapes.ts'
import type { Blocked, Explanation } from '../../readiness/explanation.ts'
import { code, evidenceText, prose } from '../escape.ts'
import { REASONS } from './headline.ts'

export const RESUME_LABEL = 'mainkeeper:resume'

/** So often may one commit be blocked for one reason before a resume has to be forced. */
const STRIKES = 3
const SHOWN = 30

/** Reason, candidate, evidence, diagnostics, next action. */
export function blockedSections({ pull, target }: Explanation, blocked: Blocked): string {
  return [
    '### Reason',
    `${code(blocked.reason)}: ${REASONS[blocked.reason]}`,
    '### Candidate',
    `#${pull}, branch ${code(blocked.branch)} at ${blocked.sha}, for ${code(target)}`,
    '### Evidence',
    bullets(blocked.evidence),
    '### Diagnostics',
    blocked.diagnostics
      .slice(0, 10)
      .map((text) => `- ${prose(text)}`)
      .join('\n'),
    '### Next action',
    prose(blocked.next_action, 2000),
  ].join('\n\n')
}

export function bullets(evidence: readonly Evidence[]): string {
  const shown = evidence.slice(0, SHOWN).map((one) => `- ${evidenceText(one)}`)
  if (evidence.length > SHOWN) shown.push(`- and ${evidence.length - SHOWN} more`)
  return shown.join('\n')
}

/** The exact ways to resume; `on`: the surface where this is read. */
export function resumeSection({ pull, follow_up }: Explanation, blocked: Blocked, on: 'issue' | 'pull'): string {
  const command = code(blocked.times >= STRIKES ? '/resume force' : '/resume')
  const issue = follow_up?.state === 'failed' ? null : (follow_up?.issue ?? null)
  const ways = [on === 'issue' ? `comment ${command} here or on #${pull}` : `comment ${command} on #${pull}`]
  if (on === 'issue') ways.push(`add the label ${code(RESUME_LABEL)} to this issue`, 'close this issue as completed')
  else if (issue !== null) ways.push(`add the label ${code(RESUME_LABEL)} to #${issue}`)
  ways.push(on === 'issue' ? `press Resume on the check run of #${pull}` : 'press Resume on the check run')
  const strikes =
    blocked.times >= STRIKES
      ? `This commit was blocked ${blocked.times} times for the same reason, so resuming has to be forced. `
      : ''
  const remembered =
    blocked.resume === 'remembered' ? 'A resume is remembered: it is queued as soon as it is ready.\n\n' : ''
  return `### Resume\n\n${remembered}${strikes}Any one of these, by somebody with ${blocked.resume_needs} permission:\n\n${ways.map((way) => `- ${way}`).join('\n')}`
}
