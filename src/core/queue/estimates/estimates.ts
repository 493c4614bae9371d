/**
 * What a lane has learned of its members and of its CI: how often a member breaks the build (p), how often a good tree fails
 * (f), how long a build takes (V), for the lane and for each check. Folded from what the log tells and nothing else, so it
 * can be made again at any time. What was seen fades, for a project changes; what was assumed at the start does not.
 */
import { mean, type Tally, upperBound } from './beta.ts'

/** The part of a `build_concluded` and of its check results that is learned from. */
export interface CheckSeen {
  readonly context: string
  readonly state: 'passed' | 'failed'
  /** How long it ran; null when GitHub did not say. */
  readonly seconds: number | null
}

export type EstimateEvent =
  /** A member landed (good) or was blamed (`checks_failed`, `checks_timed_out`). Nothing else that ends an entry is meant. */
  | { readonly type: 'member_judged'; readonly good: boolean; readonly was_red: boolean }
  /** A build passed or failed; a time-out is a failure, silence and a runner's cancellation are not told. */
  | {
      readonly type: 'build_judged'
      /** The tree that was built: a confirmation has the tree of the build that it repeats. */
      readonly tree: string
      readonly passed: boolean
      /** A confirmation, whose tree failed before. */
      readonly confirmation: boolean
      readonly seconds: number | null
      readonly checks: readonly CheckSeen[]
    }

/** Seconds as a fading mean of their logarithm and of its square: builds are lognormal. */
export interface Span {
  readonly weight: number
  readonly log: number
  readonly square: number
}

export interface Lasting {
  /** How often it failed on a tree on which it also passed, against how often it passed. */
  readonly flakes: Tally
  readonly takes: Span
}

export interface Estimates {
  /** How often a member breaks the build, of those whose own checks were always green and of those that were red before. */
  readonly bad: { readonly green: Tally; readonly red: Tally }
  readonly builds: Lasting
  readonly checks: Readonly<Record<string, Lasting>>
  /** Inferred culprits whose fate is known. */
  readonly culprits: number
  /** The last trees, oldest first, each with the checks that failed and those that passed on it. */
  readonly trees: readonly TreeSeen[]
}

export interface TreeSeen {
  readonly tree: string
  readonly failed: readonly string[]
  readonly passed: readonly string[]
}

const NOTHING: Tally = { yes: 0, no: 0 }
const NEVER: Lasting = { flakes: NOTHING, takes: { weight: 0, log: 0, square: 0 } }

export const noEstimates: Estimates = {
  bad: { green: NOTHING, red: NOTHING },
  builds: NEVER,
  checks: {},
  culprits: 0,
  trees: [],
}

/** Before anything was seen: one member of twenty is bad, one in five that was red before, one build of a good tree in a hundred fails. */
const ASSUMED = {
  green: { yes: 0.5, no: 9.5 },
  red: { yes: 1, no: 4 },
  flakes: { yes: 0.5, no: 49.5 },
}

/** Members and builds after which what was seen counts a third. */
const MEMORY = 500

/** Trees that are remembered: a confirmation follows its failure within few builds. */
const TREES = 100

/** Culprits that are always confirmed, and after those one in so many. */
const FIRST = 20

/** The upper bound of f above which every culprit is confirmed, and how sure it has to be. */
const TRUSTED = 0.01
const CONFIDENCE = 0.85

const seen = ({ yes, no }: Tally, happened: boolean, weight = 1): Tally => {
  const fades = 1 - 1 / MEMORY
  return { yes: yes * fades + (happened ? weight : 0), no: no * fades + (happened ? 0 : weight) }
}

const believed = (tally: Tally, assumed: Tally): Tally => ({ yes: tally.yes + assumed.yes, no: tally.no + assumed.no })

export function evolveEstimates(state: Estimates, event: EstimateEvent): Estimates {
  switch (event.type) {
    case 'member_judged': {
      const kind = event.was_red ? 'red' : 'green'
      const { bad, culprits } = state
      return {
        ...state,
        bad: { ...bad, [kind]: seen(bad[kind], !event.good) },
        culprits: culprits + (event.good ? 0 : 1),
      }
    }
    case 'build_judged':
      return judged(state, event)
    default:
      return event satisfies never
  }
}

function judged(state: Estimates, event: EstimateEvent & { type: 'build_judged' }): Estimates {
  const before = state.trees.find(({ tree }) => tree === event.tree) ?? { tree: event.tree, failed: [], passed: [] }
  const cleared = event.confirmation && event.passed
  // One flake that a sample of one in twenty found stands for twenty.
  const weight = cleared && !confirmsAll(state) ? FIRST : 1
  const { flakes, takes } = state.builds
  const passed = event.passed ? seen(flakes, false) : flakes
  const checks = { ...state.checks }
  const after = { tree: event.tree, failed: [...before.failed], passed: [...before.passed] }
  for (const { context, state: result, seconds } of event.checks) {
    const known = checks[context] ?? NEVER
    const other = result === 'passed' ? before.failed : before.passed
    const own = result === 'passed' ? after.passed : after.failed
    let tally = result === 'passed' ? seen(known.flakes, false) : known.flakes
    // The same tree failed and passed: counted once, whichever came first.
    if (other.includes(context) && !own.includes(context)) tally = seen(tally, true)
    if (!own.includes(context)) own.push(context)
    checks[context] = { flakes: tally, takes: lasted(known.takes, seconds) }
  }
  return {
    ...state,
    builds: { flakes: cleared ? seen(passed, true, weight) : passed, takes: lasted(takes, event.seconds) },
    checks,
    culprits: state.culprits + (cleared ? 1 : 0),
    trees: [...state.trees.filter(({ tree }) => tree !== event.tree), after].slice(-TREES),
  }
}

function lasted(span: Span, seconds: number | null): Span {
  if (seconds === null || seconds <= 0) return span
  const log = Math.log(seconds)
  const fades = 1 - 1 / MEMORY
  return {
    weight: span.weight * fades + 1,
    log: span.log * fades + log,
    square: span.square * fades + log * log,
  }
}

/** A chance as it is shown: the best guess, and the bound below which it lies with 85 % confidence. */
export interface Chance {
  readonly mean: number
  readonly upper: number
}

const chance = (tally: Tally): Chance => ({ mean: mean(tally), upper: upperBound(tally, CONFIDENCE) })

/** How long something takes, in seconds: the middle, what 19 of 20 are over, and what 19 of 20 stay under. */
export interface Takes {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** Fewer than this tell nothing of the next. What was seen fades by parts of a thousand, so two never weigh more than two. */
const MEASURED = 2

/** How long so many in a row take; null before three were measured. */
export function takesOf({ weight, log, square }: Span, inARow = 1): Takes | null {
  if (weight <= MEASURED) return null
  const middle = log / weight
  const deviation = Math.sqrt(Math.max(0, square / weight - middle * middle) / inARow)
  const [median, spread] = [inARow * Math.exp(middle), Math.exp(1.645 * deviation)]
  return { median, least: median / spread, most: median * spread }
}

/** The chance that the next member breaks the build; as `badOf` of one that was green, without its bound. */
export const expectedBad = ({ bad }: Estimates): number => mean(believed(bad.green, ASSUMED.green))

export const badOf = ({ bad }: Estimates, was_red: boolean): Chance =>
  chance(was_red ? believed(bad.red, ASSUMED.red) : believed(bad.green, ASSUMED.green))

export const flakeOf = ({ flakes }: Lasting): Chance => chance(believed(flakes, ASSUMED.flakes))

/** Whether every inferred culprit is built once more before it is blamed. */
export const confirmsAll = (estimates: Estimates): boolean =>
  estimates.culprits < FIRST || flakeOf(estimates.builds).upper > TRUSTED

/** What the plan is to believe. After the first culprits of a trusted CI one in twenty is confirmed: flakes are seen no other way. */
export function beliefsOf(estimates: Estimates): {
  bad: number
  bad_when_red: number
  flake: number
  confirm: boolean
} {
  return {
    bad: expectedBad(estimates),
    bad_when_red: mean(believed(estimates.bad.red, ASSUMED.red)),
    flake: mean(believed(estimates.builds.flakes, ASSUMED.flakes)),
    confirm: confirmsAll(estimates) || estimates.culprits % FIRST === 0,
  }
}
