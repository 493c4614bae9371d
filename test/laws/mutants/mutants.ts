/**
 * Small faults, at least one for each law, with the law that has to notice it by its kept cases. Data; how one is put in is
 * `mutant.ts`'s.
 */
import type { Mutant, Noticing } from './mutant.ts'

const landsWhilePending: Mutant = {
  title: 'a check that has not ended counts as passed',
  file: 'src/core/readiness/checks.ts',
  find: ": 'pending'\n  const seconds",
  replace: ": 'passed'\n  const seconds",
}

const takesAnyTree: Mutant = {
  title: 'what GitHub merged is not compared with what was tested',
  file: 'src/effects/land-natively.ts',
  find: "tree === build.published?.tree ? 'landed' : 'mismatched'",
  replace: "tree ? 'landed' : 'mismatched'",
}

const mergesAnywhere: Mutant = {
  title: 'GitHub is asked to merge whatever the pull request goes into',
  file: 'src/effects/land-natively.ts',
  find: 'if (pull.base !== view.lane.target) return',
  replace: 'if (!pull.base) return',
}

const provesAnotherTree: Mutant = {
  title: 'the proof names another tree than the one that was tested',
  file: 'src/core/queue/rules/landing/landing.ts',
  find: '      tree,\n      base: build.base,',
  replace: '      tree: build.base,\n      base: build.base,',
}

const dismissalForgotten: Mutant = {
  title: 'an approval that arrives after its dismissal counts',
  file: 'src/core/readiness/pull-request.ts',
  find: 'const final = pull.reviews[review.review_id]?.dismissed ?? false',
  replace: 'const final = false',
}

const pullsBeginAnew: Mutant = {
  title: 'an append folds its events onto a pull request that it did not read',
  file: 'src/store/fold/known.ts',
  find: 'pullOf(tx).execute({ repository, number })',
  replace: 'pullOf(tx).execute({ repository, number: -number })',
}

const anyEpochAppends: Mutant = {
  title: 'the epoch is not looked at in the transaction of the append',
  file: 'src/store/append/guard.ts',
  find: "if (fence && (await holding(tx, fence)).lapse) return { why: 'fenced' }",
  replace: 'if (fence) await holding(tx, fence)',
}

const writesToTheEnd: Mutant = {
  title: 'writes are sent however little of the lease is left',
  file: 'src/github/call.ts',
  find: 'const LEASE_FLOOR = 40_000',
  replace: 'const LEASE_FLOOR = Number.NEGATIVE_INFINITY',
}

const advancesWithoutTheRef: Mutant = {
  title: 'the advance does not delete the published ref in the same call',
  file: 'src/github/calls/advance.ts',
  find: '{ name: move.published, beforeOid: move.to, afterOid: ZERO_SHA, force: true },',
  replace: '',
}

const blockHoldsUp: Mutant = {
  title: 'nothing is built while somebody is blocked',
  file: 'src/core/queue/rules/builds/plan.ts',
  find: 'if (!anybody) return null',
  replace: 'if (!anybody || Object.values(lane.blocks).length > 0) return null',
}

const commentsTwice: Mutant = {
  title: 'a comment is written without looking for the one that is there',
  file: 'src/effects/show/show-comment.ts',
  find: '(await findComment(scene, pull, COMMENT_MARKER))',
  replace: '(await Promise.resolve(null))',
}

const believesOldLooks: Mutant = {
  title: 'a look at GitHub never grows old',
  file: 'src/core/queue/judgement.ts',
  find: 'const FRESH = 60_000',
  replace: 'const FRESH = Number.POSITIVE_INFINITY',
}

const leavesScratch: Mutant = {
  title: 'scratch refs of a predecessor that died are not deleted',
  file: 'src/effects/assemble-build.ts',
  find: '  if (mayHaveBegun(build, scene)) await deleteLeftScratch(build, scene)\n',
  replace: '',
}

const neverComesBack: Mutant = {
  title: 'who lost its readiness and has it again is not queued again',
  file: 'src/core/queue/rules/entries.ts',
  find: "return ended.reason === 'readiness_lost' || ended",
  replace: 'return ended',
}

const saysNothingWhileWaiting: Mutant = {
  title: 'nothing is shown of a pull request before it was queued',
  file: 'src/core/queue/rules/surfaces.ts',
  find: 'if (!pull.seen || !leadsTo(view, lane.target, pull.seen)) return null\n  const shown',
  replace:
    'if (!pull.seen || !leadsTo(view, lane.target, pull.seen) || !lane.ended[pull.number]) return null\n  const shown',
}

const judges = '/test/laws/judges'

/** Every mutant, beside the law that has to notice it. */
export const MUTANTS: readonly (Mutant & { readonly law: Noticing })[] = [
  { ...landsWhilePending, law: { module: `${judges}/only-proven-commits.ts`, name: 'onlyProvenCommits', kept: 0 } },
  { ...takesAnyTree, law: { module: `${judges}/only-proven-commits.ts`, name: 'onlyProvenCommits', kept: 1 } },
  { ...mergesAnywhere, law: { module: `${judges}/only-proven-commits.ts`, name: 'onlyProvenCommits', kept: 2 } },
  { ...provesAnotherTree, law: { module: `${judges}/landed-is-tested.ts`, name: 'landedIsTested', kept: 0 } },
  { ...believesOldLooks, law: { module: `${judges}/approved-when-landed.ts`, name: 'approvedWhenLanded', kept: 0 } },
  { ...dismissalForgotten, law: { module: `${judges}/any-order.ts`, name: 'anyOrder', kept: 0 } },
  { ...pullsBeginAnew, law: { module: `${judges}/rebuild-equals-live.ts`, name: 'rebuildEqualsLive', kept: 0 } },
  { ...anyEpochAppends, law: { module: `${judges}/stale-epoch.ts`, name: 'staleEpoch', kept: 0 } },
  { ...writesToTheEnd, law: { module: `${judges}/stale-epoch.ts`, name: 'staleEpoch', kept: 0 } },
  { ...advancesWithoutTheRef, law: { module: `${judges}/stale-epoch.ts`, name: 'staleEpoch', kept: 0 } },
  { ...leavesScratch, law: { module: `${judges}/same-end.ts`, name: 'sameEnd', kept: 0 } },
  { ...neverComesBack, law: { module: `${judges}/nobody-waits-in-vain.ts`, name: 'nobodyWaitsInVain', kept: 0 } },
  {
    ...saysNothingWhileWaiting,
    law: { module: `${judges}/nobody-waits-in-vain.ts`, name: 'nobodyWaitsInVain', kept: 0 },
  },
  { ...blockHoldsUp, law: { module: `${judges}/blocked-moves-nothing.ts`, name: 'blockedMovesNothing', kept: 0 } },
  { ...commentsTwice, law: { module: `${judges}/one-of-each.ts`, name: 'oneOfEach', kept: 0 } },
]
