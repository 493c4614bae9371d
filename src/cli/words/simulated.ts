/** What a simulation came to, as text for a terminal: the workload in a line, and a table of the policies. It judges nothing. */
import { line } from '../../core/render/escape.ts'
import type { Compared } from '../../simulate/compare.ts'
import { type Figures, median, rangeOf } from '../../simulate/report/figures.ts'
import type { Recorded } from '../../simulate/workload/recorded.ts'
import type { Workload } from '../../simulate/workload/synthetic.ts'
import { plural, table } from './table.ts'

/** A drawn workload in a line. */
export function wordsOf({ count, rate, bad, flake, minutes, spread }: Workload): string {
  const come = rate === null ? 'waiting' : `at ${rate} an hour`
  return `${plural(count, 'pull request')} ${come}, ${percent(bad)} break the build, ${percent(flake)} of builds fail for nothing, builds of ${minutes} min (${spread})`
}

/** A lane's past in a line. */
export function pastWords(lane: string, { came, builds, good, unknown }: Recorded): string {
  const those = (fate: Recorded['came'][number]['fate']): number => came.filter((one) => one.fate === fate).length
  const pushes = those('pushed')
  return [
    `${lane}: ${plural(came.length - pushes, 'pull request')} since ${new Date(came[0]?.at ?? 0).toISOString().slice(0, 10)}`,
    `${those('failed')} broke the build`,
    `${those('conflicted')} conflicted`,
    `${good.failed} of ${plural(good.builds, 'good build')} failed for nothing`,
    `builds of ${Math.round(median(builds) / 60_000)} min`,
    ...(pushes > 0 ? [`${plural(pushes, 'push', 'pushes')} past the queue`] : []),
    ...(unknown > 0 ? [`${unknown} left out, their outcome is not known`] : []),
  ].join(', ')
}

const HEAD = [
  'policy',
  'landed',
  'blocked',
  'builds',
  'per landed',
  'wait P50',
  'wait P95',
  'took',
  'requests per landed',
]

/** The whole answer; a figure of several seeds is the median, with the least and the most. */
export function renderSimulated(words: string, seeds: readonly number[], compared: readonly Compared[]): string {
  const [first, last] = [seeds[0], seeds.at(-1)]
  const drawn = seeds.length > 1 ? `seeds ${first} to ${last}` : `seed ${first}`
  const rows = compared.map(({ policy, runs }) => {
    const cell = (read: (figures: Figures) => number | null, show: (value: number) => string): string =>
      cellOf(runs.map(read), show)
    return [
      policy,
      cell(({ landed }) => landed, whole),
      cell(({ blocked }) => blocked, whole),
      cell(({ builds }) => builds, whole),
      cell((run) => run.builds_per_landed, ratio),
      cell((run) => run.wait_ms.p50, length),
      cell((run) => run.wait_ms.p95, length),
      cell((run) => run.took_ms, length),
      cell(
        (run) => run.requests_per_landed,
        (value) => value.toFixed(1),
      ),
    ]
  })
  const parts = [[line(`${words}; ${drawn}`, 500)], rows.length > 0 ? table([HEAD, ...rows]) : [], leftLines(compared)]
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function leftLines(compared: readonly Compared[]): string[] {
  return compared.flatMap(({ policy, runs }) =>
    runs
      .filter(({ left }) => left > 0)
      .map(({ seed, left, held }) => {
        const why = held === null ? '' : `: the lane was held: ${line(held, 300)}`
        return line(`${policy}, seed ${seed}: ${left} neither landed nor were blocked${why}`, 500)
      }),
  )
}

function cellOf(values: readonly (number | null)[], show: (value: number) => string): string {
  const range = rangeOf(values)
  if (range === null) return '–'
  const [middle, least, most] = [show(range.median), show(range.least), show(range.most)]
  return least === most ? middle : `${middle} (${least}–${most})`
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`

const whole = (value: number): string => String(Math.round(value))

const ratio = (value: number): string => value.toFixed(2)

/** In the unit in which a difference still shows. */
function length(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)}s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)}m` : `${(ms / 3_600_000).toFixed(1)}h`
}
