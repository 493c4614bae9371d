/**
 * What every policy sees and what it may do: one lane, its queue in order, its builds, and the slots. A policy knows no
 * outcome before CI told it; the oracles are told who is bad when they are made, and say so.
 */
import type { KnownBuild, Member, Queue } from '../../src/core/queue/plan/known.ts'

export interface LaneView {
  readonly now: number
  readonly tip: string
  readonly slots: number
  /** Everybody who has arrived and neither landed nor was rejected. */
  readonly queue: Queue
  /** Running and ended builds in the order of their start, until they are dropped or landed whole. */
  readonly builds: readonly KnownBuild[]
}

export interface Actions {
  readonly start?: readonly { readonly members: readonly Member[]; readonly purpose?: KnownBuild['purpose'] }[]
  readonly cancel?: readonly string[]
  /** Ended builds to forget. */
  readonly drop?: readonly string[]
  /** A passed build on the tip. */
  readonly land?: string | null
  readonly reject?: readonly Member[]
  readonly until?: number | null
}

/** What happened, for policies that learn. */
export type Happened =
  | { readonly what: 'concluded'; readonly build: KnownBuild; readonly took: number }
  | { readonly what: 'landed' | 'rejected'; readonly members: readonly Member[] }

export interface Policy {
  readonly name: string
  decide(view: LaneView): Actions
  learn?(happened: Happened): void
}

/** Made anew for every run. */
export type MakePolicy = (workload: {
  readonly bad: number
  readonly flake: number
  readonly isBad: (pull: number) => boolean
}) => Policy

export const onTip = ({ builds, tip }: LaneView): KnownBuild[] => builds.filter(({ base }) => base === tip)
