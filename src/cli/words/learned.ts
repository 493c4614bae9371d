/** What a lane has learned of its members and its CI, for a terminal. It knows no log. */
import type { Chance, Takes } from '../../core/queue/estimates/estimates.ts'
import type { Learned } from '../../core/queue/estimates/shown.ts'
import { spanOf } from '../../core/render/words/span.ts'
import { table } from './table.ts'

/** A line for each of p, f and V, and one for each check; each chance with the bound that it is under with 85 % confidence. */
export function learnedLines({ bad, bad_when_red, flake, takes, checks }: Learned): string[] {
  const rows = [
    ['a change breaks the build', chance(bad)],
    ['  one whose own checks were red', chance(bad_when_red)],
    ['a good build fails', chance(flake)],
    ['a build takes', lasts(takes)],
  ]
  const ofChecks = checks.map(({ context, flaked, runs, flake: own, takes: spent }) => [
    context,
    `failed by chance in ${flaked} of ${runs} runs: ${chance(own)}`,
    ...(spent ? [lasts(spent)] : []),
  ])
  return ['  learned', ...table(rows, '    '), ...(ofChecks.length > 0 ? ['  checks', ...table(ofChecks, '    ')] : [])]
}

const chance = ({ mean, upper }: Chance): string => `${percent(mean)} (likely under ${percent(upper)})`

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const lasts = (takes: Takes | null): string =>
  takes ? spanOf({ low: takes.least, high: takes.most }) : 'not known before three were measured'
