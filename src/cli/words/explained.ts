/** What `explain` answers, and its text for a terminal. It looks nothing up. */
import type { Evidence } from '../../core/events/shapes.ts'
import { definitionOf, type LoggedEvent, type PayloadOf } from '../../core/events.ts'
import { short } from '../../core/ids.ts'
import type { Blocked, Explanation } from '../../core/readiness/explanation.ts'
import { line } from '../../core/render/escape.ts'
import { spanOf } from '../../core/render/words/span.ts'
import { flakyWords } from '../../core/render/words/standing.ts'
import { subjectOf, wordsOf } from './event-words.ts'
import { age, moment, table } from './table.ts'

export interface Explained {
  readonly now: number
  readonly repository: string
  readonly pull: number
  readonly title: string | null
  readonly target: string | null
  /** Null when no lane has anything to do with it; `silent` says why. */
  readonly explanation: Explanation | null
  readonly silent: string | null
  readonly proof: PayloadOf<'integration_completed'> | null
  readonly builds: readonly ExplainedBuild[]
  /** Oldest first. */
  readonly history: readonly LoggedEvent[]
}

export interface ExplainedBuild {
  readonly build: string
  readonly target: string
  readonly stage: string
  readonly verdict: string | null
  readonly members: readonly number[]
  readonly base: string
  readonly sha: string | null
  readonly planned_at: string
}

/** The whole answer as text. */
export function renderExplained(answer: Explained): string {
  const { explanation, silent, repository, pull, title, target } = answer
  const name = `${repository}#${pull}${title === null ? '' : `  ${line(title)}`}`
  const parts = [
    [
      name,
      ...(explanation
        ? heading(explanation)
        : [`${silent}.`, ...(target === null ? [] : [`It would land on ${target}.`])]),
    ],
    explanation ? requirements(explanation) : [],
    explanation ? standing(explanation) : [],
    explanation?.blocked ? blocked(explanation, explanation.blocked, answer.now) : [],
    builds(answer),
    answer.proof ? proof(answer.proof) : [],
    history(answer),
  ]
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function heading({ headline, sha, branch, target, next_action }: Explanation): string[] {
  const from = branch === null || sha === null ? `for ${target}` : `${line(branch)} at ${sha}, for ${target}`
  return [line(headline), from, ...(next_action === null ? [] : [`Next: ${line(next_action, 2000)}`])]
}

const MARKS = { met: '+', unmet: '-', unknown: '?' } as const

function requirements({ requirements: verdicts, status }: Explanation): string[] {
  if (status === 'landed' || status === 'closed') return []
  const rows = verdicts.map(({ code, status: met, words, evidence }) => [
    MARKS[met],
    met,
    code,
    `${words}${shown(evidence)}`,
  ])
  return ['Requirements', ...table(rows, '  ')]
}

function shown(evidence: readonly Evidence[]): string {
  const texts = evidence.slice(0, 3).map(({ text, url }) => url ?? (/^[0-9a-f]{40}$/.test(text) ? short(text) : text))
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`
}

function standing({ queue, hold, paused, flaky }: Explanation): string[] {
  const lines: string[] = []
  if (queue)
    lines.push(
      `Place ${queue.place} of ${queue.of} in the queue${queue.priority === 0 ? '' : `, priority ${queue.priority}`}${queue.estimate ? `; lands in ${spanOf(queue.estimate)}` : ''}`,
    )
  if (hold) lines.push(`The lane is held by ${line(hold.by)} since ${moment(hold.since)}: ${line(hold.words)}`)
  for (const one of flaky) lines.push(line(`On this branch ${flakyWords(one)}`))
  if (paused) lines.push('The configuration says mode: paused: the queue is kept, nothing lands')
  return lines
}

function blocked({ follow_up, pull }: Explanation, block: Blocked, now: number): string[] {
  const issue = follow_up?.issue === null || follow_up === null ? 'none yet' : `#${follow_up.issue}, ${follow_up.state}`
  return [
    `Blocked ${age(block.blocked_at, now)} ago at ${short(block.sha)}: ${block.reason}`,
    ...table(
      [
        ...block.evidence.map(({ kind, text, url }) => [kind, url === undefined ? text : `${text}  ${url}`]),
        ...block.diagnostics.map((text) => ['diagnostic', text]),
        ['follow-up', follow_up?.error ? `${issue}; it could not be written: ${follow_up.error}` : issue],
        ['resume', resumeOf(block, pull)],
      ],
      '  ',
    ),
  ]
}

function resumeOf({ resume, times }: Blocked, pull: number): string {
  if (resume === 'remembered') return 'asked for: taken up as soon as it is ready'
  if (resume === 'asked') return 'asked for'
  return `comment ${times >= 3 ? '/resume force' : '/resume'} on #${pull}`
}

function builds({ builds: all }: Explained): string[] {
  if (all.length === 0) return []
  const rows = all.map(({ build, planned_at, stage, verdict, members, base, sha }) => [
    build,
    moment(planned_at),
    verdict ?? stage,
    members.map((member) => `#${member}`).join(' '),
    sha === null ? `on ${short(base)}` : `${short(sha)} on ${short(base)}`,
  ])
  return ['Builds', ...table(rows, '  ')]
}

function proof({
  sha,
  landed_sha,
  tree,
  base,
  build,
  method = 'merge',
  mode = 'exact',
  checks,
  approvals,
  landed_at,
}: PayloadOf<'integration_completed'>): string[] {
  const rows = [
    ['landed', moment(landed_at)],
    ['head', sha],
    ['commit', landed_sha],
    ...(tree === null ? [] : [['tree', tree]]),
    ['base', base],
    ['build', build ?? 'none: the target held it already'],
    ...(build === null ? [] : [['method', `${method} (${mode})`]]),
    ...checks.map(({ context, state, url }) => ['check', [context, state, url ?? ''].join('  ')]),
    ...approvals.map(({ reviewer, sha: at, permission }) => [
      'approval',
      `${reviewer} (${permission}) of ${short(at)}`,
    ]),
  ]
  return ['Proof of landing', ...table(rows, '  ')]
}

function history({ history: events }: Explained): string[] {
  const rows = events
    .filter(isTold)
    .map((event) => [moment(event.occurred_at), event.type, subjectOf(event), wordsOf(event)])
  return rows.length === 0 ? [] : ['History', ...table(rows, '  ')]
}

/** Whether people want to read of it; the rest is for machines. */
const isTold = (event: LoggedEvent): boolean =>
  event.type === 'pull_request_observed' || definitionOf(event.type).level !== 'debug'
