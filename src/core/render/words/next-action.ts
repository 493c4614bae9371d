/**
 * What somebody has to do: one sentence for each reason to be blocked, and one for each requirement that is not met. It
 * knows neither who that is nor where it is shown.
 */
import type { BlockCode } from '../../events/decisions.ts'
import { short } from '../../ids.ts'
import { WINDOW_CLOSED } from '../../queue/hold/standing-hold.ts'
import type { Explanation } from '../../readiness/explanation.ts'
import type { Verdict } from '../../readiness/requirement.ts'

/** What unblocks a candidate that was blocked for this reason. */
export function nextAction(reason: BlockCode): string {
  switch (reason) {
    case 'merge_conflict':
      return 'Merge the target branch into this one, resolve the conflict and push. The new commit is queued by itself as soon as it is approved.'
    case 'checks_failed':
      return 'Fix what the checks found and push; the new commit is queued by itself as soon as it is approved. If they failed by chance, re-run them: once green, the work is taken up again.'
    case 'checks_timed_out':
      return 'Find out why the checks did not finish, then resume.'
    case 'ci_never_started':
      return 'Make the required checks run on pushes to mainkeeper/queue/**, then resume.'
    case 'assembly_refused':
      return 'Remove what GitHub names in its message, then resume.'
    case 'permission_missing':
      return 'Give the App the permission that GitHub names, in the settings of its installation, then resume.'
    case 'protection_refused':
      return 'Satisfy the rule that GitHub names, or let the App pass it, then resume.'
    case 'too_large':
      return 'Split the pull request, or bring it under 250 commits, and push.'
    case 'branch_behind':
      return 'Bring the branch up to date with the target, by a rebase or a merge, and push. The new commit is queued by itself as soon as it is approved.'
    default:
      return reason satisfies never
  }
}

type Facts = Pick<Explanation, 'status' | 'requirements' | 'blocked' | 'hold' | 'paused' | 'target' | 'sha'>

/** What somebody has to do now; null when it goes on by itself. */
export function nextStep(facts: Facts): string | null {
  switch (facts.status) {
    case 'blocked':
      return facts.blocked?.resume === 'remembered' ? stepFor(facts) : (facts.blocked?.next_action ?? null)
    case 'waiting':
      return stepFor(facts)
    case 'held':
      return heldStep(facts)
    case 'left':
      return 'Comment /merge to queue it again.'
    case 'ready':
    case 'queued':
    case 'testing':
    case 'landing':
    case 'landed':
    case 'closed':
      return null
    default:
      return facts.status satisfies never
  }
}

function heldStep({ hold, target }: Facts): string | null {
  if (hold?.reason === WINDOW_CLOSED) return null
  return hold?.reason === 'no_required_checks'
    ? `Require a check of ${target} in its rules, or name some in checks.required of .github/mainkeeper.yml.`
    : 'A maintainer releases the branch with /release.'
}

function stepFor({ requirements, target, sha }: Facts): string | null {
  const verdict = requirements.find(({ status }) => status === 'unmet')
  return verdict ? requirementStep(verdict, target, sha) : null
}

function requirementStep({ code, reason, words }: Verdict, target: string, sha: string | null): string {
  switch (code) {
    case 'open':
      return 'Reopen the pull request.'
    case 'targets_lane':
      return reason === 'stacked' ? 'Land the pull request that it is stacked on.' : `Change its base to ${target}.`
    case 'not_draft':
      return 'Mark it as ready for review.'
    case 'finalize_ready':
      return reason === 'declaration_withdrawn'
        ? 'Comment /merge to declare it finished again.'
        : `Declare it finished (${words}).`
    case 'branch_pushed':
    case 'sha_reachable':
      return 'Push the branch again.'
    case 'not_superseded':
      return 'Declare the new commit finished.'
    case 'not_integrated':
      return 'Nothing is left to land; close the pull request.'
    case 'no_changes_requested':
      return 'Make the requested changes, or have the review dismissed.'
    case 'review_approved':
      return `Have ${sha === null ? 'it' : short(sha)} approved.`
    case 'code_owners_approved':
      return reason === 'team_unreadable'
        ? 'Give the App the permission members: read, or correct CODEOWNERS.'
        : 'Ask an owner of the named files for a review.'
    case 'conversations_resolved':
      return 'Resolve the open conversations.'
    case 'dependencies_landed':
      return reason === 'dependency_open'
        ? 'It goes on when what it depends on has landed.'
        : 'Correct the line “Depends on” in its description.'
    case 'permissions':
      return 'Give the App the permission workflows: write, in the settings of its installation.'
    case 'signatures':
      return 'Sign its commits and push them again, or land it by squash.'
    case 'checks_passed':
      return reason === 'checks_failed' ? 'Fix or re-run the failed checks.' : 'Let the required checks finish.'
    case 'mergeable':
      return `Merge ${target} into the branch, resolve the conflict and push.`
    case 'labels':
      return reason === 'label_missing' ? 'Add the missing label.' : 'Remove the label that holds it back.'
    case 'landing_method':
      return reason === 'methods_conflict'
        ? 'Leave one label that chooses a method, or none.'
        : 'Remove the label, or choose another method by it.'
    case 'lane_open':
      return reason === 'held' ? 'A maintainer releases the branch with /release.' : 'Wait until the branch is open.'
    default:
      return code satisfies never
  }
}
