/** How GitHub shows the rules of a ruleset. */
import type { Rule } from '../rules/rules.ts'
import type { Json } from './actors.ts'

export function rulePayload(rule: Rule): Json {
  switch (rule.type) {
    case 'required_status_checks':
      return {
        type: rule.type,
        parameters: {
          strict_required_status_checks_policy: rule.strict ?? false,
          do_not_enforce_on_create: false,
          required_status_checks: rule.checks.map((check) => ({
            context: check.context,
            ...(check.appId === undefined ? {} : { integration_id: check.appId }),
          })),
        },
      }
    case 'pull_request':
      return {
        type: rule.type,
        parameters: {
          required_approving_review_count: rule.approvals ?? 0,
          dismiss_stale_reviews_on_push: rule.dismissStale ?? false,
          require_code_owner_review: rule.codeOwners ?? false,
          require_last_push_approval: rule.lastPush ?? false,
          required_review_thread_resolution: rule.threads ?? false,
          allowed_merge_methods: ['merge', 'squash', 'rebase'],
        },
      }
    case 'update':
      return { type: rule.type, parameters: { update_allows_fetch_and_merge: false } }
    case 'creation':
    case 'deletion':
    case 'non_fast_forward':
    case 'required_linear_history':
    case 'required_signatures':
      return { type: rule.type }
    default: {
      const unknown: never = rule
      return unknown
    }
  }
}
