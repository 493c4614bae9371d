/**
 * Reviews of pull requests: submitted, edited, dismissed. Whether a review counts for anything is not known here.
 */
import { emit } from '../emit.ts'
import { pullPayload, reviewPayload } from '../payloads/pulls.ts'
import { invalid, Problem } from '../problem.ts'
import type { Act, Pull, Review, ReviewState } from '../state.ts'
import type { World } from '../world.ts'

/** Submits a review of the head, or of an older commit; 422 for an author who approves their own work. */
export function submitReview(
  world: World,
  pull: Pull,
  act: Act,
  review: { state: ReviewState; body: string; commit?: string | undefined },
): Review {
  if (review.state !== 'COMMENTED' && act.by === pull.issue.user)
    throw new Problem(422, 'Unprocessable Entity: Can not approve your own pull request')
  if (review.commit !== undefined && !pull.repo.git.graph.find(review.commit))
    throw invalid('PullRequestReview', 'commit_id', 'invalid')
  const id = world.nextId()
  const submitted: Review = {
    id,
    nodeId: world.nodeId('PRR', id),
    pull,
    user: act.by,
    state: review.state,
    body: review.body,
    commit: review.commit ?? pull.head.sha,
    submittedAt: world.now(),
    updatedAt: world.now(),
  }
  pull.reviews.push(submitted)
  pull.issue.updatedAt = world.now()
  emitReview(world, submitted, act, 'submitted')
  return submitted
}

/** Dismisses an approval or a request for changes. */
export function dismiss(world: World, review: Review, act: Act): void {
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw new Problem(422, `Can not dismiss a ${review.state.toLowerCase()} pull request review`)
  review.state = 'DISMISSED'
  review.updatedAt = world.now()
  review.pull.issue.updatedAt = world.now()
  emitReview(world, review, act, 'dismissed')
}

/** Changes the text of a review. */
export function editReview(world: World, review: Review, act: Act, body: string): void {
  const from = review.body
  review.body = body
  review.updatedAt = world.now()
  emitReview(world, review, act, 'edited', { changes: { body: { from } } })
}

/** Opens a conversation on the diff; what is said in it is not kept. */
export function openThread(world: World, pull: Pull): string {
  const id = `PRRT_${world.nextId()}`
  pull.threads.push({ id, resolved: false })
  return id
}

/** Resolves a conversation. */
export function resolveThread(world: World, pull: Pull, act: Act, thread: Pull['threads'][number]): void {
  thread.resolved = true
  emit(world, pull.repo, act, 'pull_request_review_thread', 'resolved', {
    thread: { node_id: thread.id, comments: [] },
    pull_request: pullPayload(world, pull),
  })
}

function emitReview(world: World, review: Review, act: Act, action: string, more: Record<string, unknown> = {}): void {
  emit(world, review.pull.repo, act, 'pull_request_review', action, {
    review: reviewPayload(world, review, true),
    pull_request: pullPayload(world, review.pull),
    ...more,
  })
}
