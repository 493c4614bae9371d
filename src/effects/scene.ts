/**
 * What every act on GitHub is given, and the two ways in which one ends: outcomes for the log, or a failure that `decide`
 * turns into waiting. It refuses to know the log: an effect cannot record its own success.
 */
import type { EventType, NewEvent, PayloadOf } from '../core/events.ts'
import type { Fence } from '../core/fence.ts'
import { type Instant, iso } from '../core/ids.ts'
import { backOff, type Effect, subjectOf } from '../core/queue/effect.ts'
import type { LaneView } from '../core/queue/view.ts'
import type { Answer, Failure, RepositoryPort } from '../github/port.ts'

export interface Scene {
  readonly port: RepositoryPort
  readonly fence: Fence
  readonly view: LaneView
  readonly now: () => Instant
}

/** The effect of one name, for the file that performs it. */
export type EffectOf<N extends Effect['effect']> = Extract<Effect, { effect: N }>

/** Carries a port's failure out of an act; `perform` turns it into `effect_failed`. Anything else that is thrown is a bug. */
export class EffectFailed extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

/** The answer's value; a failure ends the act. */
export function need<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value
  throw new EffectFailed(answer)
}

/** An outcome as this lane reports it now. */
export function outcome<T extends EventType>(scene: Scene, type: T, payload: PayloadOf<T>): NewEvent {
  return {
    type,
    payload,
    occurred_at: iso(scene.now()),
    source: 'lane',
    lane: scene.view.lane.target,
  } as unknown as NewEvent
}

/** Which try of an effect this is, counted from 1 since its last success. */
export function attemptOf(effect: Effect, scene: Scene): number {
  return (scene.view.lane.failures[`${effect.effect}:${subjectOf(effect)}`]?.attempt ?? 0) + 1
}

export function failed(effect: Effect, scene: Scene, failure: Failure): NewEvent {
  const attempt = attemptOf(effect, scene)
  const retry = scene.now() + backOff(attempt)
  return outcome(scene, 'effect_failed', {
    effect: effect.effect,
    subject: subjectOf(effect),
    failure: failure.failure,
    message: failure.message.slice(0, 2000),
    attempt,
    retry_at: iso(failure.failure === 'limited' ? Math.max(retry, failure.until) : retry),
  })
}
