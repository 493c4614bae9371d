/**
 * What becomes of tries: begun when a slot is free, concluded by what CI says, given up when nobody can want them any more.
 * None holds a lane, blocks a pull request or lands.
 */
import type { Evidence } from '../../../events/shapes.ts'
import type { NewEvent, PayloadOf } from '../../../events.ts'
import { iso } from '../../../ids.ts'
import { chosenMethod, impossibleMethod } from '../../../landing-method.ts'
import { requiredContexts } from '../../../readiness/checks.ts'
import { leadsTo } from '../../../readiness/stack.ts'
import { notTried, provesNothing, tryEnded } from '../../../render/words/try.ts'
import { type Decision, event, isProtectionDue, type Judgement, perform, type Rule, record } from '../../judgement.ts'
import type { Build } from '../../lane.ts'
import type { Try } from '../../try.ts'
import { evidenceOf, nothingProves } from './verdicts.ts'

export const settleTries: Rule = (judgement) =>
  record(
    Object.values(judgement.lane.tries).flatMap((trial) => {
      const end = trial.ended === null ? endOf(judgement, trial) : null
      return end ? [concludeTry(judgement, trial, end.result, end.reply)] : []
    }),
  )

type Result = PayloadOf<'try_concluded'>['result']
interface End {
  readonly result: Result
  readonly reply: string | null
}

export const concludeTry = (judgement: Judgement, trial: Try, result: Result, reply: string | null): NewEvent =>
  event(judgement, 'try_concluded', {
    pull: trial.pull,
    request: trial.request,
    sha: trial.sha,
    build: trial.build,
    result,
    reply,
    concluded_at: iso(judgement.now),
  })

function endOf({ lane, view, config }: Judgement, trial: Try): End | null {
  const seen = view.pulls.get(trial.pull)?.seen
  const over = config.mode === 'shadow' || (seen && (seen.state !== 'open' || !leadsTo(view, lane.target, seen)))
  if (over) return { result: 'withdrawn', reply: null }
  const build = trial.build === null ? undefined : lane.builds[trial.build]
  if (build?.refusal) return refused(trial, build.refusal)
  return build?.verdict && build.verdict !== 'obsolete' ? ended(lane.target, trial, build, build.verdict) : null
}

function refused({ sha }: Try, { reason, message, files }: PayloadOf<'assembly_refused'>): End {
  const evidence = files.map((text): Evidence => ({ kind: 'file', text }))
  return { result: 'refused', reply: notTried(sha, message || reason, evidence) }
}

function ended(target: string, { sha }: Try, build: Build, result: Exclude<Build['verdict'], null | 'obsolete'>): End {
  const { base, published, checks } = build
  return { result, reply: tryEnded({ target, sha, base, built: published?.sha ?? null }, result, evidenceOf(checks)) }
}

/** The build of a try, or why there can be none; null while what is required is looked up. */
export function startTry(judgement: Judgement, request: string | undefined): Decision | null {
  const { lane, config, view, now } = judgement
  const trial = lane.tries[request ?? '']
  const base = trial?.base ?? lane.tip
  if (!trial || base === null) return null
  const required = requiredContexts(view.repository, lane.target, config)
  const protection = { effect: 'observe-protection' as const }
  if (required === 'unknown' || isProtectionDue(judgement))
    return judgement.due(protection) ? perform([protection]) : null
  const { method } = chosenMethod(view.pulls.get(trial.pull)?.seen?.labels ?? [], config)
  const rules = view.repository.protections[lane.target]?.rules ?? []
  const impossible = impossibleMethod(rules, method, config.land.mode)
  const why = nothingProves(required, config)
    ? provesNothing(lane.target)
    : impossible && `${lane.target} ${impossible.words}`
  if (why) return record([concludeTry(judgement, trial, 'refused', notTried(trial.sha, why))])
  return record([
    event(judgement, 'build_planned', {
      build: `b${view.position}`,
      base,
      parent: null,
      members: [{ pull: trial.pull, sha: trial.sha }],
      attempt: 1,
      purpose: 'try',
      method,
      mode: config.land.mode,
      planned_at: iso(now),
    }),
  ])
}
