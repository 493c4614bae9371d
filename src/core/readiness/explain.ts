/**
 * Gathers from a lane's view what there is to say about one pull request: its requirements, its place, its builds, what
 * blocks it and what to do. It decides nothing, and renders nothing but the one line that heads it all.
 */
import type { Config } from '../config.ts'
import { type Entry, type Lane, resumeOf } from '../queue/lane.ts'
import { tryOf } from '../queue/try.ts'
import { inOrder } from '../queue/order.ts'
import { withStandingHold } from '../queue/standing-hold.ts'
import type { LaneView } from '../queue/view.ts'
import { headlineOf } from '../render/headline.ts'
import { nextStep } from '../render/next-action.ts'
import { evaluate, type Readiness } from './evaluate.ts'
import type { Blocked, ExplainedStatus, Explanation, Hold, Queued } from './explanation.ts'
import type { PullRequest } from './pull-request.ts'

/** Explains one pull request of this view, as it stands at the view's position. */
export function explain(view: LaneView, config: Config, pull: PullRequest): Explanation {
  const lane = withStandingHold(view.lane, config, view.now)
  const { seen } = pull
  const readiness = evaluate({ pull, view, config, target: lane.target, tip: lane.tip })
  const status = statusOf(lane, pull, readiness)
  const blocked = blockedOf(lane, config, pull.number)
  const entry = entryOf(lane, pull)
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
    queue: entry ? queuedOf(lane, entry) : null,
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
    proposed: pull.proposed && pull.proposed.sha === seen?.sha ? pull.proposed : null,
    commented: (lane.surfaces[pull.number]?.comment ?? null) !== null,
  }
  return { ...facts, ...headlineOf(facts), next_action: nextStep(facts) }
}

function statusOf(lane: Lane, pull: PullRequest, readiness: Readiness): ExplainedStatus {
  const { seen, landed } = pull
  if (!seen) return 'waiting'
  // A head that was pushed after the landing is judged anew, as long as its pull request is open.
  if (landed && (landed.sha === seen.sha || seen.state !== 'open')) return 'landed'
  if (seen.state !== 'open') return 'closed'
  const entry = entryOf(lane, pull)
  if (entry) return queueStatus(lane, entry)
  if (lane.blocks[pull.number]?.sha === seen.sha) return 'blocked'
  if (readiness.status !== 'ready') return 'waiting'
  if (leftOf(lane, pull) !== null) return 'left'
  return holdOf(lane, pull.number) ? 'held' : 'ready'
}

function queueStatus(lane: Lane, entry: Entry): ExplainedStatus {
  const builds = buildsOf(lane, entry.pull)
  if (builds.some(({ build }) => build === lane.landing?.build)) return 'landing'
  const testing = builds.some(({ verdict }) => verdict === null)
  if (!testing && holdOf(lane, entry.pull)) return 'held'
  return builds.length > 0 ? 'testing' : 'queued'
}

/** Its entry for the present head; one of an older head is about to leave. */
function entryOf(lane: Lane, pull: PullRequest): Entry | null {
  const entry = lane.entries[pull.number]
  return entry && entry.sha === pull.seen?.sha ? entry : null
}

/** Those that are to land it. */
const buildsOf = (lane: Lane, pull: number) =>
  Object.values(lane.builds).filter(
    (build) => !build.spent && build.purpose !== 'try' && build.members.some((member) => member.pull === pull),
  )

function queuedOf(lane: Lane, entry: Entry): Queued {
  const order = inOrder(lane)
  return {
    place: order.findIndex(({ pull }) => pull === entry.pull) + 1,
    of: order.length,
    priority: entry.priority,
    alone: entry.alone,
    waits_for: entry.waits_for,
    builds: buildsOf(lane, entry.pull).map(({ build, base, published, members, verdict }) => ({
      build,
      base,
      sha: published?.sha ?? null,
      members: members.map(({ pull }) => pull),
      verdict,
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
