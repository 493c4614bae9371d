/** Declarations that follow from what a pull request looks like: finished, or not finished any more. */
import type { NewEvent } from '../../events.ts'
import { iso } from '../../ids.ts'
import type { PullRequest } from '../../readiness/pull-request.ts'
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
  if (!seen || !declared || pull.landed?.sha === declared.sha) return null
  const reason = withdrawnBecause(judgement, pull)
  return reason
    ? event(judgement, 'finalize_withdrawn', { pull: pull.number, sha: declared.sha, by: seen.author, reason })
    : null
}

function withdrawnBecause({ lane, config }: Judgement, { seen, declaration }: PullRequest) {
  if (!seen || !declaration) return null
  if (seen.state !== 'open') return 'closed' as const
  if (seen.base !== lane.target) return 'base_changed' as const
  if (seen.draft) return 'draft' as const
  if (declaration.via === 'label' && !seen.labels.includes(config.ready.label)) return 'label_removed' as const
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
  if (via === 'command' || (via === 'label' && !seen.labels.includes(config.ready.label))) return null
  return event(judgement, 'finalize_ready', {
    pull: pull.number,
    branch: seen.branch,
    sha: seen.sha,
    declared_by: seen.author,
    via,
    ready_at: iso(now),
  })
}
