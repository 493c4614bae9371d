/**
 * By which method a pull request lands: its own label before the configuration; and which methods a target rules out,
 * whatever is to be landed. It knows rules by GitHub's names alone.
 */
import type { Config } from './config.ts'
import type { HoldReason } from './events/requests.ts'
import type { Evidence, Method, Mode } from './events/shapes.ts'

const METHODS: Readonly<Record<string, Method>> = {
  'mainkeeper:merge': 'merge',
  'mainkeeper:squash': 'squash',
  'mainkeeper:rebase': 'rebase',
  'mainkeeper:fast-forward': 'fast-forward',
}

export interface Chosen {
  readonly method: Method
  /** The labels of the pull request that choose a method; none: the configuration does. More than one: nobody knows which. */
  readonly labels: readonly string[]
}

export function chosenMethod(labels: readonly string[], { land }: Config): Chosen {
  const choosing = labels.filter((label) => METHODS[label.toLowerCase()] !== undefined)
  return { method: METHODS[choosing[0]?.toLowerCase() ?? ''] ?? land.method, labels: choosing }
}

export interface Impossible {
  readonly reason: HoldReason
  /** What follows the target's name. */
  readonly words: string
  /** The methods that are left. */
  readonly instead: string
  readonly evidence: Evidence
}

/** Why nothing can land by this method on a target of these rules; null when something may. */
export function impossibleMethod(rules: readonly string[], method: Method, mode: Mode): Impossible | null {
  if (method === 'merge' && rules.includes('required_linear_history'))
    return {
      reason: 'linear_history',
      words: 'requires a linear history, so it takes no merge commits',
      instead: mode === 'native' ? 'squash or rebase' : 'squash, rebase or fast-forward',
      evidence: { kind: 'rule', text: 'required_linear_history' },
    }
  // GitHub signs what its App makes in its own name; rebased commits keep the names of those who wrote them, and its own
  // rebase signs none: https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification
  if (method === 'rebase' && rules.includes('required_signatures'))
    return {
      reason: 'unsigned_rebase',
      words: 'requires signed commits, and GitHub signs no commit that was rebased',
      instead: mode === 'native' ? 'squash or merge' : 'squash, merge or fast-forward',
      evidence: { kind: 'rule', text: 'required_signatures' },
    }
  if (method === 'fast-forward' && mode === 'native')
    return {
      reason: 'native_fast_forward',
      words: 'is landed on by GitHub itself (land.mode: native), which never fast-forwards',
      instead: 'merge, squash or rebase',
      evidence: { kind: 'rule', text: 'land.mode: native' },
    }
  return null
}
