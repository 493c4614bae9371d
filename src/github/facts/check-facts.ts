/**
 * Check runs and commit statuses as facts, in the words that webhooks use: GraphQL's capitals and REST's fields become one
 * vocabulary. It judges no check and knows no requirement.
 */
import { checkThing, STATUS_RANK } from '../../core/events/checks.ts'
import type { NewEvent, PayloadOf } from '../../core/events.ts'

type CheckFact = NewEvent<'check_reported'>
type CheckPayload = PayloadOf<'check_reported'>

/** A check run as REST gives it; `branch` is its suite's head branch. */
export interface RestCheckRun {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly conclusion: string | null
  readonly details_url: string | null
  readonly started_at: string | null
  readonly completed_at: string | null
  readonly app: { readonly id: number; readonly slug?: string } | null
  readonly check_suite: { readonly id: number } | null
}

export interface RestStatus {
  readonly id: number
  readonly state: string
  readonly context: string
  readonly target_url: string | null
  readonly updated_at: string
}

/** `at`: when it was read, for what GitHub gives no time of. */
export function checkRunFact(sha: string, run: RestCheckRun, branch: string | null, at: string): CheckFact {
  const status = statusOf(run.status)
  const started_at = run.started_at ?? null
  // A run that was begun again may still show how it ended before.
  const completed_at = status === 'completed' ? (run.completed_at ?? null) : null
  return {
    type: 'check_reported',
    payload: {
      sha,
      branch,
      context: run.name,
      app: run.app?.slug ?? null,
      app_id: run.app?.id ?? null,
      status,
      conclusion: status === 'completed' ? (run.conclusion?.toLowerCase() ?? null) : null,
      run: run.id,
      url: run.details_url ?? null,
      started_at,
      completed_at,
    },
    occurred_at: completed_at ?? started_at ?? at,
    source: 'read',
  }
}

/** A commit status: its id counts upwards, so that the newest of a context is the highest. */
export function statusFact(sha: string, status: RestStatus): CheckFact {
  const pending = status.state === 'pending'
  return {
    type: 'check_reported',
    payload: {
      sha,
      branch: null,
      context: status.context,
      app: null,
      app_id: null,
      status: pending ? 'in_progress' : 'completed',
      conclusion: pending ? null : status.state === 'success' ? 'success' : 'failure',
      run: status.id,
      url: status.target_url,
      started_at: null,
      completed_at: pending ? null : status.updated_at,
    },
    occurred_at: status.updated_at,
    source: 'read',
  }
}

/** Of each thing the newest only: a read tells the state, not the history. */
export function newestChecks(facts: readonly CheckFact[]): CheckFact[] {
  const newest = new Map<string, CheckFact>()
  for (const fact of facts) {
    const thing = checkThing(fact.payload)
    const known = newest.get(thing)
    if (!known || isNewer(fact.payload, known.payload)) newest.set(thing, fact)
  }
  return [...newest.values()]
}

function isNewer(a: CheckPayload, b: CheckPayload): boolean {
  if (a.run !== b.run) return a.run > b.run
  return (STATUS_RANK[a.status] ?? 0) > (STATUS_RANK[b.status] ?? 0)
}

/** GitHub knows more words for "not begun" (waiting, requested, pending) than matter to anyone. */
function statusOf(status: string): CheckPayload['status'] {
  const lower = status.toLowerCase()
  return lower === 'completed' || lower === 'in_progress' ? lower : 'queued'
}
