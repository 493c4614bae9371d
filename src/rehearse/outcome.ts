/**
 * What came of a history under one policy: who landed, who was caught and why, what it cost, and in which files the target
 * differs from history's. As plain data; it holds no words of its own.
 */
import { iso } from '../core/ids.ts'
import type { Run } from '../simulate/world.ts'
import type { GitContent } from './content.ts'
import type { Change, History } from './history.ts'
import type { Objects } from './git/objects.ts'

export interface Outcome {
  readonly policy: string
  readonly pulls: number
  readonly landed: number
  /** Of those, the ones that landed once their conflict was settled as in history. */
  readonly landed_settled: number
  /** Pull requests that did not go with what was on the target, or whose build failed: kept off it. */
  readonly conflicts_caught: number
  readonly failures_caught: number
  readonly not_landed: readonly NotLanded[]
  readonly builds: number
  readonly builds_per_landed: number | null
  /** From the approval to the landing, in milliseconds. */
  readonly wait_ms: { readonly p50: number | null; readonly p95: number | null }
  readonly requests: { readonly total: number; readonly by_effect: Run['requests'] }
  readonly pushes: { readonly done: number; readonly refused: readonly About[] }
  /** Why the lane stood still at the end; null: it did not. */
  readonly held: string | null
  readonly ended_at: string
  readonly tree: { readonly sha: string; readonly equal: boolean; readonly differs: readonly Differing[] }
}

export interface About {
  readonly pull: number | null
  readonly commit: string
  readonly title: string
}

export interface NotLanded extends About {
  /** A block's code; `not_done`: the lane stood still before it was its turn. */
  readonly reason: string
  readonly evidence: readonly string[]
}

export interface Differing {
  readonly path: string
  /** What did not come to the target and touches it; none: it came in another order than in history. */
  readonly without: readonly About[]
}

export async function outcomeOf(
  policy: string,
  run: Run,
  history: History,
  content: GitContent,
  objects: Objects,
): Promise<Outcome> {
  const { changes, end } = history
  const landings = new Map(run.landings.map((landing) => [landing.pull, landing]))
  const blocks = new Map(run.blocked.map((block) => [block.pull, block]))
  const refusals = new Set(run.refused)
  const isRefused = ({ number }: Change): boolean => refusals.has(number)
  const candidates = changes.filter(
    ({ number }) => landings.has(number) || blocks.has(number) || run.left.includes(number),
  )
  const asSettled = candidates.filter(
    ({ number, settled }) => !landings.has(number) && settled && landings.has(settled.number),
  )
  const landed = candidates.filter((change) => landings.has(change.number) || asSettled.includes(change))
  const missing = candidates.filter((change) => !landed.includes(change))
  const caught = (...reasons: string[]): number =>
    candidates.filter(({ number }) => reasons.includes(blocks.get(number)?.reason ?? '')).length
  const waits = landed
    .flatMap(({ number, settled }) => (landings.get(number) ?? landings.get(settled?.number ?? 0))?.wait ?? [])
    .sort((a, b) => a - b)
  const tree = content.treeOf(run.finalTip)
  return {
    policy,
    pulls: candidates.length,
    landed: landed.length,
    landed_settled: asSettled.length,
    conflicts_caught: caught('merge_conflict'),
    failures_caught: caught('checks_failed', 'checks_timed_out', 'ci_never_started'),
    not_landed: missing.map((change) => {
      const block = blocks.get(change.number)
      return { ...about(change), reason: block?.reason ?? 'not_done', evidence: block?.evidence ?? [] }
    }),
    builds: run.builds.length,
    builds_per_landed: landed.length === 0 ? null : run.builds.length / landed.length,
    wait_ms: { p50: quantile(waits, 0.5), p95: quantile(waits, 0.95) },
    requests: { total: Object.values(run.requests).reduce((sum, count) => sum + count, 0), by_effect: run.requests },
    pushes: {
      done: changes.length - candidates.length - refusals.size,
      refused: changes.filter(isRefused).map(about),
    },
    held: run.held,
    ended_at: iso(run.endedAt),
    tree: {
      sha: tree,
      equal: tree === end.tree,
      differs: await differing(tree, history, [...missing, ...changes.filter(isRefused)], objects),
    },
  }
}

async function differing(
  tree: string,
  { end }: History,
  absent: readonly Change[],
  objects: Objects,
): Promise<Differing[]> {
  const paths = await objects.differing(tree, end.tree)
  if (paths.length === 0) return []
  const touched = new Map<string, About[]>(paths.map((path) => [path, []]))
  for (const change of absent)
    for (const path of await objects.differing(change.before, change.after)) touched.get(path)?.push(about(change))
  return [...touched].map(([path, without]) => ({ path, without }))
}

const about = ({ number, named, commit, title }: Change): About => ({ pull: named ? number : null, commit, title })

/** The smallest value that so great a part of them does not exceed. */
const quantile = (sorted: readonly number[], part: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null
