/** Which methods of landing a target's rules rule out, whatever is to be landed. It knows rules by GitHub's names alone. */
import type { Evidence, Method } from '../../events.ts'

export interface Impossible {
  readonly reason: string
  /** What follows the target's name. */
  readonly words: string
  readonly evidence: Evidence
}

/** Why nothing can land by this method under these rules; null when something may. */
export function impossibleMethod(rules: readonly string[], method: Method): Impossible | null {
  if (method === 'merge' && rules.includes('required_linear_history'))
    return {
      reason: 'linear_history',
      words:
        'requires a linear history, so it takes no merge commits: set land.method to squash, rebase or fast-forward, then /release',
      evidence: { kind: 'rule', text: 'required_linear_history' },
    }
  // GitHub signs what its App makes in its own name; rebased commits keep the names of those who wrote them.
  if (method === 'rebase' && rules.includes('required_signatures'))
    return {
      reason: 'unsigned_rebase',
      words:
        'requires signed commits, and GitHub signs no commit that was rebased: set land.method to squash, merge or fast-forward, then /release',
      evidence: { kind: 'rule', text: 'required_signatures' },
    }
  return null
}
