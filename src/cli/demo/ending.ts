/**
 * What the demo ends with: what became of each pull request, the graph of main, and the one line that sums it up. It
 * counts facts and has no opinion on them.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { short } from '../../core/ids.ts'
import { line } from '../../core/render/escape.ts'
import type { CiRunRecord } from '../../twin/ci/ci.ts'
import { plural, table } from '../words/table.ts'
import { seenThrough } from './chance.ts'
import { type Facts, landedAs, type PullFacts } from './laws.ts'

/** A row for each pull request: what became of it, and where to see it. */
export function results(facts: Facts): string[] {
  const rows = facts.pulls.map((pull) => [`#${pull.number}`, pull.title, stateOf(pull), ...evidence(facts, pull)])
  return table([['PR', 'Title', 'State', 'Landed as', 'Follow-up'], ...rows])
}

function stateOf({ merged, blocked, state }: PullFacts): string {
  if (merged) return 'landed'
  return blocked ? 'blocked' : state
}

function evidence(facts: Facts, pull: PullFacts): [string, string] {
  const landed = landedAs(facts, pull)
  return [landed === undefined ? '' : short(landed), pull.followUps.map((issue) => `#${issue}`).join(' ')]
}

/** What CI had said of each commit by the time at which main moved to it. */
export function proofs({ moves }: Facts): string {
  const proven = moves.filter(({ tree, testedTree }) => tree === testedTree).length
  return `main moved ${moves.length} times, ${proven} of them to a commit whose own tests had passed before`
}

/** What CI failed by chance, and passed when the same tree was tested again. */
export function repeated(runs: readonly Readonly<CiRunRecord>[]): string {
  const trees = seenThrough(runs)
  return `CI failed by chance on ${plural(trees.length, 'tree')} (${trees.map(short).join(', ') || 'none'}) that passed when tested again`
}

/** Main as git draws it. */
export async function graph(gitDir: string): Promise<string[]> {
  const drawn = await promisify(execFile)('git', ['--git-dir', gitDir, 'log', '--graph', '--oneline', 'main'])
  return drawn.stdout.trimEnd().split('\n')
}

/** The last line; `broken`: what was found against the laws. */
export function summary({ pulls }: Pick<Facts, 'pulls'>, broken: readonly string[]): string {
  const count = (is: (pull: PullFacts) => boolean): number => pulls.filter(is).length
  const followUps = pulls.reduce((sum, pull) => sum + pull.followUps.length, 0)
  const [approved, landed, blocked] = [
    count((pull) => pull.approved.length > 0),
    count((pull) => pull.merged),
    count((pull) => pull.blocked),
  ]
  const laws = broken.length === 0 ? 'laws held' : `laws broken: ${line(broken.join('; '), 500)}`
  return `demo: ${approved} approved, ${landed} landed, ${blocked} blocked, ${followUps} follow-ups opened, ${laws}`
}
