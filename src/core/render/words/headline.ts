/** The one line that heads everything said about a pull request: the title of its check run, the first line everywhere else. */
import type { BlockCode } from '../../events/decisions.ts'
import { short } from '../../ids.ts'
import type { Blocked, Explanation, Queued } from '../../readiness/explanation.ts'
import { line } from '../escape.ts'
import { spanOf } from './span.ts'
import { standingWords } from './standing.ts'

type Facts = Omit<Explanation, 'headline' | 'lasting' | 'next_action'>

/** The headline, and `lasting`: the same without what changes by the queue's moving on alone. */
export function headlineOf(facts: Facts): { headline: string; lasting: string } {
  const { status, queue, shadow } = facts
  const text = line(shadow ? inShadow(facts) : textOf(facts), 140)
  const place = status === 'queued' && queue ? placeOf(queue) : null
  return { headline: place === null ? text : line(`${text}, ${place}`, 140), lasting: text }
}

/**
 * How many are to land before it, itself counted; null where that says nothing of when its turn comes. How many wait behind it
 * is left out: whoever comes would have to be told to all ahead of it.
 */
function placeOf({ place, standing: { code }, estimate }: Queued): string | null {
  if (code !== 'waits_its_turn' && code !== 'waits_to_be_alone') return null
  return estimate ? `${ordinal(place)}; ${spanOf(estimate)}` : ordinal(place)
}

function inShadow(facts: Facts): string {
  if (facts.status === 'queued' || facts.status === 'ready') return 'Shadow: would land'
  const text = textOf(facts)
  return `Shadow: ${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

function textOf(facts: Facts): string {
  switch (facts.status) {
    case 'waiting':
      return waiting(facts)
    case 'ready':
      return facts.paused ? 'Ready; Mainkeeper is paused' : 'Ready, about to be queued'
    case 'held':
      return `Held: ${facts.hold?.words ?? ''}`
    case 'queued':
      return queued(facts)
    case 'testing':
      return facts.queue ? standingWords(facts.queue.standing) : 'Testing'
    case 'landing':
      return 'Landing'
    case 'blocked':
      return blocked(facts)
    case 'landed':
      return `Landed as ${short(facts.landed?.landed_sha ?? '')}`
    case 'left':
      return `Out of the queue: ${(facts.left ?? '').replaceAll('_', ' ')}`
    case 'closed':
      if (facts.left === 'landed_untested') return 'Merged as a tree that nobody tested; the target is held'
      return facts.requirements.some(({ reason }) => reason === 'merged')
        ? 'Merged outside of the queue'
        : 'Closed without landing'
    default:
      return facts.status satisfies never
  }
}

/** The first that is unmet is the reason; only where all the rest is met is an unknown one. */
function waiting({ requirements }: Facts): string {
  const unmet = requirements.filter(({ status }) => status === 'unmet')
  const [first] = unmet
  if (!first)
    return `Looking: ${requirements.find(({ status }) => status === 'unknown')?.words ?? 'nothing is known yet'}`
  const more = unmet.length > 1 ? ` (+${unmet.length - 1} more)` : ''
  return `Waiting${first.awaits === undefined ? `: ${line(first.words, 110)}` : ` for ${line(first.awaits, 110)}`}${more}`
}

function queued({ queue, paused }: Facts): string {
  const standing = queue ? standingWords(queue.standing) : 'Queued'
  return paused ? `${standing}, while Mainkeeper is paused` : standing
}

function blocked({ blocked: block, follow_up }: Facts): string {
  if (!block) return 'Blocked'
  const resume = block.resume === null ? '' : ', resumes when ready'
  const issue = follow_up?.state === 'open' && follow_up.issue !== null ? ` — see #${follow_up.issue}` : ''
  return `Blocked: ${line(blockedBecause(block), 80)}${resume}${issue}`
}

/** Why it is blocked, in a few words. */
export function blockedBecause({
  reason,
  evidence,
  diagnostics,
}: Pick<Blocked, 'reason' | 'evidence' | 'diagnostics'>): string {
  const files = evidence.filter(({ kind }) => kind === 'file').map(({ text }) => text)
  const [file, ...others] = files
  if (reason === 'merge_conflict' && file !== undefined)
    return `${REASONS[reason]} in ${file}${others.length > 0 ? ` and ${others.length} more` : ''}`
  return reason === 'checks_failed' || reason === 'checks_timed_out'
    ? (diagnostics[0] ?? REASONS[reason])
    : REASONS[reason]
}

export const REASONS: Readonly<Record<BlockCode, string>> = {
  merge_conflict: 'merge conflict',
  checks_failed: 'a required check failed',
  checks_timed_out: 'a required check did not finish in time',
  ci_never_started: 'the required checks never started',
  assembly_refused: 'GitHub refused to merge it',
  permission_missing: 'the App lacks a permission',
  protection_refused: 'a rule of the target refused it',
  too_large: 'it is too large for GitHub to merge',
  branch_behind: 'its branch does not contain the tip of the target',
}

export function ordinal(number: number): string {
  const tens = number % 100
  if (tens >= 11 && tens <= 13) return `${number}th`
  return `${number}${['th', 'st', 'nd', 'rd'][number % 10] ?? 'th'}`
}
