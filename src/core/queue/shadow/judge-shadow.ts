/**
 * What a lane in mode shadow does: it records what it would have done about each candidate, by readiness and order alone.
 * Nothing is assembled, so whether a build would conflict or fail is not known here, and not guessed at.
 */
import type { PayloadOf } from '../../events.ts'
import { iso } from '../../ids.ts'
import { chosenMethod, impossibleMethod } from '../../landing-method.ts'
import { requiredContexts } from '../../readiness/checks.ts'
import type { PullRequest } from '../../readiness/pull-request.ts'
import { blockedBecause } from '../../render/words/headline.ts'
import { event, isProtectionDue, type Judgement, perform, type Rule, record } from '../judgement.ts'
import type { Entry } from '../lane.ts'
import { inOrder } from '../order.ts'
import { MAX_WORDS } from '../rules/builds/fitting.ts'
import { nothingProves } from '../rules/builds/verdicts.ts'

type Waits = PayloadOf<'shadow_judged'>['waits']

/** From here on is compared. A shadow that was accepted goes on as long as nothing was landed after it. */
export const beginShadow: Rule = (judgement) =>
  judgement.lane.shadow ? null : record([event(judgement, 'shadow_began', { began_at: iso(judgement.now) })])

/** Builds of the time when the lane was live are not to be landed any more; their members keep their places. */
export const takeBack: Rule = (judgement) => {
  const under = Object.values(judgement.lane.builds).filter(({ spent }) => !spent)
  return record(
    under.map(({ build, checks }) =>
      event(judgement, 'build_concluded', {
        build,
        verdict: 'obsolete',
        checks: [...checks],
        concluded_at: iso(judgement.now),
      }),
    ),
  )
}

/** Reads what GitHub demands of the target; a lane that lands does so when it plans a build. */
export const observeRules: Rule = (judgement) => {
  if (!isProtectionDue(judgement) || judgement.view.pulls.size === 0) return null
  const look = { effect: 'observe-protection' as const }
  return judgement.due(look) ? perform([look]) : null
}

/** Says of each candidate what would be done, whenever that is something else than what was last said of it. */
export const judgeShadow: Rule = (judgement) => {
  const { lane, view, now } = judgement
  const order = inOrder(lane)
  const events = [...view.pulls.values()].flatMap((pull) => {
    const { seen } = pull
    const waits = seen && waitsOf(judgement, pull)
    if (!seen || !waits) return []
    const { branch, sha } = seen
    const verdict = waits.length === 0 ? ('land' as const) : ('wait' as const)
    const last = lane.shadow?.judged[pull.number]
    const reasons = waits.map(({ reason }) => reason)
    if (last?.sha === sha && last.verdict === verdict && last.reasons.join() === reasons.join()) return []
    const behind = verdict === 'land' ? ahead(order, pull.number) : []
    return [
      event(judgement, 'shadow_judged', {
        pull: pull.number,
        branch,
        sha,
        verdict,
        behind,
        waits,
        judged_at: iso(now),
      }),
    ]
  })
  return record(events)
}

const ahead = (order: readonly Entry[], pull: number): number[] =>
  order
    .slice(
      0,
      Math.max(
        0,
        order.findIndex((entry) => entry.pull === pull),
      ),
    )
    .map((entry) => entry.pull)

/** What a candidate would wait for, nothing when it would be landed; null where that is not known yet. */
function waitsOf(judgement: Judgement, pull: PullRequest): Waits | null {
  const { lane } = judgement
  const { seen, number } = pull
  if (!seen || pull.uncertain || seen.state !== 'open' || seen.base !== lane.target) return null
  const block = lane.blocks[number]
  if (block?.sha === seen.sha) {
    const words = blockedBecause({ ...block, evidence: block.conflict_evidence })
    return [waitFor('blocked', block.reason, words)]
  }
  const { requirements } = judgement.readiness(pull)
  const unmet = requirements.filter(({ status }) => status === 'unmet')
  if (unmet.length > 0) return unmet.map(({ code, reason, words }) => waitFor(code, reason, words))
  if (requirements.some(({ status }) => status === 'unknown')) return null
  const left = lane.ended[number]
  if (lane.entries[number]?.sha !== seen.sha)
    return left?.sha === seen.sha ? [waitFor('left', left.reason, `It left the queue: ${left.reason}`)] : null
  return lanesOwn(judgement, seen.labels)
}

/** What would have stopped the lane at the next build. */
function lanesOwn({ lane, view, config }: Judgement, labels: readonly string[]): Waits | null {
  const required = requiredContexts(view.repository, lane.target, config)
  if (required === 'unknown') return null
  if (nothingProves(required, config))
    return [waitFor('held', 'no_required_checks', `No check is required of ${lane.target}`)]
  const rules = view.repository.protections[lane.target]?.rules ?? []
  const impossible = impossibleMethod(rules, chosenMethod(labels, config).method, config.land.mode)
  return impossible ? [waitFor('held', impossible.reason, `${lane.target} ${impossible.words}`)] : []
}

const waitFor = (code: string, reason: string, words: string): Waits[number] => ({
  code,
  reason,
  words: words.slice(0, MAX_WORDS),
})
