/** Builds from plan to verdict, and the landing that is under way. */
import type { LoggedEvent } from '../../events.ts'
import type { Build, Lane } from '../lane.ts'
import { put } from './table.ts'
import { movedTo } from './target.ts'

/** Marks builds as spent and puts their other members back where they were. */
export function returnMembers(lane: Lane, which: (build: Build) => boolean, except: number | null): Lane {
  let { builds, entries } = lane
  for (const build of Object.values(lane.builds)) {
    if (build.spent || !which(build)) continue
    builds = put(builds, build.build, { ...build, spent: true })
    for (const { pull } of build.members) {
      const entry = entries[pull]
      if (entry && pull !== except) entries = put(entries, pull, { ...entry, status: 'queued' })
    }
  }
  return { ...lane, builds, entries }
}

export function planned(lane: Lane, event: LoggedEvent<'build_planned'>): Lane {
  const build: Build = {
    ...event.payload,
    position: event.position,
    published: null,
    refusal: null,
    verdict: null,
    checks: [],
    spent: false,
  }
  let { entries } = lane
  for (const { pull } of build.members) {
    const entry = entries[pull]
    if (entry) entries = put(entries, pull, { ...entry, status: 'in_progress', waits_for: null })
  }
  return { ...lane, entries, builds: put(lane.builds, build.build, build), builds_planned: lane.builds_planned + 1 }
}

export const withBuild = (lane: Lane, id: string, change: (build: Build) => Build): Lane => {
  const build = lane.builds[id]
  return build ? { ...lane, builds: put(lane.builds, id, change(build)) } : lane
}

export function concluded(lane: Lane, event: LoggedEvent<'build_concluded'>): Lane {
  const { build: id, verdict, checks } = event.payload
  const started = verdict === 'passed' || verdict === 'failed' || verdict === 'timed_out'
  const after = withBuild(lane, id, (build) => ({ ...build, verdict, checks }))
  const next = started ? { ...after, ci_seen: event.position } : after
  // A pass stays until it has landed; everything else has said what it had to say.
  if (verdict === 'passed') return next
  const back = returnMembers(next, (build) => build.build === id, null)
  if (verdict !== 'never_started' && verdict !== 'cancelled') return back
  let { entries } = back
  for (const { pull } of lane.builds[id]?.members ?? []) {
    const entry = entries[pull]
    if (!entry) continue
    const counted = verdict === 'cancelled' ? { cancelled: entry.cancelled + 1 } : { silent: entry.silent + 1 }
    entries = put(entries, pull, { ...entry, ...counted })
  }
  return { ...back, entries }
}

export function landed(lane: Lane, event: LoggedEvent<'landing_concluded'>): Lane {
  const { landing } = lane
  if (landing?.build !== event.payload.build) return lane
  const { result, target } = event.payload
  if (result === 'landed') return { ...lane, tip: target, landing: { ...landing, concluded: event.payload } }
  const after = result === 'moved' && target !== lane.tip ? movedTo(lane, target) : lane
  const stays = result === 'refused' ? { ...landing, concluded: event.payload } : null
  return returnMembers({ ...after, landing: stays }, (build) => build.build === landing.build, null)
}
