/** One small fault for each law, which that law has to notice. Data; how one is put in is `mutant.ts`'s. */
import type { Mutant } from './mutant.ts'

export const landsWhilePending: Mutant = {
  title: 'a build counts as passed as soon as nothing failed',
  file: 'src/core/queue/rules/verdicts.ts',
  find: "if ([...states].every((state) => state === 'passed'))",
  replace: "if (!states.has('failed'))",
}

export const provesAnotherTree: Mutant = {
  title: 'the proof names another tree than the one that was tested',
  file: 'src/core/queue/rules/landing.ts',
  find: '      tree,\n      base: build.base,',
  replace: '      tree: build.base,\n      base: build.base,',
}

export const dismissalForgotten: Mutant = {
  title: 'an approval that arrives after its dismissal counts',
  file: 'src/core/readiness/pull-request.ts',
  find: 'const final = pull.reviews[review.review_id]?.dismissed ?? false',
  replace: 'const final = false',
}

export const pullsBeginAnew: Mutant = {
  title: 'an append folds its events onto a pull request that it did not read',
  file: 'src/store/fold/known.ts',
  find: 'eq(pullRequest.number, number)))',
  replace: 'eq(pullRequest.number, -number)))',
}

export const anyEpochAppends: Mutant = {
  title: 'the epoch is not looked at in the transaction of the append',
  file: 'src/store/append/guard.ts',
  find: "if (fence && (await holding(tx, fence)).lapse) return 'fenced'",
  replace: 'if (fence) await holding(tx, fence)',
}

export const writesToTheEnd: Mutant = {
  title: 'writes are sent however little of the lease is left',
  file: 'src/github/call.ts',
  find: 'const LEASE_FLOOR = 40_000',
  replace: 'const LEASE_FLOOR = Number.NEGATIVE_INFINITY',
}

export const advancesWithoutTheRef: Mutant = {
  title: 'the advance does not delete the published ref in the same call',
  file: 'src/github/calls/advance.ts',
  find: '{ name: move.published, beforeOid: move.to, afterOid: ZERO_SHA, force: true },',
  replace: '',
}

export const blockHoldsUp: Mutant = {
  title: 'nothing is built while somebody is blocked',
  file: 'src/core/queue/rules/plan.ts',
  find: 'Object.values(lane.builds).length > 0)',
  replace: 'Object.values(lane.builds).length + Object.values(lane.blocks).length > 0)',
}

export const commentsTwice: Mutant = {
  title: 'a comment is written without looking for the one that is there',
  file: 'src/effects/show-comment.ts',
  find: '(await findComment(scene, pull, COMMENT_MARKER))',
  replace: '(await Promise.resolve(null))',
}
