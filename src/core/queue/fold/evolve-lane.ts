/** Folds the log into a lane. Each event changes what it names; which rows those are is in the files beside it. */
import { threadOf } from '../../events/shapes.ts'
import type { LoggedEvent } from '../../events.ts'
import { instant } from '../../ids.ts'
import type { Lane } from '../lane.ts'
import { cutoverAccepted, shadowBegan, shadowEnds, shadowJudged } from '../shadow/shadow.ts'
import { concluded, landed, planned, refused, rerunRefused, withBuild, withdrawn } from './builds.ts'
import { blocked, completed, declaredAgain, left, queued, retargeted, settled, tidied } from './entries.ts'
import { clearFailures } from './failures.ts'
import { followUpClosed, followUpFailed, followUpObserved, withFollowUp } from './follow-ups.ts'
import { learned, reddened } from './learned.ts'
import { looked, recount, touched } from './observed.ts'
import { commandAnswered, keyOf, resumeAnswered, resumeRequested } from './requests.ts'
import { put, without } from './table.ts'
import { compared, targetMoved } from './target.ts'
import { tryConcluded, tryInterrupted, tryPlanned, tryRequested } from './tries.ts'

/** Folds one event into its lane. Total: an outcome about something no longer open changes only what has to be tidied. */
export function evolveLane(lane: Lane, event: LoggedEvent): Lane {
  const next = learned(lane, apply(lane, event), event)
  return event.type === 'effect_failed' ? next : clearFailures(next, event)
}

function apply(lane: Lane, event: LoggedEvent): Lane {
  switch (event.type) {
    case 'target_moved':
      return targetMoved(lane, event)
    case 'target_compared':
      return compared(lane, event.payload)
    case 'settings_touched':
      return touched(lane, event.payload)
    case 'lane_observed':
      return looked(lane, event.payload)
    case 'pull_request_observed':
    case 'review_approved':
    case 'review_retracted':
    case 'conversation_touched':
      return { ...lane, observed: { ...lane.observed, pulls: recount(lane, event.payload.pull) } }
    case 'lane_held':
      return event.payload.target === lane.target
        ? {
            ...lane,
            hold: { ...event.payload, since: event.recorded_at },
            moved: event.payload.reason === 'foreign_force_push' ? null : lane.moved,
          }
        : lane
    case 'lane_released':
      return event.payload.target === lane.target ? { ...lane, hold: null } : lane
    case 'command_requested':
      return {
        ...lane,
        commands: put(lane.commands, keyOf(event.payload), { ...event.payload, position: event.position }),
      }
    case 'command_answered':
      return commandAnswered(lane, event.payload)
    case 'command_acknowledged':
      return { ...lane, replies: without(lane.replies, threadOf(event.payload)) }
    case 'resume_requested':
      return resumeRequested(lane, event)
    case 'resume_answered':
      return resumeAnswered(lane, event.payload)
    case 'resume_acknowledged':
      return { ...lane, answers: without(lane.answers, event.payload.request) }
    case 'finalize_ready':
      return declaredAgain(lane, event.payload)
    case 'candidate_queued':
      return queued(lane, event)
    case 'candidate_superseded':
      return left(lane, event.payload.pull, {
        sha: event.payload.sha,
        how: 'superseded',
        reason: 'newer_head',
        position: event.position,
      })
    case 'candidate_dequeued':
      return left(lane, event.payload.pull, {
        sha: event.payload.sha,
        how: 'dequeued',
        reason: event.payload.reason,
        position: event.position,
      })
    case 'build_planned':
      return tryPlanned(planned(lane, event), event.payload)
    case 'shadow_began':
      return shadowBegan(lane, event)
    case 'shadow_judged':
      return shadowJudged(lane, event.payload)
    case 'cutover_accepted':
      return cutoverAccepted(lane, event.payload)
    case 'config_changed':
      return shadowEnds(lane, event.payload) ? { ...lane, shadow: null } : lane
    case 'build_published':
      return withBuild(lane, event.payload.build, (build) => ({
        ...build,
        published: { ...event.payload, position: event.position },
      }))
    case 'assembly_refused':
      return refused(lane, event)
    case 'build_concluded':
      return tryInterrupted(concluded(lane, event), event.payload)
    case 'rerun_refused':
      return rerunRefused(lane, event)
    case 'build_withdrawn':
      return withdrawn(lane, event)
    case 'try_requested':
      return tryRequested(lane, event)
    case 'try_concluded':
      return tryConcluded(lane, event.payload)
    case 'try_told':
      return { ...lane, tries: without(lane.tries, event.payload.request) }
    case 'landing_planned':
      return { ...lane, landing: { ...event.payload, position: event.position, concluded: null } }
    case 'landing_concluded':
      return landed(lane, event)
    case 'integration_completed':
      // Other lanes hear of it for what depends on it.
      return event.lane === null || event.lane === lane.target ? completed(lane, event) : lane
    case 'integration_blocked':
      return blocked(lane, event)
    case 'follow_up_opened':
    case 'follow_up_updated':
      return withFollowUp(lane, event.payload.pull, {
        issue: event.payload.issue,
        marker: event.payload.marker,
        content: event.payload.content,
        state: 'open',
        error: null,
      })
    case 'follow_up_closed':
      return followUpClosed(lane, event.payload)
    case 'follow_up_failed':
      return followUpFailed(lane, event.payload)
    case 'follow_up_observed':
      return followUpObserved(lane, event)
    case 'check_run_written': {
      const { pull, sha, check_run, node = null, content } = event.payload
      const surface = lane.surfaces[pull] ?? { check_run: null, comment: null }
      return {
        ...lane,
        surfaces: put(lane.surfaces, pull, {
          ...surface,
          check_run: { id: check_run, node, sha, content, written_at: event.occurred_at },
        }),
      }
    }
    case 'config_reported':
      return { ...lane, config_reports: put(lane.config_reports, event.payload.branch, event.payload.commit) }
    case 'comment_written': {
      const { pull, comment, content } = event.payload
      const surface = lane.surfaces[pull] ?? { check_run: null, comment: null }
      return { ...lane, surfaces: put(lane.surfaces, pull, { ...surface, comment: { id: comment, content } }) }
    }
    case 'head_branch_concluded':
      return tidied(lane, event.payload.pull, { head_branch: event.payload.result })
    case 'pull_closed':
      return tidied(lane, event.payload.pull, { closed: true })
    case 'pull_retargeted':
      return retargeted(lane, event.payload)
    case 'candidate_settled':
      return settled(lane, event.payload.pull)
    case 'effect_failed': {
      const { effect, subject, failure, message, attempt, retry_at } = event.payload
      return {
        ...lane,
        failures: put(lane.failures, `${effect}:${subject}`, {
          failure,
          message,
          attempt,
          retry_at: instant(retry_at),
        }),
      }
    }
    case 'check_reported':
      return reddened(lane, event.payload)
    // Judged with the pull request, the repository or the checks they belong to, not with the lane.
    case 'branch_pushed':
    case 'pull_request_examined':
    case 'protection_observed':
    case 'permission_observed':
    case 'team_observed':
    case 'config_proposed':
    case 'repository_observed':
    case 'repository_named':
    case 'finalize_withdrawn':
    case 'delegated':
    case 'undelegated':
      return lane
    default:
      return event satisfies never
  }
}
