/**
 * What may be kept from one judgement of a lane to its next, so that what did not change is not worked out again: an answer
 * stands as long as all that it was made of is the very same. Whoever has none judges alike. One memory is of one lane.
 */
import type { Config } from '../config.ts'
import type { Readiness } from '../readiness/evaluate.ts'
import type { Explanation } from '../readiness/explanation.ts'
import type { PullRequest } from '../readiness/pull-request.ts'
import type { RenderedCheckRun } from '../render/check-run.ts'
import type { Repository } from '../repository.ts'
import type { Estimates } from './estimates/estimates.ts'
import type { Lane } from './lane.ts'
import type { Beliefs } from './plan/known.ts'
import type { Standings } from './standing.ts'

export interface Memory {
  readonly config: Recall<Repository, Config | null>
  readonly readiness: Recall<PullRequest, Readiness>
  readonly standings: Recall<Lane, Standings>
  readonly explanations: Recall<PullRequest, Explanation>
  readonly checkRuns: Recall<Explanation, ShownCheckRun>
  readonly followUps: Recall<Explanation, ShownFollowUp>
  readonly comments: Recall<Explanation, string | null>
  readonly beliefs: Recall<Estimates, Beliefs>
  readonly keys: Recall<PullRequest, Keys>
}

/** By what the branch and the reviewers of a pull request are looked up in a view. */
export interface Keys {
  readonly branch: string | null
  readonly reviewers: readonly string[]
}

export interface ShownFollowUp {
  readonly title: string
  readonly body: string
  readonly content: string
}

/** A check run as it is to be shown, and by what it is told from another. */
export interface ShownCheckRun {
  readonly check_run: Omit<RenderedCheckRun, 'lasting'>
  readonly enduring: string
  readonly content: string
}

/** The answer for `key` made of `inputs`, made anew where one of them is another than the last time. */
export type Recall<K extends object, V> = (key: K, inputs: readonly unknown[], make: () => V) => V

export const newMemory = (): Memory => ({
  config: recall(),
  readiness: recall(),
  standings: recall(),
  explanations: recall(),
  checkRuns: recall(),
  followUps: recall(),
  comments: recall(),
  beliefs: recall(),
  keys: recall(),
})

function recall<K extends object, V>(): Recall<K, V> {
  const last = new WeakMap<K, { readonly inputs: readonly unknown[]; readonly value: V }>()
  return (key, inputs, make) => {
    const known = last.get(key)
    if (known && isSame(known.inputs, inputs)) return known.value
    const value = make()
    last.set(key, { inputs, value })
    return value
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false
  return true
}
