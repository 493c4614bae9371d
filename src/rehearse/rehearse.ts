/**
 * A rehearsal: the history of a clone, replayed on virtual time once for each policy, and compared with what history came
 * to. It leaves nothing behind, and nothing in the clone.
 */
import { iso } from '../core/ids.ts'
import { run } from '../simulate/run.ts'
import type { Policy } from '../simulate/world.ts'
import { arrivalsOf, type Timing } from './arrivals.ts'
import { brokenOf, type Ci, conflictsAlone, failing, withMended } from './ci.ts'
import { type CommandCi, commandCi } from './ci-command.ts'
import { contentOf } from './content.ts'
import { type Clone, openClone } from './git/clone.ts'
import { type Objects, objectsIn } from './git/objects.ts'
import { type Change, type History, type Listed, readHistory } from './history.ts'
import { type Outcome, outcomeOf } from './outcome.ts'

/** What CI is in a rehearsal; `ms`: how long a build takes where nothing is run. */
export type CiRule =
  | { readonly kind: 'conflicts'; readonly ms: number }
  | { readonly kind: 'rate'; readonly rate: number; readonly seed: number; readonly ms: number }
  | { readonly kind: 'command'; readonly command: string; readonly timeout: number }

export interface Asked extends Timing {
  readonly path: string
  /** Null: the default branch. */
  readonly branch: string | null
  /** How many pull requests, the latest ones. */
  readonly last: number
  readonly ci: CiRule
  readonly policies: readonly Policy[]
}

export interface Around extends Pick<CommandCi, 'clock' | 'deadline' | 'signal' | 'environment'> {
  readonly progress: (what: string, done: number, all: number) => void
}

export interface Rehearsed {
  readonly branch: string
  readonly start: string
  readonly end: string
  readonly first_at: string
  readonly last_at: string
  readonly pulls: { readonly merged: number; readonly squashed: number; readonly without_number: number }
  /** Everything that is no ordinary pull request. */
  readonly odd: readonly Listed[]
  /** Those that were played to their end. */
  readonly policies: readonly Outcome[]
}

/** Throws `CannotRehearse` for what can not be rehearsed. When it is told to stop, the policies that are done are told. */
export async function rehearse(asked: Asked, around: Around): Promise<Rehearsed> {
  const clone = await openClone(asked.path, asked.branch, around.environment, around.signal)
  try {
    const objects = objectsIn(clone)
    const read = await readHistory(clone, objects, asked.last, (done, all) => around.progress('history', done, all))
    const { history, ciOf } = await judged(read, asked.ci, clone, around)
    const policies: Outcome[] = []
    for (const policy of asked.policies) {
      const outcome = await unlessStopped(around.signal, () => play(policy, ciOf(), history, objects, asked, around))
      if (outcome === null) break
      policies.push(outcome)
    }
    return summary(history, policies)
  } finally {
    await clone.close()
  }
}

interface Judged {
  /** As it comes to that CI. */
  readonly history: History
  /** For each policy anew. */
  readonly ciOf: () => Ci
}

async function judged(history: History, rule: CiRule, clone: Clone, around: Around): Promise<Judged> {
  switch (rule.kind) {
    case 'conflicts':
      return { history, ciOf: () => conflictsAlone(rule.ms) }
    case 'rate': {
      const broken = brokenOf(history.changes, rule.rate, rule.seed)
      const changes = withMended(history.changes, broken)
      return { history: { ...history, changes }, ciOf: () => failing(broken, rule.ms) }
    }
    case 'command': {
      const ci = commandCi(clone, { ...around, command: rule.command, timeout: rule.timeout })
      around.progress('CI where the replay begins', 0, 1)
      await ci.tryOn(history.start.sha)
      return { history, ciOf: () => ci.forPolicy() }
    }
    default:
      return rule satisfies never
  }
}

async function play(
  policy: Policy,
  ci: Ci,
  history: History,
  objects: Objects,
  timing: Timing,
  { signal, progress }: Around,
): Promise<Outcome | null> {
  const content = contentOf(history, objects, ci)
  const onProgress = (done: number, all: number): void => progress(policy.name, done, all)
  const played = await run(arrivalsOf(history.changes, timing), content, policy, { signal, onProgress })
  return played.complete ? outcomeOf(policy.name, played, history, content, objects) : null
}

/** Git and CI are ended with us, and say so by failing. */
async function unlessStopped<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T | null> {
  try {
    return await act()
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

function summary({ branch, start, end, changes, odd }: History, policies: readonly Outcome[]): Rehearsed {
  const count = (test: (change: Change) => boolean): number => changes.filter(test).length
  const times = changes.map(({ at }) => at)
  return {
    branch,
    start: start.sha,
    end: end.sha,
    first_at: iso(Math.min(...times)),
    last_at: iso(Math.max(...times)),
    pulls: {
      merged: count(({ via }) => via === 'merge'),
      squashed: count(({ via }) => via === 'squash'),
      without_number: count(({ via, named }) => via !== null && !named),
    },
    odd,
    policies,
  }
}
