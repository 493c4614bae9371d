/**
 * What comes of planned builds before CI sees them: assembled, refused, or obsolete, and withdrawn when nobody needs them.
 */
import type { Evidence } from '../../../events/shapes.ts'
import type { NewEvent, PayloadOf } from '../../../events.ts'
import { iso } from '../../../ids.ts'
import { chosenMethod } from '../../../landing-method.ts'
import type { Effect } from '../../effect.ts'
import { type Decision, event, type Judgement, perform, type Rule, record } from '../../judgement.ts'
import type { Build } from '../../lane.ts'
import { blockedBy } from '../blocked.ts'
import { isKept } from './rerun.ts'
import { stillHolds } from './verdicts.ts'

/** What nobody needs any more is deleted on GitHub before anything is decided on its absence (the fence's third layer). */
export const withdrawSpent: Rule = (judgement) => {
  const spent = Object.values(judgement.lane.builds).filter(
    (build) => build.spent && !build.withdrawn && !isKept(judgement, build),
  )
  const effects = spent.map((build) => ({ effect: 'withdraw-build' as const, build: build.build }))
  return perform(effects.filter((effect) => judgement.due(effect)))
}

/** One after the other: the next goes on from the commits that the one before it made. What is only tried comes last. */
export const assemblePlanned: Rule = (judgement) => {
  const planned = Object.values(judgement.lane.builds).filter(
    (build) => !build.spent && !build.published && !build.refusal,
  )
  planned.sort((a, b) => Number(a.purpose === 'try') - Number(b.purpose === 'try'))
  const effects = planned.map(
    ({ build, rerun }): Effect => ({ effect: rerun ? 'rerun-jobs' : 'assemble-build', build }),
  )
  return perform(effects.filter((effect) => judgement.due(effect)).slice(0, 1))
}

/** An assembly that GitHub refused, told apart by its reason. */
export const judgeRefusals: Rule = (judgement) => {
  for (const build of Object.values(judgement.lane.builds)) {
    if (!build.spent && build.refusal && build.purpose !== 'try') return refused(judgement, build, build.refusal)
  }
  return null
}

function refused(judgement: Judgement, build: Build, refusal: PayloadOf<'assembly_refused'>): Decision | null {
  const { pull, reason, message, files } = refusal
  const member = build.members.find((one) => one.pull === pull) ?? { pull, sha: build.base }
  const block = (code: Parameters<typeof blockedBy>[2], evidence: readonly Evidence[] = []) =>
    record([blockedBy(judgement, member, code, { build: build.build, message, evidence })])
  switch (reason) {
    case 'merge_conflict':
      return block(
        'merge_conflict',
        files.map((text) => ({ kind: 'file' as const, text })),
      )
    case 'too_large':
      return block('too_large')
    case 'permission':
      return block('permission_missing')
    case 'protection':
      return block('protection_refused')
    case 'refused':
      return block('assembly_refused')
    case 'behind':
      return block('branch_behind', [{ kind: 'commit', text: build.base }])
    case 'contained':
      return record([integratedAlready(judgement, member, build, member.sha), ...without(judgement, build)])
    case 'unchanged':
      return record([integratedAlready(judgement, member, build, build.base), ...without(judgement, build)])
    case 'gone':
      return record([event(judgement, 'candidate_dequeued', { pull, sha: member.sha, reason: 'gone' })])
    case 'conflict_with_member':
    case 'moved':
      return record([obsolete(judgement, build)])
    default:
      return reason satisfies never
  }
}

function integratedAlready(
  judgement: Judgement,
  member: { pull: number; sha: string },
  build: Build,
  landed_sha: string,
) {
  const seen = judgement.view.pulls.get(member.pull)?.seen
  return event(judgement, 'integration_completed', {
    pull: member.pull,
    branch: seen?.branch ?? judgement.lane.entries[member.pull]?.branch ?? `pull/${member.pull}`,
    sha: member.sha,
    landed_sha,
    tree: null,
    base: build.base,
    build: build.build,
    method: build.method,
    checks: [],
    approvals: [],
    observed_at: null,
    landed_at: iso(judgement.now),
  })
}

/** A build whose base is not the tip any more, or one of whose members is not wanted any more, proves nothing of use. */
export const dropObsolete: Rule = (judgement) => {
  const { lane, config, view } = judgement
  const stale = Object.values(lane.builds).filter((build) => {
    if (build.spent || build.refusal || build.purpose === 'try') return false
    if (lane.tip !== null && lane.tip !== build.base) return true
    if (config.mode !== 'live') return false
    if (build.verdict === 'passed' && !lane.landing && !stillHolds(judgement, build)) return true
    return build.members.some(({ pull, sha }) => {
      const seen = view.pulls.get(pull)?.seen
      if (lane.entries[pull]?.sha !== sha || seen?.sha !== sha) return true
      // A label may have chosen another method since.
      return chosenMethod(seen.labels, config).method !== build.method
    })
  })
  return record(stale.map((build) => obsolete(judgement, build)))
}

const obsolete = (judgement: Judgement, build: Build) =>
  event(judgement, 'build_concluded', {
    build: build.build,
    verdict: 'obsolete',
    checks: [...build.checks],
    concluded_at: iso(judgement.now),
  })

/** The others of a build that one left without harm. */
const without = (judgement: Judgement, build: Build): NewEvent[] =>
  build.members.length > 1 ? [obsolete(judgement, build)] : []
