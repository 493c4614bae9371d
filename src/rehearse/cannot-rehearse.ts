/** The one way in which a rehearsal says no: a code, and words for whoever asked. It knows no exit code. */

export type Unfit =
  | 'git_missing'
  | 'git_too_old'
  | 'no_clone'
  | 'shallow'
  | 'partial'
  | 'sha256'
  | 'no_commits'
  | 'no_branch'
  | 'no_pulls'
  | 'ci_unstartable'
  | 'ci_red_at_start'

export class CannotRehearse extends Error {
  override readonly name = 'CannotRehearse'
  readonly code: Unfit

  constructor(code: Unfit, words: string) {
    super(words)
    this.code = code
  }
}
