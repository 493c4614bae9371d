/** Answers what people asked for, on the surface where they asked: a reaction, at most one reply, and the label taken off. */
import type { NewEvent } from '../core/events.ts'
import { RESUME_LABEL } from '../core/render/follow-up.ts'
import type { Answer } from '../github/port.ts'
import { findComment } from './find-comment.ts'
import { type EffectOf, need, outcome, type Scene } from './scene.ts'

export async function answerCommand(effect: EffectOf<'answer-command'>, scene: Scene): Promise<NewEvent[]> {
  const { pull, comment, reaction, reply } = effect
  tolerateGone(await scene.port.react(scene.fence, comment, reaction))
  if (reply !== null) await say(scene, effect.issue, `<!-- mainkeeper:reply comment=${comment} -->`, reply)
  return [outcome(scene, 'command_acknowledged', { pull, comment })]
}

export async function answerResume(effect: EffectOf<'answer-resume'>, scene: Scene): Promise<NewEvent[]> {
  const { pull, request, follow_up, reply } = effect
  if (follow_up !== null) tolerateGone(await scene.port.removeLabel(scene.fence, follow_up, RESUME_LABEL))
  if (reply !== null) await say(scene, follow_up ?? pull, `<!-- mainkeeper:resume request=${request} -->`, reply)
  return [outcome(scene, 'resume_acknowledged', { pull, request })]
}

async function say(scene: Scene, issue: number, marker: string, words: string): Promise<void> {
  if ((await findComment(scene, issue, marker)) !== null) return
  tolerateGone(await scene.port.createComment(scene.fence, issue, `${marker}\n${words}`))
}

/** A comment that was deleted, or a locked conversation, needs no answer any more. */
function tolerateGone(answer: Answer<unknown>): void {
  if (answer.ok || answer.failure === 'gone' || answer.failure === 'forbidden') return
  need(answer)
}
