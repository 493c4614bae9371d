/**
 * One lane as the log tells it: the queue in its order, builds as a list of trees with shared commits, the landing that is
 * under way, what is blocked, and what was said where. Folded from events; what to do about it is `decide`'s.
 */
import type { HoldReason } from '../events/requests.ts'
import type { CheckResult, Method, Mode, Said } from '../events/shapes.ts'
import type { PayloadOf } from '../events.ts'
import { type Instant, REPOSITORY_LANE } from '../ids.ts'
import { type Estimates, noEstimates } from './estimates/estimates.ts'
import type { Fault } from './fault.ts'
import type { Shadow } from './shadow/state.ts'
import type { Try } from './try.ts'

export interface Entry {
  readonly pull: number
  readonly sha: string
  readonly branch: string
  /** Log position of the first `candidate_queued` for this declaration; kept over resume and requeue. */
  readonly place: number
  readonly priority: number
  readonly alone: boolean
  /** It goes in front of what is being built. */
  readonly interrupt: boolean
  readonly ready_at: string
  /** The log position at which it entered the queue, and when that was. */
  readonly queued: number
  readonly since: string
  readonly status: 'queued' | 'in_progress'
  /** A pull request ahead of it that changes the same lines: tried again when that one landed or left. */
  readonly waits_for: number | null
  /** Builds of this commit that said nothing about it: what comes next is another attempt, and another commit. */
  readonly unheard: number
  /** Those of them that came one after the other, without one that was heard of in between. */
  readonly fault: Fault | null
}

export interface Build extends PayloadOf<'build_planned'> {
  readonly position: number
  /** The lease under which it was planned, by its epoch. */
  readonly epoch: number | null
  readonly published: (PayloadOf<'build_published'> & { readonly position: number }) | null
  readonly refusal: PayloadOf<'assembly_refused'> | null
  readonly verdict: PayloadOf<'build_concluded'>['verdict'] | null
  readonly checks: readonly CheckResult[]
  /** Nobody needs it on GitHub any more: what it left there is to be deleted. */
  readonly spent: boolean
  /** That was deleted; what the build said still counts. */
  readonly withdrawn: boolean
  /** What landed since it passed, and is not in it. */
  readonly missed: readonly number[]
  /** The confirmation that was planned as a re-run of its failed jobs; there is one at most. */
  readonly rerun_by: string | null
}

/** Whether a build is being made, tested or landed. */
export const isAtWork = (build: Build): boolean =>
  !build.spent && (build.verdict === null || build.verdict === 'passed')

export interface Landing extends PayloadOf<'landing_planned'> {
  readonly position: number
  readonly concluded: PayloadOf<'landing_concluded'> | null
}

export interface Block extends PayloadOf<'integration_blocked'> {
  readonly position: number
  /** The commit that CI judged; a green re-run of its checks resumes by itself. */
  readonly build_sha: string | null
  readonly place: number
  readonly priority: number
  readonly alone: boolean
  /** How often this sha was blocked for this reason. */
  readonly times: number
}

export interface FollowUp {
  readonly issue: number | null
  readonly marker: string
  readonly state: 'open' | 'closed' | 'failed'
  /** Fingerprint of what it says. */
  readonly content: string | null
  readonly error: string | null
  /** Other issues for the same pull request, one too many: GitHub did what it did not answer, and did not list it at once. */
  readonly duplicates: readonly number[]
  /** Dated lines of every block, oldest first. */
  readonly history: readonly {
    readonly at: string
    readonly reason: string
    readonly sha: string
    readonly text: string
  }[]
}

export interface Resume extends PayloadOf<'resume_requested'> {
  readonly position: number
  /** asked: not judged yet; remembered: taken up as soon as it is READY. */
  readonly status: 'asked' | 'remembered'
}

export interface Answer {
  readonly pull: number
  readonly follow_up: number | null
  readonly request: string
  readonly retry?: true
  readonly result: PayloadOf<'resume_answered'>['result']
  readonly reason: string
}

export interface Ended {
  readonly pull: number
  readonly sha: string
  readonly how: 'integrated' | 'superseded' | 'dequeued'
  readonly reason: string
  readonly landed_sha: string | null
  /** How it landed; null when it did not. */
  readonly method: Method | null
  readonly mode: Mode | null
  /** We closed it, for GitHub does not mark it merged. */
  readonly closed: boolean
  /** What became of its head branch; null until that was looked after. */
  readonly head_branch: PayloadOf<'head_branch_concluded'>['result'] | null
  readonly position: number
}

export interface Surface {
  readonly check_run: {
    readonly id: number
    readonly node: string | null
    readonly sha: string
    readonly content: string
    readonly written_at: string
  } | null
  readonly comment: { readonly id: number; readonly content: string } | null
}

export interface Failed {
  readonly failure: PayloadOf<'effect_failed'>['failure']
  readonly message: string
  readonly attempt: number
  readonly retry_at: Instant
}

/** What somebody put on the lane; and while no merge window is open what stands for that, of which there is no event. */
export type Hold = Omit<PayloadOf<'lane_held'>, 'reason'> & {
  readonly reason: HoldReason | 'window_closed'
  readonly since: string
}

export interface Lane {
  readonly repository: string
  readonly target: string
  readonly tip: string | null
  /** The target was moved by another hand, and whether it lost what it held is not known (null), or is. Null once that is settled. */
  readonly moved: {
    readonly from: string
    readonly to: string
    readonly pusher: string | null
    readonly forced: true | null
  } | null
  readonly hold: Hold | null
  /** The present shadow, or the last one as long as nothing was built after it was accepted. */
  readonly shadow: Shadow | null
  readonly entries: Readonly<Record<string, Entry>>
  readonly builds: Readonly<Record<string, Build>>
  readonly landing: Landing | null
  /** By request; of one pull request one at most goes on. */
  readonly tries: Readonly<Record<string, Try>>
  /** The commit on which a pull request was tried last. */
  readonly tried: Readonly<Record<string, string>>
  readonly blocks: Readonly<Record<string, Block>>
  readonly strikes: Readonly<Record<string, { readonly sha: string; readonly reason: string; readonly times: number }>>
  readonly ended: Readonly<Record<string, Ended>>
  readonly follow_ups: Readonly<Record<string, FollowUp>>
  /** Stacked pull requests that were given the target as base, or could not be, by the base that they had. */
  readonly retargets: Readonly<Record<string, { readonly from: string; readonly refused: string | null }>>
  readonly surfaces: Readonly<Record<string, Surface>>
  /** By request: several people may ask for one pull request, and each is answered. */
  readonly resumes: Readonly<Record<string, Resume>>
  readonly answers: Readonly<Record<string, Answer>>
  readonly commands: Readonly<Record<string, PayloadOf<'command_requested'> & { readonly position: number }>>
  readonly replies: Readonly<
    Record<
      string,
      {
        readonly pull: number
        readonly issue: number
        readonly said: Said
        readonly result: 'taken' | 'refused'
        readonly replies: readonly string[]
      }
    >
  >
  /** When live reads were last made; `times` counts the looks at a pull request since it last changed. */
  readonly observed: {
    readonly pulls: Readonly<Record<string, { readonly at: Instant; readonly times: number }>>
    readonly users: Readonly<Record<string, Instant>>
    readonly checks: Readonly<Record<string, Instant>>
    readonly protection: Instant | null
    readonly protection_due: boolean
    readonly config_due: boolean
  }
  readonly failures: Readonly<Record<string, Failed>>
  /** The repository's own lane: the commit at which the errors of a branch's configuration were told last. */
  readonly config_reports: Readonly<Record<string, string>>
  /** Log position at which CI was last seen to start on a build of this lane. */
  readonly ci_seen: number | null
  readonly builds_planned: number
  /** What was learned of its members and of its CI. */
  readonly estimates: Estimates
  /** The last heads on which a check failed, whatever came of it since; oldest first. */
  readonly red: readonly string[]
}

export const emptyLane = (repository: string, target: string): Lane => ({
  repository,
  target,
  tip: null,
  moved: null,
  hold: null,
  shadow: null,
  entries: {},
  builds: {},
  landing: null,
  tries: {},
  tried: {},
  blocks: {},
  strikes: {},
  ended: {},
  follow_ups: {},
  retargets: {},
  surfaces: {},
  resumes: {},
  answers: {},
  commands: {},
  replies: {},
  observed: {
    pulls: {},
    users: {},
    checks: {},
    protection: null,
    protection_due: false,
    config_due: target === REPOSITORY_LANE,
  },
  failures: {},
  config_reports: {},
  ci_seen: null,
  builds_planned: 0,
  estimates: noEstimates,
  red: [],
})

export type EntryStatus = 'queued' | 'in_progress' | 'integrated' | 'blocked' | 'superseded' | 'dequeued'

/** Where a pull request stands in the queue; undefined when the lane knows nothing of it. */
export function statusOf(
  lane: Lane,
  pull: number,
):
  | {
      readonly status: EntryStatus
      readonly sha: string
      readonly place: number | null
      readonly reason: string | null
    }
  | undefined {
  const entry = lane.entries[pull]
  if (entry) return { status: entry.status, sha: entry.sha, place: entry.place, reason: null }
  const block = lane.blocks[pull]
  if (block) return { status: 'blocked', sha: block.sha, place: block.place, reason: block.reason }
  const ended = lane.ended[pull]
  return ended ? { status: ended.how, sha: ended.sha, place: null, reason: ended.reason } : undefined
}

/** How far the requests to resume a pull request are: one that is remembered counts, whatever is asked beside it. */
export function resumeOf(lane: Lane, pull: number): Resume['status'] | null {
  const all = Object.values(lane.resumes).filter((resume) => resume.pull === pull)
  return all.some(({ status }) => status === 'remembered') ? 'remembered' : (all[0]?.status ?? null)
}

/** The tables of a lane whose keys are pull requests that it still has to do with, and those whose rows name one. */
export const KEYED_BY_PULL = ['entries', 'blocks', 'ended', 'follow_ups', 'surfaces'] as const
export const NAMING_A_PULL = ['commands', 'resumes', 'tries'] as const

/** The pull requests that the lane still has to do with, whether or not they are open. */
export function pullsOf(lane: Lane): number[] {
  const numbers = new Set(KEYED_BY_PULL.flatMap((table) => Object.keys(lane[table]).map(Number)))
  const asked = NAMING_A_PULL.flatMap((table) => Object.values<{ pull: number }>(lane[table]))
  for (const { pull } of asked) numbers.add(pull)
  return [...numbers].sort((a, b) => a - b)
}
