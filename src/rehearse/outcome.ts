/**
 * What came of a history under one policy: who landed, who was caught and why, what it cost, and in which files the target
 * differs from history's. As plain data; it holds no words of its own.
 */
import { iso } from '../core/ids.ts'
import type { Blocked, Landed, Run } from '../simulate/world.ts'
import type { GitContent } from './content.ts'
import type { Objects } from './git/objects.ts'
import type { Change, History } from './history.ts'

export interface Outcome {
  readonly policy: string
  readonly pulls: number
  readonly landed: number
  /** Of those, the ones that were blocked first, and landed when they came again. */
  readonly landed_again: number
  /** Pull requests that were kept off the target: they did not go with what was on it, or their build failed. */
  readonly conflicts_caught: number
  readonly failures_caught: number
  /** Pull requests that conflict only because something earlier did not land here: they say nothing about history. */
  readonly conflicts_for_lack: number
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
  /** What it conflicts without. */
  readonly for_lack_of: readonly About[]
}

export interface Differing {
  readonly path: string
  /** What did not come to the target and touches it; none: it came in another order than in history. */
  readonly without: readonly About[]
}

/** A pull request with everything that became of its comings. */
interface Fate {
  readonly change: Change
  readonly landing: Landed | undefined
  /** The last one says how it ended. */
  readonly blocks: readonly Blocked[]
}

export async function outcomeOf(
  policy: string,
  run: Run,
  history: History,
  content: GitContent,
  objects: Objects,
): Promise<Outcome> {
  const { changes, end } = history
  const fates = fatesOf(run, changes)
  const landings = fates.flatMap(({ landing }) => landing ?? [])
  const missing = fates.filter(({ landing }) => !landing)
  const refused = changes.filter(({ number }) => run.refused.includes(number))
  const touched = await touchedBy([...missing.map(({ change }) => change), ...refused], changes, objects)
  const lacks = new Map(missing.map((fate) => [fate, isConflict(fate) ? lackOf(fate, run, touched) : []]))
  const lacking = missing.filter((fate) => (lacks.get(fate)?.length ?? 0) > 0)
  const waits = landings.map(({ wait }) => wait).sort((a, b) => a - b)
  const tree = content.treeOf(run.finalTip)
  const paths = await objects.differing(tree, end.tree)
  return {
    policy,
    pulls: fates.length,
    landed: landings.length,
    landed_again: fates.filter(({ change, landing }) => landing?.pull === change.again?.number && landing).length,
    conflicts_caught: fates.filter((fate) => isConflict(fate) && !lacking.includes(fate)).length,
    failures_caught: fates.filter(isFailure).length,
    conflicts_for_lack: lacking.length,
    not_landed: missing.map((fate) => {
      const block = fate.blocks.at(-1)
      const said = { reason: block?.reason ?? 'not_done', evidence: block?.evidence ?? [] }
      return { ...about(fate.change), ...said, for_lack_of: (lacks.get(fate) ?? []).map(about) }
    }),
    builds: run.builds.length,
    builds_per_landed: landings.length === 0 ? null : run.builds.length / landings.length,
    wait_ms: { p50: quantile(waits, 0.5), p95: quantile(waits, 0.95) },
    requests: { total: Object.values(run.requests).reduce((sum, count) => sum + count, 0), by_effect: run.requests },
    pushes: { done: changes.length - fates.length - refused.length, refused: refused.map(about) },
    held: run.held,
    ended_at: iso(run.endedAt),
    tree: {
      sha: tree,
      equal: tree === end.tree,
      differs: paths.map((path) => ({ path, without: (touched.get(path) ?? []).map(about) })),
    },
  }
}

/** Of whatever came as a pull request. */
function fatesOf({ landings, blocked, left }: Run, changes: readonly Change[]): Fate[] {
  const landed = new Map(landings.map((landing) => [landing.pull, landing]))
  const blocks = new Map(blocked.map((block) => [block.pull, block]))
  const waiting = new Set(left)
  return changes.flatMap((change): Fate[] => {
    const comings = [change.number, ...(change.again ? [change.again.number] : [])]
    const [landing] = comings.flatMap((pull) => landed.get(pull) ?? [])
    const fate = { change, landing, blocks: comings.flatMap((pull) => blocks.get(pull) ?? []) }
    return landing || fate.blocks.length > 0 || waiting.has(change.number) ? [fate] : []
  })
}

const isConflict = ({ blocks }: Fate): boolean => blocks.some(({ reason }) => reason === 'merge_conflict')
const isFailure = ({ blocks }: Fate): boolean =>
  blocks.some(({ reason }) => reason === 'checks_failed' || reason === 'checks_timed_out')

/** For each file the changes that are not on the target, in history's order. */
async function touchedBy(
  absent: readonly Change[],
  order: readonly Change[],
  objects: Objects,
): Promise<Map<string, Change[]>> {
  const touched = new Map<string, Change[]>()
  const isAbsent = new Set(absent)
  for (const change of order.filter((each) => isAbsent.has(each)))
    for (const path of await pathsOf(change, objects)) touched.set(path, [...(touched.get(path) ?? []), change])
  return touched
}

/** What it changes, in whichever of its comings. */
async function pathsOf({ again, ...patch }: Change, objects: Objects): Promise<Set<string>> {
  const own = await objects.differing(patch.before, patch.after)
  return new Set([...own, ...(again ? await objects.differing(again.before, again.after) : [])])
}

/** Which earlier changes of the files that it conflicts in are not on the target; in history they were there. */
function lackOf({ change }: Fate, { conflicts }: Run, touched: ReadonlyMap<string, readonly Change[]>): Change[] {
  const comings = [change.number, change.again?.number]
  const files = conflicts.filter(({ pull }) => comings.includes(pull)).flatMap((conflict) => conflict.files)
  const earlier = files.flatMap((path) => {
    const all = touched.get(path) ?? []
    return all.slice(0, Math.max(0, all.indexOf(change)))
  })
  return [...new Set(earlier)]
}

const about = ({ number, named, commit, title }: Change): About => ({ pull: named ? number : null, commit, title })

/** The smallest value that so great a part of them does not exceed. */
const quantile = (sorted: readonly number[], part: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null
