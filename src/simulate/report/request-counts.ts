/**
 * How many requests to GitHub each act costs when nothing goes wrong, counted off the file under `effects/` of its name and
 * the calls under `github/calls/`. One place, one figure for each call; tokens and repeats are left out.
 */
import type { EffectName } from '../../core/queue/effect.ts'

/** What a request count depends on. */
export interface Done {
  /** Merges that were made, and whether the last one conflicted behind other members. */
  readonly merges?: number
  readonly refused?: 'target' | 'member'
  /** People whose permission was asked for. */
  readonly users?: number
  readonly pulls?: number
  /** What is written there stands there already, under a known id. */
  readonly known?: boolean
}

type Count = (done: Done) => number

const COUNTS: Readonly<Record<EffectName, Count>> = {
  // One GraphQL document for all of them, and one look for each person.
  'observe-pulls': ({ users = 0, pulls = 0 }) => users + (pulls > 0 ? 1 : 0),
  // Rulesets, and classic protection.
  'observe-protection': () => 2,
  // The ref, and a comparison.
  'observe-target': () => 2,
  // Check runs, suites, statuses.
  'observe-checks': () => 3,
  'assemble-build': ({ merges = 0, refused }) =>
    // A scratch ref is made and deleted around the merges; none, where an earlier build holds all of them.
    (merges > 0 ? merges + 2 : 0) +
    // The ref is published.
    (refused === undefined ? 1 : 0) +
    // What each side changed, for the files that conflict.
    (refused === undefined ? 0 : 2) +
    // A scratch ref for it alone, and that is deleted.
    (refused === 'member' ? 2 : 0),
  'rerun-jobs': () => 1,
  // The published ref, and a look for scratch refs.
  'withdraw-build': () => 2,
  // One mutation moves the target and deletes the ref; the target and the commit are read by one document.
  'advance-target': () => 2,
  // The pull request, its comments, a comment, the closing.
  'close-pull': () => 4,
  'retarget-pull': () => 1,
  // Who else uses it (two lists and the repository), the ref, the deletion.
  'delete-head-branch': () => 5,
  // Edited, as many at once as follow each other, or looked for and made.
  'show-check-run': ({ known = false }) => (known ? 1 : 2),
  'show-config-errors': () => 2,
  'show-comment': ({ known = false }) => (known ? 1 : 2),
  // Looked for by its label, the label made sure of, whether its author can be assigned, the issue.
  'show-follow-up': ({ known = false }) => (known ? 1 : 4),
  'close-follow-up': () => 3,
  // The comments, a reply, a reaction.
  'answer-command': () => 3,
  'answer-resume': () => 3,
  'tell-try': () => 2,
}

export const requestsOf = (effect: EffectName, done: Done): number => COUNTS[effect](done)
