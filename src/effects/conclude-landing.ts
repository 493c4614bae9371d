/** The outcome of an attempt to move the target, in whichever mode it was made. */
import type { NewEvent, PayloadOf } from '../core/events.ts'
import { iso } from '../core/ids.ts'
import type { Landing } from '../core/queue/lane.ts'
import { outcome, type Scene } from './scene.ts'

type Concluded = PayloadOf<'landing_concluded'>

/** `target`: the commit at which it was seen. */
export function concluded(
  scene: Scene,
  { build }: Landing,
  result: Concluded['result'],
  target: string,
  told: Partial<Pick<Concluded, 'tree' | 'message' | 'landed_sha'>> = {},
): NewEvent {
  const { tree = null, message = null, landed_sha } = told
  return outcome(scene, 'landing_concluded', {
    build,
    result,
    target,
    tree,
    message: message?.slice(0, 2000) ?? null,
    ...(landed_sha === undefined ? {} : { landed_sha }),
    concluded_at: iso(scene.now()),
  })
}
