/** What `cutover` answers, and its text for a terminal: the counts, every disagreement, and what is still missing. It judges nothing. */
import type { LaneMode } from '../../core/config.ts'
import { short } from '../../core/ids.ts'
import {
  AGREEMENT,
  type Compared,
  type Comparison,
  ENOUGH_DAYS,
  ENOUGH_MERGED,
  type NoGo,
} from '../../core/queue/shadow/compare.ts'
import { line } from '../../core/render/escape.ts'
import { moment, plural, table } from './table.ts'

export interface LaneCutover {
  readonly target: string
  /** What the lane does now. */
  readonly mode: LaneMode
  /** What its configuration says: `live` while it is in shadow waits for the acceptance. */
  readonly written: LaneMode
  /** Log position at which the shadow began; null: there is none. */
  readonly shadow: number | null
  readonly accepted: { readonly by: string; readonly at: string } | null
  readonly comparison: Comparison | null
}

export interface CutoverAnswer {
  readonly repository: string
  readonly lanes: readonly LaneCutover[]
}

/** The whole answer as text. */
export const renderCutover = ({ repository, lanes }: CutoverAnswer): string =>
  lanes.map((lane) => laneLines(repository, lane).join('\n')).join('\n\n')

function laneLines(repository: string, lane: LaneCutover): string[] {
  const { target, mode, comparison } = lane
  const name = `${repository}:${line(target)}`
  if (!comparison && mode === 'live') return [`${name}  live`, '  no shadow: it lands. Mode shadow would compare anew.']
  if (!comparison)
    return [
      `${name}  ${mode}`,
      '  no shadow yet: there is nothing to compare. Set mode: shadow in .github/mainkeeper.yml on the default branch;',
      '  from then on what Mainkeeper would have done is recorded, and nothing is landed.',
    ]
  const { since, days, merged } = comparison
  return [
    `${name}  ${mode}, in shadow since ${moment(since)} (${plural(days, 'day')}), ${plural(merged.length, 'pull request')} merged by people`,
    ...countLines(comparison),
    ...disagreements(comparison),
    '  Not known: whether what would have landed conflicts with, or fails after, what is landed before it. Nothing is built in shadow.',
    ...ending(name, lane, comparison),
  ]
}

function countLines({ merged, agreement }: Comparison): string[] {
  if (merged.length === 0) return []
  const count = (as: Compared['as']): string => String(merged.filter((one) => one.as === as).length)
  const leads = merged.flatMap((one) => (one.as === 'agreed' ? [one.lead] : [])).sort((a, b) => a - b)
  const median = leads[Math.floor(leads.length / 2)]
  return table(
    [
      [
        'agreed',
        count('agreed'),
        `${agreement === null ? '' : `${agreement} %`}${median === undefined ? '' : `; half of them were ready more than ${duration(median)} before`}`,
      ],
      ['would have waited', count('waited'), ''],
      ['would have landed earlier', count('earlier'), 'an older commit than people merged'],
      ['would have been caught', count('caught'), 'the target went red'],
    ],
    '  ',
  )
}

function disagreements({ merged, held_back }: Comparison): string[] {
  const rows = merged.flatMap((one) => {
    const what = disagreement(one)
    return what === null ? [] : [[`#${one.pull}`, short(one.sha), moment(one.merged_at), what, line(one.title, 60)]]
  })
  const red = held_back.map(({ pull, sha, judged_at, checks }) => [
    `#${pull}`,
    short(sha),
    moment(judged_at),
    `would have landed, and a required check was red: ${checks.join(', ')}`,
  ])
  return [
    ...(red.length > 0 ? ['  held back by a red required check', ...table(red, '    ')] : []),
    ...(rows.length > 0 ? ['  otherwise than people did', ...table(rows, '    ')] : []),
  ]
}

function disagreement(one: Compared): string | null {
  switch (one.as) {
    case 'agreed':
      return null
    case 'waited':
      return `would have waited: ${one.waits.map(({ words }) => words).join('; ')}`
    case 'earlier':
      return `would have landed ${short(one.would_have_landed)} at ${moment(one.judged_at)}`
    case 'caught':
      return `would have been caught: ${one.checks.join(', ')} failed on ${short(one.merged_as)}`
    default:
      return one satisfies never
  }
}

function ending(name: string, { accepted, written, mode }: LaneCutover, comparison: Comparison): string[] {
  if (accepted) {
    const next = mode === 'live' ? 'it lands' : 'set mode: live, and it lands'
    return [`  Accepted by ${line(accepted.by)} at ${moment(accepted.at)}: ${next}.`]
  }
  if (comparison.against.length > 0) return [`  ${renderNoGo(comparison)}`]
  const waiting = written === 'live' ? ' The configuration says mode: live, and waits for this.' : ''
  return [`  Go. To accept it: mainkeeper cutover ${name} --accept --as <your name>.${waiting}`]
}

/** Why nobody may accept it yet, in one line. */
export const renderNoGo = (comparison: Comparison): string =>
  `No go: ${comparison.against.map((reason) => againstIn(reason, comparison)).join('; ')}.`

function againstIn(reason: NoGo, { days, merged, agreement, held_back }: Comparison): string {
  switch (reason) {
    case 'nothing_merged':
      return 'people merged nothing yet, so there is nothing to compare'
    case 'too_little_seen':
      return `${plural(days, 'day')} and ${plural(merged.length, 'merged pull request')} are not enough; it takes ${ENOUGH_DAYS} days or ${ENOUGH_MERGED} pull requests`
    case 'too_little_agreement':
      return `${agreement ?? 0} % agreed; it takes ${AGREEMENT} %`
    case 'red_check_held_back':
      return `${plural(held_back.length, 'commit')} would have landed that a red required check held back`
    default:
      return reason satisfies never
  }
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 120) return plural(minutes, 'minute')
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? plural(hours, 'hour') : plural(Math.floor(hours / 24), 'day')
}
