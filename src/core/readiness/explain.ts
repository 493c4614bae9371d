/**
 * Gathers from a lane's view what there is to say about one pull request: its requirements, its place, its builds, what
 * blocks it and what to do. It decides nothing, and renders nothing but the one line that heads it all.
 */
import type { Config } from '../config.ts'
import { landingTime } from '../queue/estimates/landing-time.ts'
import { flakyOf } from '../queue/estimates/shown.ts'
import { withStandingHold } from '../queue/hold/standing-hold.ts'
import type { Judgement } from '../queue/judgement.ts'
import { type Build, type Entry, type Lane, resumeOf } from '../queue/lane.ts'
import { inOrder } from '../queue/order.ts'
import { counts, limitsOf } from '../queue/rules/builds/plan-input.ts'
import { type Standings, standingOf } from '../queue/standing.ts'
import { tryOf } from '../queue/try.ts'
import type { LaneView } from '../queue/view.ts'
import { headlineOf } from '../render/words/headline.ts'
import { nextStep } from '../render/words/next-action.ts'
import { evaluate, type Readiness } from './evaluate.ts'
import type { Blocked, ExplainedStatus, Explanation, Hold, Queued } from './explanation.ts'
import type { PullRequest } from './pull-request.ts'
import { waitsFor } from './requirements/dependencies.ts'

type Judged = Pick<Judgement, 'view' | 'lane' | 'config'>

/** Worked out once for all pull requests of a view. */
export function standingsOf(judged: Judged): Standings {
  const { lane } = judged
  const builds = new Map<number, Build[]>()
  for (const build of Object.values(lane.builds)) {
    if (build.spent || build.purpose === 'try') continue
    for (const { pull } of build.members) builds.set(pull, [...(builds.get(pull) ?? []), build])
  }
  const counting = Object.values(lane.builds).filter((build) => counts(judged, build))
  return {
    places: new Map(inOrder(lane).map(({ pull }, at) => [pull, at + 1])),
    builds,
    counting,
    atWork: counting.some(({ verdict, purpose }) => verdict === null && purpose !== 'try'),
  }
}

/** Explains one pull request of this view, as it stands at the view's position. */
export function explain(view: LaneView, config: Config, pull: PullRequest): Explanation {
  const lane = withStandingHold(view.lane, config, view.now)
  const readiness = evaluate({ pull, view, config, target: lane.target, tip: lane.tip })
  return explainBy({ ...view, lane }, config, pull, readiness, standingsOf({ view, lane, config }))
}

/** The same for a view whose lane has the hold that counts now, by what is worked out already. */
export function explainBy(
  view: LaneView,
  config: Config,
  pull: PullRequest,
  readiness: Readiness,
  standings: Standings,
): Explanation {
  const { lane } = view
  const { seen } = pull
  const entry = entryOf(lane, pull)
  const builds = standings.builds.get(pull.number) ?? []
  const status = statusOf(lane, pull, readiness, builds)
  const blocked = blockedOf(lane, config, pull.number)
  const followUp = lane.follow_ups[pull.number]
  const facts = {
    repository: view.repository.name,
    target: lane.target,
    pull: pull.number,
    title: seen?.title ?? null,
    author: seen?.author ?? null,
    branch: seen?.branch ?? null,
    sha: (status === 'landed' ? pull.landed?.sha : seen?.sha) ?? null,
    status,
    readiness: readiness.status,
    requirements: readiness.requirements,
    queue: entry && seen ? queuedOf({ lane, config }, entry, seen, status, standings) : null,
    trial: trialOf(lane, pull.number),
    hold: holdOf(lane, pull.number),
    paused: config.mode === 'paused',
    shadow: config.mode === 'shadow',
    blocked,
    follow_up: followUp
      ? { issue: followUp.issue, state: followUp.state, error: followUp.error, history: followUp.history }
      : null,
    landed: pull.landed ? { sha: pull.landed.sha, landed_sha: pull.landed.landed_sha } : null,
    left: leftOf(lane, pull),
    flaky: flakyOf(lane.estimates),
    proposed: pull.proposed && pull.proposed.sha === seen?.sha ? pull.proposed : null,
    commented: (lane.surfaces[pull.number]?.comment ?? null) !== null,
  }
  return { ...facts, ...headlineOf(facts), next_action: nextStep(facts) }
}

function statusOf(lane: Lane, pull: PullRequest, readiness: Readiness, builds: readonly Build[]): ExplainedStatus {
  const { seen, landed } = pull
  if (!seen) return 'waiting'
  // A head that was pushed after the landing is judged anew, as long as its pull request is open.
  if (landed && (landed.sha === seen.sha || seen.state !== 'open')) return 'landed'
  if (seen.state !== 'open') return 'closed'
  const entry = entryOf(lane, pull)
  if (entry) return queueStatus(lane, entry, builds)
  if (lane.blocks[pull.number]?.sha === seen.sha) return 'blocked'
  if (readiness.status !== 'ready') return 'waiting'
  if (leftOf(lane, pull) !== null) return 'left'
  return holdOf(lane, pull.number) ? 'held' : 'ready'
}

function queueStatus(lane: Lane, entry: Entry, builds: readonly Build[]): ExplainedStatus {
  if (builds.some(({ build }) => build === lane.landing?.build)) return 'landing'
  const testing = builds.some(({ verdict }) => verdict === null) && !builds.some(({ verdict }) => verdict === 'passed')
  if (!testing && holdOf(lane, entry.pull)) return 'held'
  return builds.length > 0 ? 'testing' : 'queued'
}

/** Its entry for the present head; one of an older head is about to leave. */
function entryOf(lane: Lane, pull: PullRequest): Entry | null {
  const entry = lane.entries[pull.number]
  return entry && entry.sha === pull.seen?.sha ? entry : null
}

function queuedOf(
  { lane, config }: Pick<Judged, 'lane' | 'config'>,
  entry: Entry,
  seen: NonNullable<PullRequest['seen']>,
  status: ExplainedStatus,
  { places, builds, counting, atWork }: Standings,
): Queued {
  const place = places.get(entry.pull) ?? 0
  const goesOn = status === 'queued' && config.mode === 'live'
  return {
    place,
    of: places.size,
    priority: entry.priority,
    alone: entry.alone,
    interrupt: entry.interrupt,
    standing: standingOf(lane, entry, counting, waitsFor(lane, seen)),
    estimate: goesOn ? landingTime({ place, behind: atWork }, limitsOf(config), lane.estimates) : null,
    builds: (builds.get(entry.pull) ?? []).map(({ build, base, published, members, verdict, rerun = null }) => ({
      build,
      base,
      sha: published?.sha ?? null,
      members: members.map(({ pull }) => pull),
      verdict,
      rerun,
    })),
  }
}

function trialOf(lane: Lane, pull: number): Explanation['trial'] {
  const trial = tryOf(lane, pull)
  if (!trial) return null
  const build = trial.build === null ? undefined : lane.builds[trial.build]
  const { base, published } = build ?? {}
  return { sha: trial.sha, by: trial.by, build: base === undefined ? null : { base, sha: published?.sha ?? null } }
}

function holdOf(lane: Lane, pull: number): Hold | null {
  if (!lane.hold || lane.hold.allow.includes(pull)) return null
  const { by, reason, words, since, evidence, allow } = lane.hold
  return { by, reason, words, since, evidence, allow }
}

function blockedOf(lane: Lane, config: Config, pull: number): Blocked | null {
  const block = lane.blocks[pull]
  if (!block) return null
  const { sha, branch, reason, conflict_evidence, diagnostics, next_action, blocked_at, build, times } = block
  return {
    sha,
    branch,
    reason,
    evidence: conflict_evidence,
    diagnostics,
    next_action,
    blocked_at,
    build,
    times,
    resume: resumeOf(lane, pull),
    resume_needs: config.permissions.resume,
    retry_needs: config.permissions.retry,
  }
}

function leftOf(lane: Lane, pull: PullRequest): string | null {
  const ended = lane.ended[pull.number]
  return ended?.how === 'dequeued' && ended.sha === pull.seen?.sha ? ended.reason : null
}
