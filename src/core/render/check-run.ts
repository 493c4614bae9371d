/**
 * The check run `mainkeeper` on a head: one line, a table of the requirements, what to do next, and buttons where it is
 * blocked. GitHub shows at most three buttons, on completed runs only.
 */
import type { Explanation } from '../readiness/explanation.ts'
import type { Verdict } from '../readiness/requirement.ts'
import { cell, code, evidenceText, prose, withinLimit } from './escape.ts'
import { renderManualResume } from './follow-up.ts'
import { blockedSections, bullets, resumeSection } from './words/blocked-text.ts'
import { exceptions } from './words/hold.ts'
import { renderProposedConfig } from './words/proposed-config.ts'
import { rerunWords } from './words/rerun.ts'
import { suspicion } from './words/standing.ts'
import { trying } from './words/try.ts'

export interface RenderedCheckRun {
  readonly status: 'in_progress' | 'completed'
  readonly conclusion: 'success' | 'neutral' | 'action_required' | null
  readonly title: string
  readonly summary: string
  readonly actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[]
  /** All of it but what changes by the queue's moving on alone. */
  readonly lasting: string
}

const BUTTONS = [
  { label: 'Resume', description: 'Take it up again as soon as it is ready', identifier: 'resume' },
  { label: 'Retry', description: 'Build the same commit again, now', identifier: 'retry' },
  { label: 'Why', description: 'Say in a comment why it is blocked', identifier: 'why' },
]

/** What the check run should say now. */
export function renderCheckRun(explanation: Explanation): RenderedCheckRun {
  const { shadow } = explanation
  const { status, conclusion } = shadow ? NEUTRAL : stateOf(explanation.status)
  const actions = explanation.status === 'blocked' && !shadow ? BUTTONS : []
  const rest = [
    standing(explanation),
    blocked(explanation),
    renderProposedConfig(explanation),
    requirements(explanation),
    next(explanation),
  ].filter((part) => part !== null)
  const place = explanation.queue && placeLine(explanation.queue)
  const summary = withinLimit([...(place ? [place] : []), ...rest].join('\n\n'))
  const lasting = JSON.stringify([status, conclusion, explanation.lasting, rest])
  return { status, conclusion, title: explanation.headline, summary, actions, lasting }
}

const NEUTRAL = { status: 'completed', conclusion: 'neutral' } as const

function stateOf(status: Explanation['status']): Pick<RenderedCheckRun, 'status' | 'conclusion'> {
  switch (status) {
    case 'waiting':
    case 'left':
    case 'closed':
      return { status: 'completed', conclusion: 'neutral' }
    case 'blocked':
      return { status: 'completed', conclusion: 'action_required' }
    case 'landed':
      return { status: 'completed', conclusion: 'success' }
    case 'ready':
    case 'held':
    case 'queued':
    case 'testing':
    case 'landing':
      return { status: 'in_progress', conclusion: null }
    default:
      return status satisfies never
  }
}

function placeLine({ place, priority, alone, interrupt }: NonNullable<Explanation['queue']>): string {
  const extras = [
    ...(interrupt ? ['interrupt'] : []),
    ...(priority === 0 ? [] : [`priority ${priority}`]),
    ...(alone ? ['alone'] : []),
  ]
  return `Place ${place} in the queue${extras.length > 0 ? ` (${extras.join(', ')})` : ''}.`
}

/** What holds the lane, what is being built, what landed: whatever there is to say besides requirements. */
function standing({ hold, queue, trial, landed, target, paused, shadow, status, flaky }: Explanation): string | null {
  const lines: string[] = []
  if (landed) lines.push(`${landed.sha} landed on ${code(target)} as ${landed.landed_sha}.`)
  if (status === 'landed' || status === 'closed') return lines.length > 0 ? lines.join('\n') : null
  if (shadow)
    lines.push(`Mainkeeper runs in shadow on ${code(target)}: it says what it would do, and leaves merging to people.`)
  if (paused) lines.push('Mainkeeper is paused by its configuration: the queue is kept, nothing lands.')
  if (hold)
    lines.push(
      `${code(target)} is held by ${prose(hold.by)} since ${hold.since}: ${prose(hold.words)}${exceptions(hold)}`,
      ...(hold.evidence.length > 0 ? [bullets(hold.evidence)] : []),
    )
  const suspected = queue && suspicion(queue.standing, flaky)
  if (suspected) lines.push(suspected)
  if (trial) lines.push(trying(trial))
  for (const build of queue?.builds ?? []) lines.push(buildLine(build))
  return lines.length > 0 ? lines.join('\n\n') : null
}

function buildLine({ build, sha, base, verdict, rerun }: NonNullable<Explanation['queue']>['builds'][number]): string {
  const name = `Build ${code(build)}`
  if (rerun && verdict === null) {
    const jobs = rerun.jobs.map(({ context }) => code(context)).join(', ')
    return `${name}: ${rerunWords(rerun)}, ${jobs}, ${sha === null ? 'is asked for' : `on ${sha}`}.`
  }
  if (sha === null) return `${name} is being assembled on ${base}.`
  return `${name}: CI ${verdict === 'passed' ? 'passed' : 'proves'} ${sha} on ${base}.`
}

function blocked(explanation: Explanation): string | null {
  const { blocked: block, follow_up, sha } = explanation
  if (!block) return null
  if (block.sha !== sha)
    return `An earlier commit, ${block.sha}, is blocked${follow_up?.issue ? `: see #${follow_up.issue}` : ''}.`
  if (follow_up?.state === 'failed') return renderManualResume(explanation)
  return [blockedSections(explanation, block), resumeSection(explanation, block, 'pull')].join('\n\n')
}

const MARKS = { met: '✅', unmet: '❌', unknown: '❔' } as const

/** A long queue is rendered again whenever it moves on, and the requirements of who waits in it seldom change. */
const TABLES = new WeakMap<Explanation['requirements'], string>()

function requirements({ requirements: verdicts, status }: Explanation): string | null {
  if (status === 'landed' || status === 'closed') return null
  const known = TABLES.get(verdicts)
  if (known !== undefined) return known
  const table = ['| | Requirement | Why | Evidence |', '| - | - | - | - |', ...verdicts.map(row)].join('\n')
  TABLES.set(verdicts, table)
  return table
}

function row({ code: name, status, words, evidence }: Verdict): string {
  const shown = evidence.slice(0, 5).map(evidenceText)
  if (evidence.length > 5) shown.push(`${evidence.length - 5} more`)
  return `| ${MARKS[status]} ${status} | ${code(name)} | ${prose(words, 500)} | ${cell(shown.join(', '))} |`
}

function next({ next_action, status }: Explanation): string | null {
  if (status === 'blocked' || next_action === null) return null
  return `**Next:** ${prose(next_action, 2000)}`
}
