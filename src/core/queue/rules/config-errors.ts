/** The repository's own lane tells of a broken configuration file on the commit that broke it; the last good one stays. */
import { renderConfigErrors } from '../../render/config-errors.ts'
import type { Decision } from '../judgement.ts'
import type { LaneView } from '../view.ts'

export function tellConfigErrors({ repository, lane, now }: LaneView): Decision {
  for (const [branch, { latest, good }] of Object.entries(repository.configs)) {
    if (latest.errors.length === 0 || lane.config_reports[branch] === latest.commit) continue
    const retryAt = lane.failures[`show-config-errors:${branch}`]?.retry_at
    if (retryAt !== undefined && retryAt > now) return { do: 'wait', until: retryAt }
    const check_run = renderConfigErrors(latest.errors, good !== null)
    return { do: 'perform', effects: [{ effect: 'show-config-errors', branch, commit: latest.commit, check_run }] }
  }
  return { do: 'wait' }
}
