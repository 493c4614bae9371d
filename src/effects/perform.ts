/** Performs effects and says what came of them, as events for the log. Which act it is, is one file each. */
import type { NewEvent } from '../core/events.ts'
import type { Effect } from '../core/queue/effect.ts'
import type { Step } from '../core/queue/steps.ts'
import { advanceTarget } from './advance-target.ts'
import { assembleBuild } from './assemble-build.ts'
import { closePull } from './landed/close-pull.ts'
import { deleteHeadBranch } from './landed/delete-head-branch.ts'
import { retargetPull } from './landed/retarget-pull.ts'
import { observeChecks, observeProtection, observePulls, observeTarget } from './observe.ts'
import { rerunJobs } from './rerun-jobs.ts'
import { EffectFailed, failed, type Scene } from './scene.ts'
import { answerCommand, answerResume, tellTry } from './show/answer.ts'
import { showCheckRun, showCheckRuns, showConfigErrors } from './show/show-check-run.ts'
import { showComment } from './show/show-comment.ts'
import { closeFollowUp, showFollowUp } from './show/show-follow-up.ts'
import { withdrawBuild } from './withdraw-build.ts'

/** What came of a step, of each of its effects by itself. */
export async function performStep(step: Step, scene: Scene): Promise<readonly NewEvent[]> {
  const [first] = step
  if (step.length === 1) return perform(first, scene)
  const events: NewEvent[] = []
  for (const { effect, answer } of await showCheckRuns(step, scene)) {
    if (answer.ok) events.push(answer.value)
    // It is looked for, and made where it is not there.
    else if (answer.failure === 'gone') events.push(...(await perform(effect, scene)))
    else events.push(failed(effect, scene, answer))
  }
  return events
}

export async function perform(effect: Effect, scene: Scene): Promise<readonly NewEvent[]> {
  try {
    return await act(effect, scene)
  } catch (error) {
    if (error instanceof EffectFailed) return [failed(effect, scene, error.failure)]
    throw error
  }
}

function act(effect: Effect, scene: Scene): Promise<readonly NewEvent[]> {
  switch (effect.effect) {
    case 'observe-pulls':
      return observePulls(effect, scene)
    case 'observe-protection':
      return observeProtection(scene)
    case 'observe-target':
      return observeTarget(effect, scene)
    case 'observe-checks':
      return observeChecks(effect, scene)
    case 'assemble-build':
      return assembleBuild(effect, scene)
    case 'rerun-jobs':
      return rerunJobs(effect, scene)
    case 'withdraw-build':
      return withdrawBuild(effect, scene)
    case 'advance-target':
      return advanceTarget(effect, scene)
    case 'close-pull':
      return closePull(effect, scene)
    case 'retarget-pull':
      return retargetPull(effect, scene)
    case 'delete-head-branch':
      return deleteHeadBranch(effect, scene)
    case 'show-check-run':
      return showCheckRun(effect, scene)
    case 'show-config-errors':
      return showConfigErrors(effect, scene)
    case 'show-comment':
      return showComment(effect, scene)
    case 'show-follow-up':
      return showFollowUp(effect, scene)
    case 'close-follow-up':
      return closeFollowUp(effect, scene)
    case 'answer-command':
      return answerCommand(effect, scene)
    case 'answer-resume':
      return answerResume(effect, scene)
    case 'tell-try':
      return tellTry(effect, scene)
    default:
      return effect satisfies never
  }
}
