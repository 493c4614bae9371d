/** What was learned of a lane, as people are shown it: chances with the bound that they are likely under, and times in seconds. */
import { badOf, type Chance, type Estimates, flakeOf, type Takes, takesOf } from './estimates.ts'

export interface Learned {
  /** How often a member breaks the build: of those whose own checks were always green, and of those that were red before. */
  readonly bad: Chance
  readonly bad_when_red: Chance
  /** How often a build of a good tree fails. */
  readonly flake: Chance
  readonly takes: Takes | null
  readonly checks: readonly LearnedCheck[]
}

export interface LearnedCheck extends Flaky {
  readonly flake: Chance
  readonly takes: Takes | null
}

/** A check that failed on a tree on which it also passed: so often of so many runs. What is long ago counts less. */
export interface Flaky {
  readonly context: string
  readonly flaked: number
  readonly runs: number
}

export const learnedOf = (estimates: Estimates): Learned => ({
  bad: badOf(estimates, false),
  bad_when_red: badOf(estimates, true),
  flake: flakeOf(estimates.builds),
  takes: takesOf(estimates.builds.takes),
  checks: Object.entries(estimates.checks).map(([context, lasting]) => ({
    ...tallied(context, lasting.flakes),
    flake: flakeOf(lasting),
    takes: takesOf(lasting.takes),
  })),
})

export const flakyOf = ({ checks }: Estimates): Flaky[] =>
  Object.entries(checks)
    .map(([context, { flakes }]) => tallied(context, flakes))
    .filter(({ flaked }) => flaked > 0)

const tallied = (context: string, { yes, no }: { readonly yes: number; readonly no: number }): Flaky => ({
  context,
  flaked: Math.round(yes),
  runs: Math.round(yes + no),
})
