/** Rows as people read them: medians with their range, what was asked, and whether it was met. */
import { median, sorted } from '../../src/simulate/report/figures.ts'
import { isMet, type Row } from './measure.ts'

export function tableOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap(({ measures }) => Object.keys(measures)))]
  const lines = rows.map((row) => [row.workload, row.policy, ...names.map((name) => cell(row, name)), verdict(row)])
  const head = ['workload', 'policy', ...names, 'goal']
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function cell({ measures }: Row, name: string): string {
  const values = measures[name]
  if (!values) return ''
  const order = sorted(values)
  const [least, most] = [order[0] ?? Number.NaN, order.at(-1) ?? Number.NaN]
  const middle = written(median(values))
  return least === most ? middle : `${middle} (${written(least)}–${written(most)})`
}

const written = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3)

function verdict({ asked = {}, measures }: Row): string {
  return Object.entries(asked)
    .map(
      ([name, ask]) =>
        `${name} ${ask.atLeast ? '≥' : '≤'} ${ask.bound}: ${isMet(measures[name] ?? [], ask) ? 'met' : '**missed**'}`,
    )
    .join('; ')
}

/** How many of the asked measures are met. */
export function tally(rows: readonly Row[]): { asked: number; met: number } {
  const all = rows.flatMap(({ asked = {}, measures }) =>
    Object.entries(asked).map(([name, ask]) => isMet(measures[name] ?? [], ask)),
  )
  return { asked: all.length, met: all.filter(Boolean).length }
}
