/** Declarations that follow from what a pull request looks like: finished, or not finished any more. */
import type { NewEvent } from '../../events.ts'
import { iso } from '../../ids.ts'
import type { PullRequest } from '../../readiness/pull-request.ts'
import { isLabelled } from '../../readiness/requirements/declared.ts'
import { event, type Judgement, type Rule, record } from '../judgement.ts'

/** Records `finalize_ready` and `finalize_withdrawn` wherever the observed state differs from what was declared. */
export const declare: Rule = (judgement) => {
  const events: NewEvent[] = []
  for (const pull of judgement.view.pulls.values()) {
    const change = withdrawal(judgement, pull) ?? declaration(judgement, pull)
    if (change) events.push(change)
  }
  return record(events)
}

function withdrawal(judgement: Judgement, pull: PullRequest): NewEvent | null {
  const { seen, declaration: declared } = pull
  if (!seen || (declared && pull.landed?.sha === declared.sha)) return null
  if (!declared) return levelLeft(judgement, pull)
  const reason = withdrawnBecause(judgement, pull)
  return reason
    ? event(judgement, 'finalize_withdrawn', { pull: pull.number, sha: declared.sha, by: seen.author, reason })
    : null
}

/**
 * A declaration that was cancelled comes back by the label, or by auto-merge, only when that was taken away and set again: so
 * that it was taken away is recorded too.
 */
function levelLeft(judgement: Judgement, { number, seen, withdrawn }: PullRequest): NewEvent | null {
  if (!seen || withdrawn?.reason !== 'cancelled' || withdrawn.sha !== seen.sha) return null
  const reason = levelOff(judgement, seen)
  return reason && event(judgement, 'finalize_withdrawn', { pull: number, sha: seen.sha, by: seen.author, reason })
}

/** Where a level declares: why it does not at present; null where it does, or where none does. */
function levelOff({ config }: Judgement, seen: NonNullable<PullRequest['seen']>) {
  const { when, label } = config.ready
  if (when === 'label' && !isLabelled(seen, label)) return 'label_removed' as const
  return when === 'auto_merge' && seen.auto_merge === null ? ('auto_merge_off' as const) : null
}

function withdrawnBecause({ lane, config }: Judgement, { seen, declaration }: PullRequest) {
  if (!seen || !declaration) return null
  if (seen.state !== 'open') return 'closed' as const
  if (seen.base !== lane.target) return 'base_changed' as const
  if (seen.draft) return 'draft' as const
  if (declaration.via === 'label' && !isLabelled(seen, config.ready.label)) return 'label_removed' as const
  if (declaration.via === 'auto_merge' && seen.auto_merge === null) return 'auto_merge_off' as const
  // A declaration is bound to the commit it was made for; without drafts the next commit is declared by being pushed.
  return declaration.sha !== seen.sha && declaration.via !== 'non_draft' ? ('pushed' as const) : null
}

function declaration(judgement: Judgement, pull: PullRequest): NewEvent | null {
  const { config, lane, now } = judgement
  const { seen } = pull
  if (!seen || pull.uncertain || seen.state !== 'open' || seen.draft || seen.base !== lane.target) return null
  if (pull.declaration?.sha === seen.sha || pull.landed?.sha === seen.sha) return null
  if (pull.withdrawn?.sha === seen.sha && pull.withdrawn.reason === 'cancelled') return null
  const via = config.ready.when
  if (via === 'command' || levelOff(judgement, seen) !== null) return null
  return event(judgement, 'finalize_ready', {
    pull: pull.number,
    branch: seen.branch,
    sha: seen.sha,
    declared_by: (via === 'auto_merge' ? seen.auto_merge : null) ?? seen.author,
    via,
    ready_at: iso(now),
  })
}
