/** What stands on a simulated GitHub for people to read: under which id it is known, and the event that writing it yields. */
import type { NewEvent } from '../core/events.ts'
import type { Instant } from '../core/ids.ts'
import type { Effect } from '../core/queue/effect.ts'
import type { Lane } from '../core/queue/lane.ts'
import { followUpMarker } from '../core/render/follow-up.ts'
import { outcome, TARGET } from './facts.ts'

type Shown = Extract<Effect, { effect: 'show-check-run' | 'show-comment' | 'show-follow-up' }>

/** The id of what would be edited; null where it is still to be made. */
export function knownAs(effect: Shown, { surfaces, follow_ups }: Lane): number | null {
  const surface = surfaces[effect.pull]
  switch (effect.effect) {
    case 'show-check-run':
      return surface?.check_run?.sha === effect.sha ? surface.check_run.id : null
    case 'show-comment':
      return surface?.comment?.id ?? null
    case 'show-follow-up':
      return follow_ups[effect.pull]?.issue ?? null
    default:
      return effect satisfies never
  }
}

export function written(effect: Shown, as: { readonly id: number; readonly isNew: boolean }, at: Instant): NewEvent {
  const { pull, content } = effect
  switch (effect.effect) {
    case 'show-check-run':
      return outcome('check_run_written', { pull, sha: effect.sha, check_run: as.id, node: `CR_${as.id}`, content }, at)
    case 'show-comment':
      return outcome('comment_written', { pull, comment: as.id, content }, at)
    case 'show-follow-up': {
      const told = { pull, issue: as.id, marker: followUpMarker(TARGET, pull), content }
      return outcome(as.isNew ? 'follow_up_opened' : 'follow_up_updated', told, at)
    }
    default:
      return effect satisfies never
  }
}
