/**
 * What is left to do on GitHub about a pull request that landed: closing one that GitHub can not know to be merged, and
 * deleting its head branch where the configuration wants that. It closes nothing whose head moved since.
 */
import type { PullRequest } from '../../../readiness/pull-request.ts'
import { renderLanded } from '../../../render/landed-comment.ts'
import type { Effect } from '../../effect.ts'
import { type Judgement, perform, type Rule } from '../../judgement.ts'
import type { Ended } from '../../lane.ts'

export const tidyLanded: Rule = (judgement) => {
  const effects = [...judgement.view.pulls.values()].flatMap((pull) => {
    const ended = judgement.lane.ended[pull.number]
    const effect = ended?.how === 'integrated' ? (closing(judgement, pull, ended) ?? deletion(judgement, pull)) : null
    return effect ? [effect] : []
  })
  return perform(effects.filter((effect) => judgement.due(effect)))
}

/** GitHub marks merged what it finds in the target; the commits of a squash or a rebase are others. */
function closing({ lane }: Judgement, { number, seen }: PullRequest, ended: Ended): Effect | null {
  const { sha, landed_sha, method, mode, closed } = ended
  if (closed || seen?.state !== 'open' || seen.sha !== sha || seen.base !== lane.target) return null
  // GitHub itself merged it, and says so in its own time.
  if (mode === 'native') return null
  if (landed_sha === null || landed_sha === sha || (method !== 'squash' && method !== 'rebase')) return null
  const comment = renderLanded(lane.target, sha, landed_sha)
  return { effect: 'close-pull', pull: number, sha, landed_sha, comment }
}

/** The deletion of a head branch that is still to be done or to be decided against; null when there is none. */
export function deletion({ lane, view, config }: Judgement, { number, seen }: PullRequest): Effect | null {
  const ended = lane.ended[number]
  if (!config.land.delete_branch || ended?.how !== 'integrated' || ended.head_branch !== null) return null
  if (!seen || seen.state === 'open' || seen.sha !== ended.sha) return null
  // The branch of a fork is not ours to delete.
  if (seen.remote !== view.repository.name || seen.branch === view.repository.default_branch) return null
  const { branch, sha, state } = seen
  return { effect: 'delete-head-branch', pull: number, branch, sha, merged: state === 'merged' }
}
