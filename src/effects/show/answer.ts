/** Answers what people asked for, on the surface where they asked: a reaction, at most one reply, and the label taken off. */
import { type Said, threadOf } from '../../core/events/shapes.ts'
import type { NewEvent } from '../../core/events.ts'
import { RESUME_LABEL } from '../../core/render/follow-up.ts'
import * as reply from '../../core/render/reply.ts'
import type { Answer, Reactable } from '../../github/port.ts'
import { type EffectOf, need, outcome, refuseToRepeat, type Scene } from '../scene.ts'
import { findComment } from './find-comment.ts'

export async function answerCommand(effect: EffectOf<'answer-command'>, scene: Scene): Promise<NewEvent[]> {
  const { pull, issue, said, reaction } = effect
  const reactable = reactableOf(said)
  const words = effect.reply ?? (reactable ? null : reply.done())
  if (words !== null) await say(effect, scene, issue, `<!-- mainkeeper:reply comment=${threadOf(said)} -->`, words)
  if (reactable) tolerateGone(await scene.port.react(scene.fence, reactable, reaction))
  return [outcome(scene, 'command_acknowledged', { pull, ...said })]
}

/** What a reaction can be given to; not to a review as a whole, by REST, and not to a button. */
function reactableOf({ comment: id, on }: Said): Reactable | null {
  switch (on) {
    case undefined:
      return { on: 'comment', id }
    case 'review_comment':
      return { on, id }
    case 'description':
      return { on: 'issue', id }
    case 'review':
    case 'button':
      return null
    default:
      return on satisfies never
  }
}

export async function answerResume(effect: EffectOf<'answer-resume'>, scene: Scene): Promise<NewEvent[]> {
  const { pull, request, follow_up, reply: words } = effect
  const marker = `<!-- mainkeeper:resume request=${request} -->`
  // An issue that is locked or gone takes no answer: then the pull request does.
  const said = words === null || (await say(effect, scene, follow_up ?? pull, marker, words))
  if (words !== null && !said && follow_up !== null) await say(effect, scene, pull, marker, words)
  if (follow_up !== null) tolerateGone(await scene.port.removeLabel(scene.fence, follow_up, RESUME_LABEL))
  return [outcome(scene, 'resume_acknowledged', { pull, request })]
}

export async function tellTry(effect: EffectOf<'tell-try'>, scene: Scene): Promise<NewEvent[]> {
  const { pull, request } = effect
  await say(effect, scene, pull, `<!-- mainkeeper:try request=${request} -->`, effect.reply)
  return [outcome(scene, 'try_told', { pull, request })]
}

/** Whether it could be said. Said first: what follows it says how a thing has to be, and may be said again. */
async function say(
  effect: EffectOf<'answer-command' | 'answer-resume' | 'tell-try'>,
  scene: Scene,
  issue: number,
  marker: string,
  words: string,
): Promise<boolean> {
  if ((await findComment(scene, issue, marker)) !== null) return true
  refuseToRepeat(effect, scene)
  const commented = await scene.port.createComment(scene.fence, issue, `${marker}\n${words}`)
  tolerateGone(commented)
  return commented.ok
}

/** A comment that was deleted, or a locked conversation, needs no answer any more. */
function tolerateGone(answer: Answer<unknown>): void {
  if (answer.ok || answer.failure === 'gone' || answer.failure === 'forbidden') return
  need(answer)
}
