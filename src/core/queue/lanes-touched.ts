/**
 * Which lanes an event can change the judgement of, and which pull requests it is folded into. It is a function of the
 * event and of which lanes there are; it folds nothing itself.
 */
import { type EventType, type LoggedEvent, pullOf } from '../events.ts'
import { REPOSITORY_LANE } from '../ids.ts'

export interface LanesKnown {
  /** Every lane of the repository, with its own. */
  readonly lanes: readonly string[]
  /** The base of the pull request that the event names, before and after it; null where that is unknown. */
  readonly base: { readonly before: string | null; readonly after: string | null }
}

/** The lanes whose version the event raises and into which it is folded; only ones that there are, each once. */
export function lanesTouched(event: LoggedEvent, known: LanesKnown): string[] {
  const wanted = candidates(event, known)
  const touched = known.lanes.filter((lane) => wanted.includes(lane))
  if (touched.length === 0 && event.type === 'pull_request_observed')
    return known.lanes.filter((lane) => lane === REPOSITORY_LANE)
  return touched
}

function candidates(event: LoggedEvent, { lanes, base }: LanesKnown): readonly (string | null)[] {
  const targets = lanes.filter((lane) => lane !== REPOSITORY_LANE)
  switch (event.type) {
    case 'pull_request_observed':
      // What was merged or closed may be what a pull request of any lane depends on.
      return event.payload.state === 'open' ? [base.before, base.after] : [base.before, base.after, ...targets]
    case 'pull_request_examined':
    case 'config_proposed':
    case 'review_approved':
    case 'review_retracted':
    case 'conversation_touched':
    case 'resume_requested':
      return [base.before, base.after]
    case 'command_requested':
      // Typed before its pull request was heard of: kept wherever it may turn out to belong.
      return base.before === null && base.after === null ? targets : [base.before, base.after]
    case 'target_moved':
      return [event.payload.branch]
    case 'lane_held':
    case 'lane_released':
    case 'cutover_accepted':
    case 'follow_up_observed':
      return [event.payload.target]
    case 'config_changed':
    case 'repository_observed':
    case 'repository_named':
    case 'settings_touched':
      return lanes
    case 'branch_pushed':
    case 'check_reported':
    case 'protection_observed':
    case 'permission_observed':
    case 'team_observed':
    // What landed may be what a pull request of any lane depends on.
    case 'integration_completed':
      return targets
    case 'finalize_ready':
    case 'finalize_withdrawn':
    case 'candidate_queued':
    case 'candidate_superseded':
    case 'candidate_dequeued':
    case 'candidate_settled':
    case 'build_planned':
    case 'build_published':
    case 'build_concluded':
    case 'build_withdrawn':
    case 'rerun_refused':
    case 'assembly_refused':
    case 'landing_planned':
    case 'landing_concluded':
    case 'integration_blocked':
    case 'shadow_began':
    case 'shadow_judged':
    case 'resume_answered':
    case 'command_answered':
    case 'lane_observed':
    case 'target_compared':
    case 'pull_closed':
    case 'pull_retargeted':
    case 'head_branch_concluded':
    case 'follow_up_opened':
    case 'follow_up_updated':
    case 'follow_up_closed':
    case 'follow_up_failed':
    case 'check_run_written':
    case 'comment_written':
    case 'config_reported':
    case 'command_acknowledged':
    case 'resume_acknowledged':
    case 'effect_failed':
    case 'delegated':
    case 'undelegated':
    case 'try_requested':
    case 'try_concluded':
    case 'try_told':
      return [event.lane]
    default:
      return event satisfies never
  }
}

const FOLDED_INTO_PULL: ReadonlySet<EventType> = new Set<EventType>([
  'pull_request_observed',
  'pull_request_examined',
  'config_proposed',
  'review_approved',
  'review_retracted',
  'conversation_touched',
  'finalize_ready',
  'finalize_withdrawn',
  'delegated',
  'undelegated',
  'integration_completed',
])

/** The pull requests whose own state the event is part of. */
export function pullsTouched(event: LoggedEvent): readonly number[] {
  if (event.type === 'lane_observed') return event.payload.scope === 'pulls' ? event.payload.pulls : []
  const pull = FOLDED_INTO_PULL.has(event.type) ? pullOf(event) : undefined
  return pull === undefined ? [] : [pull]
}

const LANE_BY_BASE: ReadonlySet<EventType> = new Set<EventType>([
  'pull_request_observed',
  'pull_request_examined',
  'config_proposed',
  'review_approved',
  'review_retracted',
  'conversation_touched',
  'resume_requested',
  'command_requested',
])

/** The pull request whose base tells which lane the event belongs to; null where something else does. */
export const pullDeciding = (event: LoggedEvent): number | null =>
  LANE_BY_BASE.has(event.type) ? (pullOf(event) ?? null) : null
