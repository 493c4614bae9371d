/**
 * What may happen on GitHub and on the way between GitHub and us, as data that can be drawn, shrunk and printed. It knows
 * neither how an act is played nor what any law expects of it.
 */
export const SLOTS = 4
export const FILES = ['a.txt', 'b.txt', 'c.txt'] as const
/**
 * `red` beside `blue` breaks the build, each alone passes; `bad` breaks it always; `shaky` fails a build of ours the first
 * time.
 */
export const TEXTS = ['plain', 'other', 'red', 'blue', 'bad', 'shaky'] as const
export const REVIEWERS = ['bob', 'carol'] as const
export const METHODS = ['merge', 'squash', 'rebase', 'fast-forward'] as const
/** The branches that are kept green; the second only where a history has it. */
export const TARGETS = ['main', 'next'] as const

export type Target = (typeof TARGETS)[number]
export type Change = Readonly<Record<string, string | null>>

/** An act on a pull request is done by slot: the slot's latest pull request, or nothing where there is none. */
export type Act =
  | {
      readonly act: 'open'
      readonly slot: number
      readonly change: Change
      readonly draft: boolean
      readonly base: Target
      readonly fork: boolean
      /** Stacked on the branch of that slot's pull request, where that is open and of this repository. */
      readonly on?: number | null
      /** Says that it depends on that slot's pull request. */
      readonly after?: number | null
    }
  | { readonly act: 'push'; readonly slot: number; readonly change: Change; readonly forced: boolean }
  | { readonly act: 'approve' | 'request_changes' | 'dismiss'; readonly slot: number; readonly by: string }
  | {
      readonly act: 'label' | 'unlabel' | 'draft' | 'ready' | 'close' | 'reopen' | 'merge_by_hand'
      readonly slot: number
    }
  | { readonly act: 'retarget'; readonly slot: number; readonly base: Target }
  | { readonly act: 'comment'; readonly slot: number; readonly by: string; readonly body: string }
  | { readonly act: 'resume'; readonly slot: number; readonly via: 'label' | 'comment' | 'close' }
  /** Somebody pushes to a target: on top of it, in place of its tip, or takes its tip away. */
  | {
      readonly act: 'foreign_push'
      readonly target: Target
      readonly how: 'fast-forward' | 'force' | 'rewind'
      readonly change: Change
    }
  /** The file of the configuration says otherwise how much is built. */
  | {
      readonly act: 'configure'
      readonly target: Target
      readonly slots: History['slots']
      readonly batch: History['batch']
    }
  | { readonly act: 'permission'; readonly who: string; readonly to: 'read' | 'write' | 'maintain' }
  /** What the App may do with the contents of the repository. */
  | { readonly act: 'app_may'; readonly write: boolean }
  | { readonly act: 'restart' }
  | { readonly act: 'pause'; readonly seconds: number }

/** The bot is gone from one instant to the next: at its `nth` request of that operation, or at a commit in its database. */
export interface Crash {
  readonly fault: 'crash'
  readonly at: 'request' | 'commit'
  /** Null: whichever comes. */
  readonly operation: string | null
  readonly nth: number
  readonly moment: 'before' | 'done'
  /** Until the next one is started. */
  readonly seconds: number
}

export type Fault =
  | { readonly fault: 'lose' | 'repeat' | 'late'; readonly times: number }
  | { readonly fault: 'reorder' }
  | { readonly fault: 'call'; readonly operation: string; readonly when: 'before' | 'after' | 'spurious' }
  | {
      readonly fault: 'hang'
      readonly operation: string
      readonly when: 'before' | 'after'
      readonly seconds: number
    }
  | { readonly fault: 'limit'; readonly operation: string; readonly kind: 'primary' | 'secondary' }
  | Crash

export type Step = Act | Fault

export interface History {
  /** Whether GitHub itself requires the check on the targets as well, or only the configuration does. */
  readonly protected: boolean
  /** Whether the head's own checks are waited for, or the build is left to find out. */
  readonly checks: 'wait' | 'build'
  readonly method: (typeof METHODS)[number]
  /** `native`: GitHub merges the pull request; never by fast-forward. */
  readonly mode: 'exact' | 'native'
  readonly targets: 1 | 2
  /** How long CI takes. */
  readonly ci: 60 | 200
  /** What declares a head finished: that it is no draft, or only `/merge`. */
  readonly when: 'non_draft' | 'command'
  /** How many approvals a head needs. */
  readonly approvals: 1 | 2
  /** Whether the lanes are open from the beginning, or from an hour later on. */
  readonly opens: 'always' | 'later'
  /** As what CI reports: as GitHub Actions, which run a job again, as another App, or by statuses, which name no branch. */
  readonly reports: 'actions' | 'app' | 'status'
  /** How much is built at once, and how many a build adds. */
  readonly slots: 1 | 2 | 3 | 4
  readonly batch: 1 | 2 | 50
  /** For how many seconds a batch waits for others. */
  readonly wait: 0 | 30 | 300
  readonly steps: readonly Step[]
}

/** So long a call may hang: less than the client waits. */
export const LONGEST_HANG = 15

/** How GitHub is asked to land in mode native. */
export const MERGE_PULL = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge'
/** And how it is asked before where the pull request and the target stand. */
export const READ_PULL = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
export const READ_REF = 'GET /repos/{owner}/{repo}/git/ref/{ref}'

/** The writes that a lane depends on, and the reads that it believes. */
export const OPERATIONS = [
  'POST /repos/{owner}/{repo}/merges',
  'POST /repos/{owner}/{repo}/git/refs',
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
  READ_REF,
  'graphql:ReadTarget',
  'POST /repos/{owner}/{repo}/issues',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'POST /repos/{owner}/{repo}/check-runs',
  'graphql:UpdateCheckRuns',
  'graphql:AdvanceTarget',
  MERGE_PULL,
  READ_PULL,
  'graphql:ObservePulls',
] as const

/** Something that goes wrong, with the place among the steps before which it begins. */
export type Placed = readonly [at: number, step: Step]

/** Each of what goes wrong right before its step, or at the end. */
export const disturb = (steps: readonly Step[], wrong: readonly Placed[]): Step[] => {
  const at = (index: number): Step[] => wrong.filter(([place]) => place === index).map(([, step]) => step)
  const late = wrong.filter(([place]) => place >= steps.length).map(([, step]) => step)
  return [...steps.flatMap((step, index) => [...at(index), step]), ...late]
}

/** One line for each step, for whoever has to play it again by hand. */
export const tell = ({ steps, ...set }: History): string =>
  [JSON.stringify(set), ...steps.map((step) => JSON.stringify(step))].join('\n')

export const tellPlaced = (wrong: readonly Placed[]): string =>
  wrong.map(([at, step]) => `before step ${at}: ${JSON.stringify(step)}`).join('\n')
