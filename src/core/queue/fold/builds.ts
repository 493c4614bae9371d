/**
 * Builds from plan to verdict, and the landing that is under way. A build that ended stays for as long as what it said
 * counts: it stands on the tip, and every member of it still waits.
 */
import type { LoggedEvent } from '../../events.ts'
import { isHeard, nextFault } from '../fault.ts'
import { type Build, isAtWork, type Lane } from '../lane.ts'
import { afterLanding } from '../plan/after-landing.ts'
import { isEvidence } from '../plan/known.ts'
import { put, without } from './table.ts'
import { movedTo } from './target.ts'

/** Marks builds as spent; whoever is in no other is back where it was. */
export function spend(lane: Lane, which: (build: Build) => boolean): Lane {
  const spent = Object.values(lane.builds).filter((build) => !build.spent && which(build))
  const builds = spent.reduce((all, build) => put(all, build.build, { ...build, spent: true }), lane.builds)
  return withStatuses(forgetUseless({ ...lane, builds }))
}

/** What a build says counts as long as it stands on the tip with members that all wait; a pass may name a partner later. */
export function forgetUseless(lane: Lane): Lane {
  const useless = Object.values(lane.builds).filter((build) => build.withdrawn && !stillSays(lane, build))
  return useless.reduce((after, { build }) => ({ ...after, builds: without(after.builds, build) }), lane)
}

/** Whether what it said may still count for somebody who waits. */
export function stillSays({ entries, tip }: Lane, { verdict, base, members, missed, purpose }: Build): boolean {
  if (!isEvidence(verdict) || purpose === 'try') return false
  const waits = ({ pull, sha }: Build['members'][number]): boolean => entries[pull]?.sha === sha
  return verdict === 'passed' ? missed.length > 0 && members.some(waits) : base === tip && members.every(waits)
}

function withStatuses(lane: Lane): Lane {
  const tested = new Set(
    Object.values(lane.builds)
      .filter((build) => isAtWork(build) && build.purpose !== 'try')
      .flatMap(({ members }) => members.map(({ pull }) => pull)),
  )
  let { entries } = lane
  for (const entry of Object.values(lane.entries)) {
    const status = tested.has(entry.pull) ? 'in_progress' : 'queued'
    if (entry.status !== status) entries = put(entries, entry.pull, { ...entry, status })
  }
  return entries === lane.entries ? lane : { ...lane, entries }
}

export function planned(lane: Lane, event: LoggedEvent<'build_planned'>): Lane {
  const build: Build = {
    ...event.payload,
    position: event.position,
    epoch: event.epoch,
    published: null,
    refusal: null,
    verdict: null,
    checks: [],
    spent: false,
    withdrawn: false,
    missed: [],
    rerun_by: null,
  }
  // It lands again: whatever shadow was accepted is over, and another one would be another.
  const builds = put(lane.builds, build.build, build)
  const after = withStatuses({ ...lane, builds, builds_planned: lane.builds_planned + 1, shadow: null })
  return build.rerun ? withBuild(after, build.rerun.build, (failed) => ({ ...failed, rerun_by: build.build })) : after
}

export const withBuild = (lane: Lane, id: string, change: (build: Build) => Build): Lane => {
  const build = lane.builds[id]
  return build ? { ...lane, builds: put(lane.builds, id, change(build)) } : lane
}

/** From here on it is a build like any other, of a commit of its own. */
export const rerunRefused = (lane: Lane, { payload }: LoggedEvent<'rerun_refused'>): Lane =>
  withBuild(lane, payload.build, ({ rerun: _rerun, ...build }) => build)

/** A member that only conflicts with one ahead of it waits until that one landed or left. */
export function refused(lane: Lane, { payload }: LoggedEvent<'assembly_refused'>): Lane {
  const after = withBuild(lane, payload.build, (build) => ({ ...build, refusal: payload }))
  const entry = lane.entries[payload.pull]
  if (!entry || payload.reason !== 'conflict_with_member') return after
  return { ...after, entries: put(after.entries, payload.pull, { ...entry, waits_for: payload.with ?? null }) }
}

export function concluded(lane: Lane, event: LoggedEvent<'build_concluded'>): Lane {
  const { build: id, verdict, checks } = event.payload
  const heard = isHeard(event.payload)
  const after = withBuild(withFaults(lane, event, heard), id, (build) => ({ ...build, verdict, checks }))
  const next = heard ? { ...after, ci_seen: event.position } : after
  // A pass stays until it has landed; everything else has no need of its refs.
  if (verdict === 'passed') return next
  return spend(next, (build) => build.build === id)
}

/** What CI said nothing about is counted for every member; whatever it says of one ends its row. A try concerns nobody's place. */
function withFaults(lane: Lane, { payload, position }: LoggedEvent<'build_concluded'>, heard: boolean): Lane {
  const { verdict } = payload
  const silent = verdict === 'never_started' || verdict === 'cancelled'
  const build = lane.builds[payload.build]
  if (!build || build.purpose === 'try' || !(silent || heard)) return lane
  let { entries } = lane
  for (const { pull } of build.members) {
    const entry = entries[pull]
    if (!entry) continue
    const fault = silent ? nextFault(entry.fault, verdict, build.position, position) : null
    entries = put(entries, pull, { ...entry, unheard: entry.unheard + (silent ? 1 : 0), fault })
  }
  return { ...lane, entries }
}

export function withdrawn(lane: Lane, { payload }: LoggedEvent<'build_withdrawn'>): Lane {
  return forgetUseless(withBuild(lane, payload.build, (build) => ({ ...build, withdrawn: true })))
}

export function landed(lane: Lane, event: LoggedEvent<'landing_concluded'>): Lane {
  const { landing } = lane
  if (landing?.build !== event.payload.build) return lane
  const { result, target } = event.payload
  if (result === 'landed' || result === 'mismatched')
    return onNewTip({ ...lane, landing: { ...landing, concluded: event.payload } }, target)
  const after = result === 'moved' && target !== lane.tip ? movedTo(lane, target) : lane
  const stays = result === 'refused' ? { ...landing, concluded: event.payload } : null
  return spend({ ...after, landing: stays }, (build) => build.build === landing.build)
}

/** Builds that begin with what landed, as the very same commits, go on with the rest of their members. */
function onNewTip(lane: Lane, tip: string): Lane {
  const { landing } = lane
  const build = landing && lane.builds[landing.build]
  if (!build) return { ...lane, tip }
  const { base, members } = build
  // What is tried stands where it was asked for, wherever the target goes.
  const tries = Object.values(lane.builds).filter(({ purpose }) => purpose === 'try')
  const others = Object.values(lane.builds).filter((other) => other !== build && !tries.includes(other))
  // As long, and with other commits: what it holds was proven on something that is not the target's.
  const strange = others.filter(
    ({ published }) => published !== null && published.prefixes.length > members.length && !holds(published, tip),
  )
  const next = afterLanding(
    others.filter((other) => !strange.includes(other)),
    { from: base, to: tip, members },
  ).map((other) => ({ ...other, published: other.published && lastOf(other.published, other.members.length) }))
  // Of whom all landed: it has said what it had to say, and what it left on GitHub is still to be deleted.
  const whole = others.filter((other) => !strange.includes(other) && !next.some((one) => one.build === other.build))
  const builds = Object.fromEntries([build, ...strange, ...whole, ...next, ...tries].map((one) => [one.build, one]))
  const isOver = (one: Build): boolean =>
    one !== build && one.base !== tip && one.verdict !== null && one.purpose !== 'try'
  return spend({ ...lane, tip, builds }, (one) => isOver(one) || whole.includes(one))
}

type Published = NonNullable<Build['published']>

const holds = ({ prefixes }: Published, sha: string): boolean => prefixes.some((prefix) => prefix.sha === sha)

const lastOf = (published: Published, members: number): Published =>
  published.prefixes.length === members ? published : { ...published, prefixes: published.prefixes.slice(-members) }
