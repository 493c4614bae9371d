/** Mainkeeper's own policy: the plan that its lane runs, with what is believed given or learned. */
import {
  beliefsOf,
  type EstimateEvent,
  evolveEstimates,
  noEstimates,
} from '../../../src/core/queue/estimates/estimates.ts'
import type { Beliefs, KnownBuild, Limits } from '../../../src/core/queue/plan/known.ts'
import { plan } from '../../../src/core/queue/plan/plan.ts'
import type { Happened, LaneView, MakePolicy, Policy } from '../policy.ts'

type Choice = Partial<Omit<Limits, 'slots'>>

/** p and f are given; culprits are confirmed where f is above 0. */
export const nested =
  (name: string, limits: Choice = {}): MakePolicy =>
  ({ bad, flake }) =>
    following(name, limits, () => ({ bad, bad_when_red: bad, flake, confirm: flake > 0 }))

/** p and f are learned from what happens, from nothing; the first culprits and then a sample are confirmed. */
export const learning =
  (name: string, limits: Choice = {}): MakePolicy =>
  () => {
    let estimates = noEstimates
    let beliefs = beliefsOf(estimates)
    return {
      ...following(name, limits, () => beliefs),
      learn(happened) {
        estimates = eventsOf(happened).reduce(evolveEstimates, estimates)
        beliefs = beliefsOf(estimates)
      },
    }
  }

function following(name: string, limits: Choice, believed: () => Beliefs): Policy {
  return {
    name,
    decide({ now, tip, slots, queue, builds }: LaneView) {
      const { land, blame, start, cancel, until } = plan(
        queue,
        { tip, builds, tries: [], now },
        { slots, speculation: 0.15, batch_max: 50, batch_wait: 0, ...limits },
        believed(),
      )
      return { land: land?.build ?? null, reject: blame.map(({ member }) => member), start, cancel, until }
    },
  }
}

function eventsOf(happened: Happened): EstimateEvent[] {
  if (happened.what !== 'concluded')
    return happened.members.map(() => ({ type: 'member_judged', good: happened.what === 'landed', was_red: false }))
  const { build, took } = happened
  const passed = build.verdict === 'passed'
  const confirmation = build.purpose === 'confirm'
  return [{ type: 'build_judged', tree: treeOf(build), passed, confirmation, seconds: took, checks: [] }]
}

/** A tree is what it holds; only a confirmation's matters, which follows its failure on the same tip. */
const treeOf = ({ base, members }: KnownBuild): string => `${base}+${members.length}+${members.at(-1)?.pull}`
