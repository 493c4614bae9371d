/**
 * The requirement that the head's own checks passed, where the configuration waits for them. It judges the head commit
 * only; what a build has to prove is decided on the build's commit.
 */
import type { CheckResult, Evidence } from '../../events/shapes.ts'
import { judgeChecks, OWN_CHECK, requiredContexts } from '../checks.ts'
import { met, type Requirement, unknown, unmet } from '../requirement.ts'

export const checksPassed: Requirement = {
  code: 'checks_passed',
  asks: 'Every required check of the head passed: those of protection and rulesets, and those of `checks.required`. Check runs of a build that is the same commit do not count. Asked where `ready.checks` is `wait`.',
  reasons: { unmet: ['checks_failed', 'checks_missing', 'checks_pending'], unknown: ['protection_unknown'] },
  changesWith: ['check_reported', 'protection_observed', 'config_changed', 'pull_request_observed'],
  evaluate({ seen, view, config, target }) {
    if (config.ready.checks === 'build') return null
    const required = requiredContexts(view.repository, target, config)
    if (required === 'unknown') return unknown('protection_unknown', `what ${target} requires is not known yet`)
    // Whether nothing is enough to land on is the lane's to say (`no_required_checks`), not the head's.
    if (required.length === 0) return met(`${target} requires no check`, [], 'none_required')
    const results = judgeChecks(required, view.checks.get(seen.sha) ?? [], {
      neutral: config.checks.neutral,
      ownCheck: OWN_CHECK,
      head: true,
    })
    const failed = results.filter(({ state }) => state === 'failed' || state === 'cancelled' || state === 'timed_out')
    const missing = results.filter(({ state }) => state === 'missing')
    const pending = results.filter(({ state }) => state === 'pending')
    if (failed.length > 0) return unmet('checks_failed', failed.map(describe).join(', '), failed.map(evidenceOf))
    if (missing.length > 0)
      return {
        ...unmet('checks_missing', `not reported: ${names(missing)}`, missing.map(evidenceOf)),
        awaits: names(missing),
      }
    if (pending.length > 0)
      return {
        ...unmet('checks_pending', `still running: ${names(pending)}`, pending.map(evidenceOf)),
        awaits: names(pending),
      }
    return met(`passed: ${names(results)}`, results.map(evidenceOf))
  },
}

const names = (results: readonly CheckResult[]): string => results.map(({ context }) => context).join(', ')

const describe = ({ context, state, conclusion }: CheckResult): string => {
  const how = (conclusion ?? state).replaceAll('_', ' ')
  return how === 'failure' ? `${context} failed` : `${context} ended as ${how}`
}

const evidenceOf = ({ context, state, url }: CheckResult): Evidence => ({
  kind: 'check',
  text: `${context}: ${state.replaceAll('_', ' ')}`,
  ...(url === null ? {} : { url }),
})
