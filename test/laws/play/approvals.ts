/**
 * Which heads were approved, by somebody who might, from one instant to the next: taken from GitHub whenever a person did
 * something, and never from what the bot knows.
 */
import type { Permission } from '../../../src/twin/state.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import type { PullView } from '../../../src/twin/twin-views.ts'

/** How it stood from this instant until the next one. */
export interface Standing {
  readonly from: number
  /** By pull request, its head where that was approved. */
  readonly approved: ReadonlyMap<number, string>
}

const MAY_APPROVE: readonly Permission[] = ['write', 'maintain', 'admin']

export function standingOf(
  repo: TwinRepository,
  permissions: ReadonlyMap<string, Permission>,
  required: number,
): Standing {
  const approved = repo.pulls().filter((pull) => isApproved(pull, permissions, required))
  return { from: repo.clock.now(), approved: new Map(approved.map(({ number, head }) => [number, head.sha])) }
}

/**
 * Of each reviewer the last word counts, and where it was dismissed none before it; one of before the last change of base is of
 * another change.
 */
export function isApproved(
  { reviews, head, baseChangedAt }: PullView,
  permissions: ReadonlyMap<string, Permission>,
  required: number,
): boolean {
  const counting = lastWords(reviews).filter(
    ({ by, state, commit, submittedAt }) =>
      state === 'APPROVED' &&
      commit === head.sha &&
      (baseChangedAt === null || second(submittedAt) > second(baseChangedAt)) &&
      MAY_APPROVE.includes(permissions.get(by) ?? 'none'),
  )
  return counting.length >= required
}

/** GitHub tells times to the second. */
const second = (at: number): number => Math.floor(at / 1000)

export function lastWords(reviews: PullView['reviews']): PullView['reviews'][number][] {
  const words = reviews.filter(({ state }) => state !== 'COMMENTED')
  return [...new Map(words.toSorted((a, b) => a.id - b.id).map((review) => [review.by, review])).values()]
}
