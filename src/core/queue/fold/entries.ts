/** How candidates come into the queue and leave it: queued, superseded, dequeued, integrated, blocked, forgotten. */
import type { LoggedEvent, PayloadOf } from '../../events.ts'
import type { Block, Ended, Entry, FollowUp, Lane } from '../lane.ts'
import { forgetUseless, spend } from './builds.ts'
import { withoutRemembered } from './requests.ts'
import { put, without } from './table.ts'

export function queued(lane: Lane, event: LoggedEvent<'candidate_queued'>): Lane {
  const { pull, sha, branch, ready_at, priority, alone, interrupt = false, resumed } = event.payload
  const block = lane.blocks[pull]
  const place = resumed && block ? block.place : event.position
  const entry: Entry = {
    pull,
    sha,
    branch,
    place,
    priority,
    alone,
    interrupt,
    ready_at,
    queued: event.position,
    since: event.occurred_at,
    status: 'queued',
    waits_for: null,
    unheard: 0,
    fault: null,
  }
  const known = lane.follow_ups[pull]
  const line = { at: event.occurred_at, reason: 'queued', sha, text: 'Queued again' }
  return {
    ...lane,
    follow_ups:
      known?.state === 'open'
        ? put(lane.follow_ups, pull, { ...known, history: [...known.history, line] })
        : lane.follow_ups,
    entries: put(lane.entries, pull, entry),
    blocks: without(lane.blocks, pull),
    resumes: withoutRemembered(lane, pull),
    ended: without(lane.ended, pull),
  }
}

/** A declaration of what waits already changes its priority from now on, never its place. */
export function declaredAgain(lane: Lane, { pull, sha, ...said }: PayloadOf<'finalize_ready'>): Lane {
  const entry = lane.entries[pull]
  if (entry?.sha !== sha) return lane
  const { priority = entry.priority, alone = entry.alone, interrupt = entry.interrupt } = said
  const declared = { ...entry, priority, alone, interrupt }
  return { ...lane, entries: put(lane.entries, pull, declared) }
}

/** Takes an entry out; whoever waited for it is free. */
function takeOut(lane: Lane, pull: number): Lane {
  const { [pull]: _, ...others } = lane.entries
  const freed = Object.entries(others).map(([key, entry]) => [
    key,
    entry.waits_for === pull ? { ...entry, waits_for: null } : entry,
  ])
  return { ...lane, entries: Object.fromEntries(freed) }
}

/** Takes an entry out that did not land: no build with it is of use, but for one that was never to land. */
const withdraw = (lane: Lane, pull: number): Lane =>
  spend(takeOut(lane, pull), (build) => build.purpose !== 'try' && build.members.some((member) => member.pull === pull))

export function left(lane: Lane, pull: number, how: Pick<Ended, 'sha' | 'how' | 'reason' | 'position'>): Lane {
  const after = withdraw(lane, pull)
  const gone = how.how === 'dequeued' && how.reason !== 'cancelled' ? after.resumes : withoutRemembered(after, pull)
  return {
    ...after,
    // GitHub merged it as another tree than the one that was tested: that landing is over.
    landing: after.landing?.concluded && isMember(lane, after.landing.build, pull) ? null : after.landing,
    ended: put(after.ended, pull, {
      ...how,
      pull,
      landed_sha: null,
      method: null,
      mode: null,
      closed: false,
      head_branch: null,
    }),
    // A blocked candidate that a newer head supersedes keeps its block until the newer one is queued or lands.
    resumes: how.how === 'superseded' ? after.resumes : gone,
  }
}

const isMember = (lane: Lane, build: string, pull: number): boolean =>
  lane.builds[build]?.members.some((member) => member.pull === pull) ?? false

export function completed(lane: Lane, event: LoggedEvent<'integration_completed'>): Lane {
  const { pull, sha, landed_sha, build, method = 'merge', mode = 'exact' } = event.payload
  const ended: Ended = {
    pull,
    sha,
    how: 'integrated',
    reason: 'landed',
    landed_sha,
    method,
    mode,
    closed: false,
    head_branch: null,
    position: event.position,
  }
  const after = {
    ...takeOut(lane, pull),
    ended: put(lane.ended, pull, ended),
    blocks: without(lane.blocks, pull),
    resumes: withoutRemembered(lane, pull),
  }
  const last = build === null ? undefined : lane.builds[build]?.members.at(-1)
  // Whoever says that it landed deleted the published ref before: with its last member the build is done.
  return last?.pull === pull && build !== null
    ? forgetUseless({ ...after, builds: without(after.builds, build), landing: null })
    : after
}

export function blocked(lane: Lane, event: LoggedEvent<'integration_blocked'>): Lane {
  const { pull, sha, reason, build } = event.payload
  const entry = lane.entries[pull]
  const earlier = lane.strikes[pull]
  const times = earlier?.sha === sha && earlier.reason === reason ? earlier.times + 1 : 1
  const block: Block = {
    ...event.payload,
    position: event.position,
    build_sha: build === null ? null : (lane.builds[build]?.published?.sha ?? null),
    place: entry?.place ?? event.position,
    priority: entry?.priority ?? 0,
    alone: entry?.alone ?? false,
    times,
  }
  const text = event.payload.diagnostics[0] ?? reason
  const known = lane.follow_ups[pull]
  const followUp: FollowUp = {
    issue: known?.issue ?? null,
    marker: known?.marker ?? `follow-up ${lane.target} ${pull}`,
    state: known?.state ?? 'closed',
    content: known?.content ?? null,
    error: known?.error ?? null,
    duplicates: known?.duplicates ?? [],
    history: [...(known?.history ?? []), { at: event.payload.blocked_at, reason, sha, text }],
  }
  const after = withdraw(lane, pull)
  return {
    ...after,
    blocks: put(after.blocks, pull, block),
    strikes: put(after.strikes, pull, { sha, reason, times }),
    follow_ups: put(after.follow_ups, pull, followUp),
    landing: after.landing?.concluded && after.landing.build === build ? null : after.landing,
  }
}

export function settled(lane: Lane, pull: number): Lane {
  return {
    ...lane,
    commands: Object.fromEntries(Object.entries(lane.commands).filter(([, command]) => command.pull !== pull)),
    entries: without(lane.entries, pull),
    tried: without(lane.tried, pull),
    blocks: without(lane.blocks, pull),
    strikes: without(lane.strikes, pull),
    ended: without(lane.ended, pull),
    retargets: without(lane.retargets, pull),
    shadow: lane.shadow && { ...lane.shadow, judged: without(lane.shadow.judged, pull) },
    follow_ups: without(lane.follow_ups, pull),
    surfaces: without(lane.surfaces, pull),
    resumes: Object.fromEntries(Object.entries(lane.resumes).filter(([, resume]) => resume.pull !== pull)),
    observed: { ...lane.observed, pulls: without(lane.observed.pulls, pull) },
  }
}

export function retargeted(lane: Lane, { pull, from, refused }: PayloadOf<'pull_retargeted'>): Lane {
  return { ...lane, retargets: put(lane.retargets, pull, { from, refused }) }
}

/** Something was done about a pull request that landed. */
export function tidied(lane: Lane, pull: number, change: Partial<Pick<Ended, 'closed' | 'head_branch'>>): Lane {
  const ended = lane.ended[pull]
  return ended ? { ...lane, ended: put(lane.ended, pull, { ...ended, ...change }) } : lane
}
