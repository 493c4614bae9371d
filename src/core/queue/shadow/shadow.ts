/**
 * A lane's shadow: since when it judges without landing, what it judged of each candidate, and who accepted what came of
 * it. Folded from events; what to judge, and how it compares with what people did, is in the files beside it.
 */
import { type Config, modeFor } from '../../config.ts'
import type { LoggedEvent, PayloadOf } from '../../events.ts'
import { configFor } from '../../repository.ts'
import { put } from '../fold/table.ts'
import type { Lane } from '../lane.ts'
import type { LaneView } from '../view.ts'

/**
 * The configuration that counts for a lane now. `mode: live` after a shadow counts only once somebody accepted the shadow.
 * Null: there is no file, so Mainkeeper is silent.
 */
export function laneConfig({ repository, lane }: Pick<LaneView, 'repository' | 'lane'>): Config | null {
  const config = configFor(repository, lane.target)
  return config?.mode === 'live' && lane.shadow && !lane.shadow.accepted ? { ...config, mode: 'shadow' } : config
}

export const shadowBegan = (lane: Lane, { payload, position }: LoggedEvent<'shadow_began'>): Lane => ({
  ...lane,
  shadow: { since: payload.began_at, position, accepted: null, judged: {} },
})

export function shadowJudged(lane: Lane, { pull, sha, verdict, waits }: PayloadOf<'shadow_judged'>): Lane {
  const { shadow } = lane
  if (!shadow) return lane
  const reasons = waits.map(({ reason }) => reason)
  return { ...lane, shadow: { ...shadow, judged: put(shadow.judged, pull, { sha, verdict, reasons }) } }
}

/** An acceptance of another shadow than the present one says nothing of this one. */
export function cutoverAccepted(lane: Lane, { shadow, by, accepted_at }: PayloadOf<'cutover_accepted'>): Lane {
  return lane.shadow?.position === shadow
    ? { ...lane, shadow: { ...lane.shadow, accepted: { by, at: accepted_at } } }
    : lane
}

/** Whoever switches a branch off ends its shadow, accepted or not; a broken file switches nothing off. */
export const shadowEnds = ({ target }: Lane, { default_branch, blob, config }: PayloadOf<'config_changed'>): boolean =>
  default_branch && (blob === null || (config !== null && modeFor(config, target) === 'off'))
