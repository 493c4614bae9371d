/** Pull requests of which only something unknown is missing are looked at live, with patience that grows. */
import { allows } from '../../config.ts'
import type { Instant } from '../../ids.ts'
import { isItsOwn } from '../../readiness/evaluate.ts'
import type { PullRequest } from '../../readiness/pull-request.ts'
import { isTeam } from '../../readiness/requirements/owners.ts'
import { decidersOf, type Judgement, observe, PERMISSION_FRESH, perform, type Rule } from '../judgement.ts'

/** How many pull requests one GraphQL document holds. */
const AT_ONCE = 20
/** Seconds between looks at one pull request that stays unknown. */
const PATIENCE = [0, 1, 2, 5, 10, 30, 60] as const

export const observeUnknowns: Rule = (judgement) => {
  const unknown = [...judgement.view.pulls.values()].filter((pull) => onlyUnknown(judgement, pull))
  const due: number[] = []
  for (const pull of unknown) {
    const at = dueAt(judgement, pull)
    if (at <= judgement.now) due.push(pull.number)
    else judgement.lookAgain(at)
  }
  if (due.length === 0) return null
  const protection = { effect: 'observe-protection' as const }
  // No look at a pull request tells what the target demands.
  if (!judgement.view.repository.protections[judgement.lane.target] && judgement.due(protection))
    return perform([protection])
  const look = observe(judgement, withUnseen(judgement, due).slice(0, AT_ONCE))
  return judgement.due(look) ? perform([look]) : null
}

/** With the pull requests that they depend on and that nobody looked at yet. */
function withUnseen({ view, lane }: Judgement, pulls: readonly number[]): number[] {
  const named = pulls.flatMap((number) => view.pulls.get(number)?.seen?.depends_on ?? [])
  const unseen = named.filter(
    (number) => !view.pulls.has(number) && !view.others.has(number) && !lane.observed.pulls[number],
  )
  return [...new Set([...pulls, ...unseen])]
}

/** Looks again at reviewers whose right was missing: at once where it was touched, else patiently, for not every change of it is told. */
export const lookUpPowerless: Rule = (judgement) => {
  const { lane, view, config, now } = judgement
  const users = new Set<string>()
  for (const pull of view.pulls.values()) {
    if (pull.seen?.state !== 'open' || pull.seen.base !== lane.target) continue
    for (const decider of decidersOf(pull, config)) {
      const login = decider.toLowerCase()
      const permission = view.permissions.get(login)
      // Who belongs to a team is not told by any webhook that names its repositories.
      const mayBe = isTeam(login) ? false : permission === undefined || allows(permission, config.permissions.approve)
      if (mayBe || (isTeam(login) && view.repository.teams[login] === undefined)) continue
      const at = (lane.observed.users[login] ?? 0) + PERMISSION_FRESH
      if (at <= now) users.add(login)
      else judgement.lookAgain(at)
    }
  }
  const look = { effect: 'observe-pulls' as const, pulls: [], users: [...users].sort() }
  return users.size > 0 && judgement.due(look) ? perform([look]) : null
}

function onlyUnknown(judgement: Judgement, pull: PullRequest): boolean {
  if (pull.landed && pull.landed.sha === pull.seen?.sha) return false
  if (pull.seen !== null && pull.seen.base !== judgement.lane.target) return false
  if (pull.uncertain) return true
  const readiness = judgement.readiness(pull)
  if (readiness.status === 'ready') return false
  const requirements = readiness.requirements.filter(isItsOwn)
  return (
    requirements.some(({ status }) => status === 'unknown') && !requirements.some(({ status }) => status === 'unmet')
  )
}

function dueAt({ lane }: Judgement, pull: PullRequest): Instant {
  const looked = lane.observed.pulls[pull.number]
  if (!looked) return 0
  return looked.at + (PATIENCE[Math.min(looked.times, PATIENCE.length - 1)] ?? 60) * 1000
}
