/**
 * What one event changed in a lane, as rows that people look up: queue entries, builds, follow-ups. A row stays when the
 * lane forgets what it was about: it is the history. It judges nothing.
 */
import type { LoggedEvent } from '../../core/events.ts'
import { type Build, type Lane, pullsOf, statusOf } from '../../core/queue/lane.ts'
import type { BuildRow, EntryRow, FollowUpRow } from './model-rows.ts'

export interface LaneRows {
  readonly entries: readonly EntryRow[]
  readonly builds: readonly BuildRow[]
  readonly followUps: readonly FollowUpRow[]
}

/** The rows that have to be written after the event made the lane `after` of `before`. */
export function projectLane(before: Lane, after: Lane, event: LoggedEvent): LaneRows {
  return {
    entries: entryRows(before, after, event.position),
    builds: buildRows(before, after, event),
    followUps: followUpRows(before, after, event.position),
  }
}

function entryRows(before: Lane, after: Lane, position: number): EntryRow[] {
  if (before.entries === after.entries && before.blocks === after.blocks && before.ended === after.ended) return []
  const { repository, target } = after
  return pullsOf(after).flatMap((pull) => {
    const was = statusOf(before, pull)
    const is = statusOf(after, pull)
    if (!is || (was && JSON.stringify(was) === JSON.stringify(is))) return []
    const { status, sha, place, reason } = is
    return [{ repository, target, pull, sha, status, place, reason, position }]
  })
}

function buildRows(before: Lane, after: Lane, event: LoggedEvent): BuildRow[] {
  if (before.builds === after.builds) return []
  const changed = Object.values(after.builds).filter((build) => before.builds[build.build] !== build)
  const gone = Object.values(before.builds).filter((build) => !(build.build in after.builds))
  const left = event.type === 'integration_completed' ? 'landed' : 'withdrawn'
  return [
    ...changed.map((build) => buildRow(after, build, stageOf(build), event.position)),
    ...gone.map((build) => buildRow(after, build, left, event.position)),
  ]
}

const buildRow = ({ repository, target }: Lane, doc: Build, stage: BuildRow['stage'], position: number): BuildRow => ({
  repository,
  target,
  build: doc.build,
  stage,
  sha: doc.published?.sha ?? null,
  tree: doc.published?.tree ?? null,
  verdict: doc.verdict,
  members: doc.members,
  position,
  doc,
})

function stageOf(build: Build): 'spent' | 'concluded' | 'refused' | 'published' | 'planned' {
  if (build.spent) return 'spent'
  if (build.verdict !== null) return 'concluded'
  if (build.refusal !== null) return 'refused'
  return build.published === null ? 'planned' : 'published'
}

function followUpRows(before: Lane, after: Lane, position: number): FollowUpRow[] {
  if (before.follow_ups === after.follow_ups) return []
  const { repository, target } = after
  return Object.entries(after.follow_ups)
    .filter(([pull, doc]) => before.follow_ups[pull] !== doc)
    .map(([pull, doc]) => ({
      repository,
      target,
      pull: Number(pull),
      issue: doc.issue,
      state: doc.state,
      position,
      doc,
    }))
}
