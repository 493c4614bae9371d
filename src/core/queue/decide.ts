/**
 * The judgement of a lane: what its state calls for next. Pure and level-based: it looks at what is, not at what happened,
 * so it may be asked at any time, twice, or after a crash. Its rules stand in the order in which they are asked.
 */
import { REPOSITORY_LANE } from '../ids.ts'
import { isLane } from '../repository.ts'
import { type Decision, judge, type Rule } from './judgement.ts'
import { type Memory, newMemory } from './memory.ts'
import { assemblePlanned, dropObsolete, judgeRefusals, withdrawSpent } from './rules/builds/assembly.ts'
import { followPlan } from './rules/builds/plan.ts'
import { settleTries } from './rules/builds/tries.ts'
import { judgeBuilds } from './rules/builds/verdicts.ts'
import { answerCommands, lookUpAskers } from './rules/commands.ts'
import { tellConfigErrors } from './rules/config-errors.ts'
import { declare } from './rules/declare.ts'
import { queueReady, tidyEntries } from './rules/entries.ts'
import { noticeForcedPush, releaseProvable } from './rules/landing/clearance.ts'
import { tidyLanded } from './rules/landing/landed-pulls.ts'
import { settleLanding } from './rules/landing/landing.ts'
import { retargetStacked } from './rules/landing/stacked.ts'
import { answerResumes, noticeRechecks } from './rules/resumes.ts'
import { closeFollowUps, forgetSettled } from './rules/settle.ts'
import { showCheckRuns, showState } from './rules/surfaces.ts'
import { lookUpPowerless, observeUnknowns } from './rules/unknowns.ts'
import { beginShadow, judgeShadow, observeRules, takeBack } from './shadow/judge-shadow.ts'
import { laneConfig } from './shadow/shadow.ts'
import type { LaneView } from './view.ts'

const RULES: readonly Rule[] = [
  // An unfinished landing is settled before anything else is decided.
  settleLanding,
  noticeForcedPush,
  releaseProvable,
  // What people asked for, before the queue is judged by it.
  answerCommands,
  noticeRechecks,
  answerResumes,
  // Who is in the queue.
  declare,
  tidyEntries,
  queueReady,
  // What is known of the builds.
  judgeRefusals,
  dropObsolete,
  judgeBuilds,
  settleTries,
  // What to do on GitHub, the target first.
  withdrawSpent,
  followPlan,
  assemblePlanned,
  lookUpAskers,
  observeUnknowns,
  lookUpPowerless,
  // What people see.
  showState,
  closeFollowUps,
  // Before the branch that they stand on may be deleted.
  retargetStacked,
  tidyLanded,
  forgetSettled,
]

/** In a shadow what was begun live is brought to its end, and nothing else is done on GitHub but a neutral check run. */
const SHADOW_RULES: readonly Rule[] = [
  settleLanding,
  noticeForcedPush,
  beginShadow,
  answerCommands,
  declare,
  tidyEntries,
  queueReady,
  takeBack,
  settleTries,
  withdrawSpent,
  lookUpAskers,
  observeRules,
  observeUnknowns,
  lookUpPowerless,
  judgeShadow,
  showCheckRuns,
  closeFollowUps,
  tidyLanded,
  forgetSettled,
]

/** `memory` is handed in by whoever judges one lane again and again in one process; it changes no decision. */
export function decide(view: LaneView, memory: Memory = newMemory()): Decision {
  if (view.lane.target === REPOSITORY_LANE) return tellConfigErrors(view)
  const config = memory.config(view.repository, [view.lane.target, view.lane.shadow], () => laneConfig(view))
  if (!config || !isLane(view.repository, view.lane.target)) return { do: 'wait' }
  if (!view.repository.installed || view.repository.suspended) return { do: 'wait' }
  const judgement = judge(view, config, memory)
  for (const rule of config.mode === 'shadow' ? SHADOW_RULES : RULES) {
    const decision = rule(judgement)
    if (decision) return waitUntil(decision, judgement.next())
  }
  return waitUntil({ do: 'wait' }, judgement.next())
}

function waitUntil(decision: Decision, next: number | undefined): Decision {
  return decision.do === 'wait' && next !== undefined ? { do: 'wait', until: next } : decision
}
