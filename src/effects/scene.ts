/**
 * What every act on GitHub is given, and the two ways in which one ends: outcomes for the log, or a failure that `decide`
 * turns into waiting. It refuses to know the log: an effect cannot record its own success.
 */
import type { EventType, NewEvent, PayloadOf } from '../core/events.ts'
import type { Fence } from '../core/fence.ts'
import { type Instant, iso, publishedRef } from '../core/ids.ts'
import { backOff, type Effect, subjectOf } from '../core/queue/effect.ts'
import type { LaneView } from '../core/queue/view.ts'
import type { Answer, Failure, RepositoryPort } from '../github/port.ts'

export interface Scene {
  readonly port: RepositoryPort
  /** The login under which we write, `mainkeeper[bot]`. */
  readonly bot: string
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

/** The ref that CI proves a build on: of a re-run that of the build whose jobs run again. */
export function refOf(build: string, { view }: Scene): string {
  const { builds, target } = view.lane
  return builds[build]?.published?.ref ?? publishedRef(target, build)
}

/** Which try of an effect this is, counted from 1 since its last success. */
export function attemptOf(effect: Effect, scene: Scene): number {
  return (lastFailure(effect, scene)?.attempt ?? 0) + 1
}

/** After 2, 7, 22 and 52 s, by the back-off, a list is looked at before a create that was not answered is repeated. */
const LOOKS = 5

/**
 * Ends an act short of making what an earlier try may have made: GitHub may list a new thing some seconds late, so that a list
 * without it proves nothing yet.
 */
export function refuseToRepeat(effect: Effect, scene: Scene): void {
  const last = lastFailure(effect, scene)
  if (last?.failure === 'unclear' && last.attempt < LOOKS)
    throw new EffectFailed({ failure: 'unclear', message: 'it may have been made, and GitHub does not list it yet' })
}

const lastFailure = (effect: Effect, { view }: Scene) => view.lane.failures[`${effect.effect}:${subjectOf(effect)}`]

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
