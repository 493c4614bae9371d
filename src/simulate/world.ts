/**
 * What a lane is simulated in: the pull requests as they come, what their changes do together, and the policies that are
 * laid side by side. Types alone; who makes the workload, by chance or from a git clone, is not known here.
 */
import type { Config } from '../core/config.ts'
import type { BlockCode } from '../core/events/decisions.ts'
import type { LoggedEvent, PayloadOf } from '../core/events.ts'
import type { Instant } from '../core/ids.ts'
import type { EffectName } from '../core/queue/effect.ts'

/** One pull request as it comes: complete, approved, its own checks green. Numbers and commits are each used once. */
export interface Arrival {
  readonly pull: number
  /** 40 hex digits. */
  readonly sha: string
  readonly title: string
  readonly author: string
  readonly at: Instant
  /** No pull request: somebody pushes the change straight to the target then, past the queue. */
  readonly direct?: true
}

export interface Member {
  readonly pull: number
  readonly sha: string
}

/** What the changes do when they are put together. Both answers depend on nothing but what was asked. */
export interface Content {
  /** The target at the beginning: 40 hex digits. */
  readonly tip: string
  /**
   * `base` plus one member: a commit id, `base` itself where it holds the member already, or the paths that conflict.
   * `attempt` above 1: the same tree is built once more, as another commit where the content can make one.
   */
  merge(base: string, member: Member, attempt: number): Promise<string | { readonly conflict: readonly string[] }>
  /**
   * What CI says of a commit, and how long it takes. Called once for each published build; several may be asked at once.
   * `members` are those of the build, on the base that it was made on; a repeat of a tree is another call.
   */
  test(commit: string, members: readonly Member[]): Promise<Tested>
}

export interface Tested {
  readonly conclusion: 'success' | 'failure'
  /** Virtual milliseconds from the publishing to the verdict. */
  readonly ms: number
}

export interface Policy {
  readonly name: string
  /** The configuration that `decide` judges by. What makes a pull request ready is left out of account: each arrival is. */
  readonly config: Config
}

export interface Landed extends Member {
  readonly at: Instant
  /** Milliseconds since it came. */
  readonly wait: number
  /** Null where the target held it already, so that nothing was built. */
  readonly build: string | null
  readonly commit: string
}

export interface Blocked extends Member {
  readonly at: Instant
  readonly reason: BlockCode
  /** What is told of it, first the reason. */
  readonly evidence: readonly string[]
}

/** A change that git could not put on what was ahead of it; with another pull request it waits for that one. */
export interface Conflict extends Member {
  readonly at: Instant
  readonly build: string
  /** The pull request ahead of it; null: it conflicts with the target as it stood. */
  readonly with: number | null
  readonly files: readonly string[]
}

export interface Built {
  readonly build: string
  readonly commit: string
  readonly members: readonly Member[]
  readonly purpose: PayloadOf<'build_planned'>['purpose']
  readonly published: Instant
  /** Null: it was cancelled, or the run ended, before CI had its verdict. */
  readonly ended: Instant | null
  readonly verdict: Tested['conclusion'] | null
}

export interface Run {
  readonly landings: readonly Landed[]
  readonly blocked: readonly Blocked[]
  readonly conflicts: readonly Conflict[]
  /** Everything that CI was asked for. */
  readonly builds: readonly Built[]
  /** Who neither landed nor was blocked when the run ended, by number. */
  readonly left: readonly number[]
  /** Direct pushes that could not be put on the target as it stood then. */
  readonly refused: readonly number[]
  /** Milliseconds from coming to landing, in the order of the landings. */
  readonly waits: readonly number[]
  /** Requests to GitHub, by what they were made for. */
  readonly requests: Readonly<Partial<Record<EffectName, number>>>
  readonly finalTip: string
  /** When the last pull request landed or was blocked. */
  readonly endedAt: Instant
  /** Why the lane was held at the end; null where it was not. */
  readonly held: string | null
  /** False: `signal` ended it before everything was done. */
  readonly complete: boolean
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Told after every pull request that landed or was blocked. */
  readonly onProgress?: (done: number, all: number) => void
  /** Told every event of the log in memory, in its order. */
  readonly onEvent?: (event: LoggedEvent) => void
}
