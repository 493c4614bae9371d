/** What a rehearsal came to, as text for a terminal: the history it was, a table of the policies, and who did not land. It judges nothing. */
import { short } from '../../core/ids.ts'
import { line } from '../../core/render/escape.ts'
import type { Timing } from '../../rehearse/arrivals.ts'
import type { Listed } from '../../rehearse/history.ts'
import type { About, Differing, NotLanded, Outcome } from '../../rehearse/outcome.ts'
import type { Rehearsed } from '../../rehearse/rehearse.ts'
import { plural, table } from './table.ts'

/** So many of each list are shown. */
const SHOWN = 10
/** So many in one cell. */
const FEW = 3

/** How what was no pull request is replayed. */
type Direct = Timing['direct']

const NO_PULL: Readonly<Record<Direct, string>> = {
  push: 'no pull request: pushed past the queue',
  queue: 'no pull request: queued like one',
}

/** What each kind of oddity is, and how it was replayed; null: as `--direct` says. */
const KINDS: Readonly<Record<Listed['kind'], readonly [one: string, many: string, replayed: string | null]>> = {
  direct: ['direct commit', 'direct commits', null],
  octopus: ['octopus merge', 'octopus merges', null],
  foxtrot: ['merge of the branch into itself', 'merges of the branch into itself', null],
  unrelated: ['merge of an unrelated history', 'merges of an unrelated history', null],
  revert: ['revert', 'reverts', 'replayed like any other change'],
  target_into_branch: [
    'merge of the target into a branch',
    'merges of the target into a branch',
    'part of that pull request, whose base is the one merged last',
  ],
  several_bases: [
    'pull request with several merge bases',
    'pull requests with several merge bases',
    'replayed as what came of it on the branch',
  ],
  settled_by_hand: [
    'conflict that was settled in the merge',
    'conflicts that were settled in the merge',
    'each comes as it was, and again as it was settled when it was merged',
  ],
  changed_in_merge: [
    'merge with changes of its own',
    'merges with changes of their own',
    'replayed as what came of it on the branch',
  ],
}

/** The whole answer as text. */
export function renderRehearsed(answer: Rehearsed, direct: Direct): string {
  return [
    headLines(answer),
    ...oddLines(answer.odd, direct),
    tableLines(answer.policies),
    ...detailLines(answer.policies),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function headLines({ branch, start, end, first_at, last_at, pulls }: Rehearsed): string[] {
  const { merged, squashed, without_number } = pulls
  const numberless = without_number > 0 ? `; ${without_number} without a number of their own` : ''
  const [row = ''] = table([
    [`${branch}: ${plural(merged + squashed, 'pull request')} from ${day(first_at)} to ${day(last_at)}`],
  ])
  return [row, `  ${merged} by merge, ${squashed} by squash${numberless}; ${short(start)}..${short(end)}`]
}

function oddLines(odd: readonly Listed[], direct: Direct): string[][] {
  const kinds = Object.entries(KINDS).flatMap(([kind, [one, many, replayed]]) => {
    const listed = odd.filter((each) => each.kind === kind)
    if (listed.length === 0) return []
    const rows = table(
      listed.slice(0, SHOWN).map(({ commit, title }) => [short(commit), title]),
      '    ',
    )
    return [`  ${plural(listed.length, one, many)}: ${replayed ?? NO_PULL[direct]}`, ...rows, ...beyond(listed.length)]
  })
  return kinds.length === 0 ? [] : [['Not ordinary pull requests:', ...kinds]]
}

const HEAD = [
  'policy',
  'landed',
  'conflicts caught',
  'failures caught',
  'builds',
  'per landed',
  'wait P50',
  'wait P95',
  'requests',
  'final tree',
]

const tableLines = (policies: readonly Outcome[]): string[] =>
  policies.length === 0
    ? []
    : table([
        HEAD,
        ...policies.map((outcome) => [
          outcome.policy,
          `${outcome.landed} of ${outcome.pulls}`,
          String(outcome.conflicts_caught),
          String(outcome.failures_caught),
          String(outcome.builds),
          outcome.builds_per_landed?.toFixed(2) ?? '–',
          length(outcome.wait_ms.p50),
          length(outcome.wait_ms.p95),
          String(outcome.requests.total),
          outcome.tree.equal ? 'as in history' : `other in ${plural(outcome.tree.differs.length, 'file')}`,
        ]),
      ])

/** Policies that came to the same in all of this are told together. */
function detailLines(policies: readonly Outcome[]): string[][] {
  const together = new Map<string, string[]>()
  for (const outcome of policies) {
    const details = detailsOf(outcome).join('\n')
    if (details !== '') together.set(details, [...(together.get(details) ?? []), outcome.policy])
  }
  return [...together].map(([details, names]) => [...table([[`${names.join('; ')}:`]]), details])
}

function detailsOf({ landed_again, conflicts_for_lack, not_landed, pushes, held, tree }: Outcome): string[] {
  return [
    ...(landed_again > 0 ? [`  ${landed_again} of the landed came again: settled or mended, as in history`] : []),
    ...(conflicts_for_lack > 0
      ? [`  ${plural(conflicts_for_lack, 'conflict')} beside those caught: only for lack of what did not land here`]
      : []),
    ...section('did not land', not_landed, missingRow),
    ...section('pushed past the queue, could not be put on the target as it stood then', pushes.refused, aboutRow),
    ...section('not as in history', tree.differs, differingRow),
    ...(held === null ? [] : [`  the lane was held at the end: ${line(held, 500)}`]),
  ]
}

function section<T>(title: string, items: readonly T[], row: (item: T) => string[]): string[] {
  if (items.length === 0) return []
  return [`  ${title}:`, ...table(items.slice(0, SHOWN).map(row), '    '), ...beyond(items.length)]
}

const beyond = (count: number): string[] => (count > SHOWN ? [`    and ${count - SHOWN} more; --json has all`] : [])

const aboutRow = ({ pull, commit, title }: About): string[] => [
  pull === null ? '' : `#${pull}`,
  short(commit),
  line(title, 60),
]

const missingRow = ({ reason, evidence, for_lack_of, ...about }: NotLanded): string[] => {
  const lack = for_lack_of.length === 0 ? '' : ` for lack of ${few(for_lack_of.map(named))}`
  return [...aboutRow(about), `${reason}${lack}${evidence.length === 0 ? '' : `: ${few(evidence)}`}`]
}

const differingRow = ({ path, without }: Differing): string[] => [
  path,
  without.length === 0 ? 'came together in another order' : `without ${few(without.map(named))}`,
]

const named = ({ pull, commit }: About): string => (pull === null ? short(commit) : `#${pull}`)

/** Some of them in one cell. */
const few = (items: readonly string[]): string =>
  [...items.slice(0, FEW), ...(items.length > FEW ? [`${items.length - FEW} more`] : [])].join(', ')

/** In the unit in which a difference still shows. */
function length(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 120_000) return `${Math.round(ms / 1000)}s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)}m` : `${(ms / 3_600_000).toFixed(1)}h`
}

const day = (at: string): string => at.slice(0, 10)
