/** Failures of effects: counted until the effect succeeds. */
import type { LoggedEvent } from '../../events.ts'
import type { Lane } from '../lane.ts'
import { without } from './table.ts'

/** A success of an effect ends the counting of its failures. */
export function clearFailures(lane: Lane, event: LoggedEvent): Lane {
  const key = succeeded(lane, event)
  return key !== null && key in lane.failures ? { ...lane, failures: without(lane.failures, key) } : lane
}

function succeeded({ builds }: Lane, event: LoggedEvent): string | null {
  switch (event.type) {
    case 'lane_observed': {
      const { scope, build } = event.payload
      if (scope === 'pulls' || scope === 'permissions') return 'observe-pulls:lane'
      if (scope === 'protection') return 'observe-protection:lane'
      return scope === 'checks' ? `observe-checks:${build}` : null
    }
    case 'rerun_refused':
      return `rerun-jobs:${event.payload.build}`
    case 'build_published': {
      const { build } = event.payload
      return `${builds[build]?.rerun ? 'rerun-jobs' : 'assemble-build'}:${build}`
    }
    case 'assembly_refused':
      return `assemble-build:${event.payload.build}`
    case 'build_withdrawn':
      return `withdraw-build:${event.payload.build}`
    case 'landing_concluded':
      return `advance-target:${event.payload.build}`
    case 'check_run_written':
      return `show-check-run:${event.payload.pull}`
    case 'config_reported':
      return `show-config-errors:${event.payload.branch}`
    case 'comment_written':
      return `show-comment:${event.payload.pull}`
    case 'follow_up_opened':
    case 'follow_up_updated':
      return `show-follow-up:${event.payload.pull}`
    case 'target_compared':
      return 'observe-target:lane'
    case 'pull_closed':
      return `close-pull:${event.payload.pull}`
    case 'pull_retargeted':
      return `retarget-pull:${event.payload.pull}`
    case 'head_branch_concluded':
      return `delete-head-branch:${event.payload.pull}`
    case 'follow_up_closed':
      return `close-follow-up:${event.payload.pull}`
    case 'command_acknowledged':
      return `answer-command:${event.payload.comment}`
    case 'resume_acknowledged':
      return `answer-resume:${event.payload.request}`
    default:
      return null
  }
}
