/**
 * The rules that a repository has for its branches, as a maintainer sets them: classic protection, and rulesets. What
 * they forbid to whom is found out in `protection.ts`.
 */

export interface RequiredCheck {
  readonly context: string
  readonly appId?: number
}

/** Classic protection of one branch, or of the branches that a pattern matches. */
export interface Protection {
  readonly id: number
  readonly pattern: string
  readonly requiredChecks?: readonly RequiredCheck[]
  readonly strict?: boolean
  readonly enforceAdmins?: boolean
  /** Logins, or 'app' for the App under test, that may push; nobody else may. */
  readonly restrictPushesTo?: readonly string[]
  readonly requiredReviews?: {
    readonly count: number
    readonly dismissStale?: boolean
    readonly codeOwners?: boolean
    readonly lastPush?: boolean
    readonly bypass?: readonly string[]
  }
  readonly allowForcePushes?: boolean
  readonly allowDeletions?: boolean
  readonly linearHistory?: boolean
  readonly signatures?: boolean
  readonly conversationResolution?: boolean
  readonly lock?: boolean
}

export type Rule =
  | {
      readonly type:
        | 'creation'
        | 'update'
        | 'deletion'
        | 'non_fast_forward'
        | 'required_linear_history'
        | 'required_signatures'
    }
  | { readonly type: 'required_status_checks'; readonly checks: readonly RequiredCheck[]; readonly strict?: boolean }
  | {
      readonly type: 'pull_request'
      readonly approvals?: number
      readonly dismissStale?: boolean
      readonly codeOwners?: boolean
      readonly lastPush?: boolean
      readonly threads?: boolean
    }

export interface Ruleset {
  readonly id: number
  readonly nodeId: string
  readonly name: string
  readonly target: 'branch' | 'tag'
  enforcement: 'active' | 'disabled' | 'evaluate'
  /** Fully qualified patterns, `~ALL` or `~DEFAULT_BRANCH`. */
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly rules: readonly Rule[]
  /** Logins, or 'app' for the App under test. */
  readonly bypass: readonly string[]
  /** Of the organization, not of the repository alone. */
  readonly ofOrganization: boolean
  readonly createdAt: number
}
