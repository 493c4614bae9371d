/** What `status` answers, and its text for a terminal. It looks nothing up. */
import { short } from '../../core/ids.ts'
import type { Learned } from '../../core/queue/estimates/shown.ts'
import { line } from '../../core/render/escape.ts'
import { learnedLines } from './learned.ts'
import { age, plural, table } from './table.ts'

export interface StatusAnswer {
  readonly now: number
  readonly repositories: readonly RepositoryStatus[]
  /** Deliveries and events that came to nothing. */
  readonly troubles: number
}

export interface RepositoryStatus {
  readonly name: string
  readonly installed: boolean
  readonly suspended: boolean
  readonly default_branch: string | null
  /** Whether a good configuration file was ever read and not removed since. */
  readonly configured: boolean
  readonly broken: readonly BrokenConfig[]
  readonly lanes: readonly LaneStatus[]
}

export interface BrokenConfig {
  readonly branch: string
  /** Whether an earlier good content of it still counts. */
  readonly good: boolean
  readonly line: number | null
  readonly column: number | null
  readonly key: string
  readonly value: string
  readonly fix: string
}

export interface LaneStatus {
  readonly target: string
  readonly mode: string
  readonly tip: string | null
  readonly hold: { readonly by: string; readonly reason: string; readonly words: string; readonly since: string } | null
  readonly landing: {
    readonly build: string
    readonly from: string
    readonly to: string
    readonly planned_at: string
  } | null
  readonly queue: readonly {
    readonly pull: number
    readonly title: string | null
    readonly sha: string
    readonly status: string
    readonly priority: number
    readonly ready_at: string
    readonly headline: string
  }[]
  readonly builds: readonly {
    readonly build: string
    readonly purpose: string
    readonly members: readonly number[]
    readonly base: string
    readonly sha: string | null
    readonly verdict: string | null
    readonly planned_at: string
  }[]
  readonly blocked: readonly {
    readonly pull: number
    readonly title: string | null
    readonly sha: string
    readonly reason: string
    readonly words: string
    readonly blocked_at: string
    readonly follow_up: number | null
    readonly follow_up_error: string | null
    readonly resume: string | null
  }[]
  readonly learned: Learned
  readonly failures: readonly {
    readonly effect: string
    readonly failure: string
    readonly message: string
    readonly attempt: number
    readonly retry_at: string
  }[]
}

/** The whole answer as text. */
export function renderStatus({ now, repositories, troubles }: StatusAnswer): string {
  const parts = repositories.flatMap((repository) => [
    ...repositoryLines(repository),
    ...repository.lanes.map((lane) => laneLines(repository.name, lane, now)),
  ])
  if (repositories.length === 0)
    parts.push([
      'No repository is known yet: install the App on one, or wait until the running process has asked GitHub.',
    ])
  else if (repositories.every(({ configured }) => !configured))
    parts.push([
      `No repository has a .github/mainkeeper.yml yet, so Mainkeeper is silent in ${repositories.map(({ name }) => name).join(', ')}.`,
      'The smallest one, on the default branch, is the line “mode: live”.',
    ])
  if (troubles > 0)
    parts.push([
      `${plural(troubles, 'delivery or event', 'deliveries or events')} came to nothing: mainkeeper log --failed`,
    ])
  return parts.map((lines) => lines.join('\n')).join('\n\n')
}

/** What is to be said of a repository besides its lanes. */
function repositoryLines({ name, installed, suspended, configured, broken, lanes }: RepositoryStatus): string[][] {
  const lines: string[] = []
  if (!installed) lines.push('the App is not installed here any more')
  else if (suspended) lines.push('the installation is suspended')
  for (const { branch, line: at, column, key, value, fix, good } of broken)
    lines.push(
      `.github/mainkeeper.yml of ${branch} is broken at ${at ?? '?'}:${column ?? '?'}, ${key}: ${value} (${fix}); ${good ? 'the last good one counts' : 'there is no good one'}`,
    )
  if (configured && lanes.length === 0)
    lines.push('no lane yet: the configuration says mode: off, or no target is known')
  return lines.length === 0 ? [] : [[name, ...lines.map((text) => `  ${line(text, 1000)}`)]]
}

function laneLines(repository: string, lane: LaneStatus, now: number): string[] {
  const { target, mode, tip, hold, landing, queue, builds, blocked, failures } = lane
  return [
    `${repository}:${target}  ${mode}  ${tip === null ? 'tip not known' : `at ${short(tip)}`}`,
    ...(hold ? [`  held by ${line(hold.by)} for ${age(hold.since, now)}: ${line(hold.words)}`] : []),
    ...(landing
      ? [
          `  landing ${landing.build}: ${short(landing.from)} to ${short(landing.to)}, for ${age(landing.planned_at, now)}`,
        ]
      : []),
    ...(queue.length === 0 ? ['  queue: empty'] : ['  queue', ...queueTable(queue, now)]),
    ...(builds.length === 0 ? [] : ['  builds', ...buildTable(builds, now)]),
    ...(blocked.length === 0 ? [] : ['  blocked', ...blockedTable(blocked, now)]),
    ...learnedLines(lane.learned),
    ...(failures.length === 0 ? [] : ['  to be tried again', ...failureTable(failures)]),
  ]
}

const queueTable = (queue: LaneStatus['queue'], now: number): string[] =>
  table(
    queue.map(({ pull, sha, priority, ready_at, headline, title }, index) => [
      `${index + 1}.`,
      `#${pull}`,
      short(sha),
      age(ready_at, now),
      `${headline}${priority === 0 ? '' : `, priority ${priority}`}`,
      title ?? '',
    ]),
    '    ',
  )

const buildTable = (builds: LaneStatus['builds'], now: number): string[] =>
  table(
    builds.map(({ build, purpose, members, base, sha, verdict, planned_at }) => [
      build,
      `${members.map((pull) => `#${pull}`).join(' ')}${purpose === 'try' ? ', a try' : ''}`,
      age(planned_at, now),
      verdict ?? (sha === null ? 'being assembled' : 'CI runs'),
      sha === null ? `on ${short(base)}` : `${short(sha)} on ${short(base)}`,
    ]),
    '    ',
  )

const blockedTable = (blocked: LaneStatus['blocked'], now: number): string[] =>
  table(
    blocked.map(({ pull, sha, blocked_at, follow_up, follow_up_error, words, resume }) => [
      `#${pull}`,
      short(sha),
      age(blocked_at, now),
      follow_up === null ? (follow_up_error === null ? 'no follow-up yet' : 'follow-up failed') : `see #${follow_up}`,
      `${words}${resume === null ? '' : `, resume ${resume}`}`,
    ]),
    '    ',
  )

const failureTable = (failures: LaneStatus['failures']): string[] =>
  table(
    failures.map(({ effect, failure, attempt, retry_at, message }) => [
      effect,
      failure,
      `attempt ${attempt}`,
      `at ${retry_at}`,
      message,
    ]),
    '    ',
  )
