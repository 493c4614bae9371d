/**
 * The sentences said in answer to what people asked for: each short, each a refusal with its reason and who may. It looks
 * nothing up, and knows no comment.
 */
import type { Permission } from '../config.ts'
import { short } from '../ids.ts'
import type { Answer } from '../queue/lane.ts'
import type { Explanation } from '../readiness/explanation.ts'
import type { Verdict } from '../readiness/requirement.ts'
import { code, prose } from './escape.ts'
import { bullets } from './words/blocked-text.ts'
import { exceptions } from './words/hold.ts'

/** `command` may be what somebody typed. */
export const forbidden = (command: string, wanted: Permission): string =>
  `${code(`/${command}`)} needs ${wanted} permission on this repository.`

export const unknownCommand = (command: string): string =>
  `${code(`/${command}`)} is nothing that can be asked for here; see ${code('/help')}.`

export const unknownPull = (pull: number): string => `Nothing is known of #${pull} on this branch yet.`

/** Where no reaction can be given, for what was taken without a word. */
export const done = (): string => 'Done.'

export const notOpen = (pull: number): string => `#${pull} is not open.`

/** For a `/merge` that names another commit than the head. */
export const otherHead = (asked: string, head: string): string =>
  `${code(asked, 40)} is not the head any more; that is ${short(head)}.`

/** A release ends a hold; the time of day is nobody's to end. */
export const windowNotReleased = (words: string): string =>
  `There is no hold to release: ${prose(words)}. Windows are set in the configuration.`

export const declared = (sha: string): string =>
  `${short(sha)} is declared finished, and lands once every requirement is met.`

/** The whole explanation in a few lines, for `/why`. */
export function why(explanation: Explanation): string {
  const { headline, status, requirements, next_action, hold } = explanation
  const over = status === 'landed' || status === 'closed'
  const open = over
    ? []
    : requirements.filter(({ code: name, status }) => status !== 'met' && name !== 'lane_open').map(requirement)
  const parts = [
    `**${prose(headline)}**`,
    whyBlocked(explanation),
    open.join('\n'),
    hold && !over ? `The branch is held by ${prose(hold.by)}: ${prose(hold.words)}${exceptions(hold)}` : '',
    next_action === null ? '' : `Next: ${prose(next_action, 2000)}`,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function whyBlocked({ blocked, follow_up }: Explanation): string {
  if (!blocked) return ''
  const issue = follow_up?.state === 'open' && follow_up.issue !== null ? ` What to do is in #${follow_up.issue}.` : ''
  return `${code(blocked.reason)} at ${short(blocked.sha)}.${issue}\n\n${bullets(blocked.evidence)}`
}

const requirement = ({ code: name, status, words }: Verdict): string =>
  `- ${code(name)} ${status}: ${prose(words, 500)}`

export function help(): string {
  return [
    'Commands, each at the start of a line:',
    [
      `- ${code('/merge [commit] [priority=low|normal|high|0…100] [alone] [interrupt]')} declares the head finished; ${code('interrupt')} puts it in front of what is being built`,
      `- ${code('/merge cancel')} takes that back`,
      `- ${code('/why')} says why it is not landing`,
      `- ${code('/resume [force]')} takes blocked work up again once it is ready`,
      `- ${code('/retry')} builds a blocked commit again, now`,
      `- ${code('/try [commit] [parent=last|commit]')} builds the head as if it landed, and lands nothing; ${code('/try cancel')} takes that back`,
      `- ${code('/delegate [@user]')} gives the author, or whoever is named, the right over this pull request alone; ${code('/undelegate [@user]')} takes it back`,
      `- ${code('/hold [reason] [except #12 #13]')} stops the target branch, ${code('/release')} lets it go on`,
    ].join('\n'),
  ].join('\n\n')
}

/** The answer to a resume; null when what happens next is answer enough. */
export function resume(
  answer: Pick<Answer, 'pull' | 'result' | 'reason' | 'retry'>,
  explanation: Explanation | null,
): string | null {
  const { pull, result, reason } = answer
  switch (result) {
    case 'remembered':
      return reason === 'ready' ? null : `Remembered: it is queued as soon as it is ready.${missing(explanation)}`
    case 'refused':
      return refusedResume(answer, explanation)
    case 'obsolete':
      return obsoleteResume(pull, reason, explanation)
    default:
      return result satisfies never
  }
}

/** What keeps it from being ready, behind a sentence. */
function missing(explanation: Explanation | null): string {
  const open = explanation?.requirements.filter(({ status }) => status !== 'met') ?? []
  return open.length > 0 ? ` Missing:\n\n${open.map(requirement).join('\n')}` : ''
}

function refusedResume(
  { pull, reason, retry }: Pick<Answer, 'pull' | 'reason' | 'retry'>,
  explanation: Explanation | null,
): string {
  const blocked = explanation?.blocked
  switch (reason) {
    case 'permission':
      if (!blocked) return 'Resuming needs more permission on this repository.'
      return retry ? forbidden('retry', blocked.retry_needs) : forbidden('resume', blocked.resume_needs)
    case 'not_open':
      return notOpen(pull)
    case 'not_ready':
      return `Not built again: it is not ready.${missing(explanation)}`
    case 'other_head':
      return `${short(blocked?.sha ?? '')} was blocked, and the head is ${short(explanation?.sha ?? '')} now: that is queued by itself once it is ready.${missing(explanation)}`
    case 'needs_force': {
      const times = explanation?.blocked?.times
      const evidence = explanation?.blocked?.diagnostics[0]
      const told = evidence === undefined ? '' : ` (${prose(evidence, 300)})`
      return `This commit was blocked ${times ?? 'several'} times for the same reason${told}. ${code('/resume force')} tries it all the same.`
    }
    default:
      return `Not resumed: ${prose(reason.replaceAll('_', ' '))}.`
  }
}

function obsoleteResume(pull: number, reason: string, explanation: Explanation | null): string {
  const place = explanation?.queue
  if (reason === 'queued' && place) return `#${pull} is in the queue already, at place ${place.place} of ${place.of}.`
  return explanation ? `#${pull} is not blocked: ${prose(explanation.headline)}.` : `#${pull} is not blocked.`
}
