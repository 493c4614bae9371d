/**
 * Acts on GitHub as data. An effect is derived from recorded events only, so that it can be derived again after a crash;
 * each is named for the file under `effects/` that performs it. Nothing here knows how.
 */
import { type Said, threadOf } from '../events/shapes.ts'
import type { RenderedCheckRun } from '../render/check-run.ts'

export type Effect =
  /** Looks at pull requests live, the target's tip with them; `users`: whose permission is to be looked up as well, and
   *  teams (`org/slug`) whose members are. */
  | { readonly effect: 'observe-pulls'; readonly pulls: readonly number[]; readonly users: readonly string[] }
  | { readonly effect: 'observe-protection' }
  /** Finds out whether the target still holds what it held. */
  | { readonly effect: 'observe-target'; readonly from: string }
  /** Reads what CI said about a published build, for a webhook may be lost. */
  | { readonly effect: 'observe-checks'; readonly build: string; readonly sha: string }
  | { readonly effect: 'assemble-build'; readonly build: string }
  /** Has the failed jobs run again that a build repeats, on the commit and the ref of the build that failed. */
  | { readonly effect: 'rerun-jobs'; readonly build: string }
  /** Deletes what a build left on GitHub. */
  | { readonly effect: 'withdraw-build'; readonly build: string }
  /** `advance: false`: the published ref is deleted, then the target is read; it says what became of earlier attempts. */
  | { readonly effect: 'advance-target'; readonly build: string; readonly advance: boolean }
  /** Closes a pull request that landed as other commits than its own, and says as which. */
  | {
      readonly effect: 'close-pull'
      readonly pull: number
      readonly sha: string
      readonly landed_sha: string
      readonly comment: string
    }
  /** Gives a pull request that is stacked on one that landed the target as its base. */
  | { readonly effect: 'retarget-pull'; readonly pull: number; readonly from: string; readonly to: string }
  /** Deletes the branch of a pull request that landed, if it still stands there and nobody else uses it. */
  | {
      readonly effect: 'delete-head-branch'
      readonly pull: number
      readonly branch: string
      readonly sha: string
      /** GitHub marked it merged, so it may delete the branch by itself. */
      readonly merged: boolean
    }
  /** `content`: fingerprint of what is shown, kept with it. */
  | {
      readonly effect: 'show-check-run'
      readonly pull: number
      readonly sha: string
      readonly content: string
      readonly check_run: Omit<RenderedCheckRun, 'lasting'>
    }
  | {
      readonly effect: 'show-config-errors'
      readonly branch: string
      readonly commit: string
      readonly check_run: Omit<RenderedCheckRun, 'lasting'>
    }
  | { readonly effect: 'show-comment'; readonly pull: number; readonly content: string; readonly body: string }
  /** Opens, reopens or edits the one follow-up issue of a pull request. */
  | {
      readonly effect: 'show-follow-up'
      readonly pull: number
      readonly content: string
      readonly title: string
      readonly body: string
      readonly assignee: string | null
    }
  /** `issue`: the one, or one of several; `text`: what the one says from now on. */
  | {
      readonly effect: 'close-follow-up'
      readonly pull: number
      readonly issue: number
      readonly words: string
      readonly text: { readonly title: string; readonly body: string } | null
    }
  /** `issue`: where the command was said, the pull request or its follow-up. */
  | {
      readonly effect: 'answer-command'
      readonly pull: number
      readonly issue: number
      readonly said: Said
      readonly reaction: '+1' | '-1'
      readonly reply: string | null
    }
  | {
      readonly effect: 'answer-resume'
      readonly pull: number
      readonly request: string
      readonly follow_up: number | null
      readonly reply: string | null
    }
  /** Says how a try ended. */
  | { readonly effect: 'tell-try'; readonly pull: number; readonly request: string; readonly reply: string }

export type EffectName = Effect['effect']

/** What tells one effect's failures from another's. */
export function subjectOf(effect: Effect): string {
  switch (effect.effect) {
    case 'observe-pulls':
    case 'observe-protection':
    case 'observe-target':
      return 'lane'
    case 'observe-checks':
    case 'assemble-build':
    case 'rerun-jobs':
    case 'withdraw-build':
    case 'advance-target':
      return effect.build
    case 'close-pull':
    case 'retarget-pull':
    case 'delete-head-branch':
    case 'show-check-run':
    case 'show-comment':
    case 'show-follow-up':
    case 'close-follow-up':
      return String(effect.pull)
    case 'show-config-errors':
      return effect.branch
    case 'answer-command':
      return threadOf(effect.said)
    case 'answer-resume':
    case 'tell-try':
      return effect.request
    default:
      return effect satisfies never
  }
}

/** Seconds until the n-th repeat of an effect: quick at first, then at most every minute; never given up. */
export const BACK_OFF_SECONDS = [2, 5, 15, 30, 60] as const

/** Milliseconds to wait after the given attempt, counted from 1. */
export const backOff = (attempt: number): number =>
  (BACK_OFF_SECONDS[Math.min(attempt, BACK_OFF_SECONDS.length) - 1] ?? 60) * 1000
