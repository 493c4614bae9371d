/** Live looks at GitHub. Each leaves a trace that it was made, so that the next judgement does not ask again. */
import type { NewEvent, PayloadOf } from '../core/events.ts'
import { iso } from '../core/ids.ts'
import { isTeam } from '../core/readiness/requirements/owners.ts'
import { configFor, demandsSignatures } from '../core/repository.ts'
import type { PullAsks } from '../github/port.ts'
import { attemptOf, EffectFailed, type EffectOf, failed, need, outcome, type Scene } from './scene.ts'

export async function observePulls(effect: EffectOf<'observe-pulls'>, scene: Scene): Promise<NewEvent[]> {
  const { port } = scene
  // Counted from before the request: what changed while it was answered is not covered by it.
  const observed_at = iso(scene.now())
  const users = [...effect.users]
  const facts = await Promise.all(users.map((user) => standing(user, scene, observed_at)))
  if (effect.pulls.length === 0) return [...facts, look(scene, { scope: 'permissions', users, observed_at })]
  const seen = need(await port.observePulls(effect.pulls, scene.view.lane.target, await asksOf(scene)))
  // What could not be read whole was not looked at: its approvals may be older than they seem.
  const pulls = effect.pulls.filter((pull) => !seen.incomplete.includes(pull))
  const unread = { failure: 'unavailable' as const, message: `could not be read whole: ${seen.incomplete.join(', ')}` }
  return [
    ...facts,
    ...seen.facts,
    ...seen.missing.flatMap((pull) => vanished(scene, pull)),
    look(scene, { scope: 'pulls', pulls, users, tip: seen.tip, observed_at }),
    ...(seen.incomplete.length > 0 ? [failed(effect, scene, unread)] : []),
  ]
}

/** What somebody may do; of a team, who belongs to it. */
async function standing(user: string, { port }: Scene, observed_at: string): Promise<NewEvent> {
  const common = { occurred_at: observed_at, source: 'read' }
  return isTeam(user)
    ? { type: 'team_observed', payload: need(await port.readTeam(user)), ...common }
    : { type: 'permission_observed', payload: need(await port.readPermission(user)), ...common }
}

/** A `CODEOWNERS` that can not be understood leaves the owners unknown, and with that nothing ready. */
async function asksOf({ port, view }: Scene): Promise<PullAsks> {
  const { repository, lane } = view
  const signatures = demandsSignatures(repository)
  if (!configFor(repository, lane.target)?.ready.approvals.code_owners) return { signatures, owners: new Map() }
  const read = await port.readCodeOwners(lane.target)
  if (!read.ok && read.failure !== 'refused') need(read)
  return { signatures, owners: new Map(read.ok ? [[lane.target, read.value]] : []) }
}

/** A pull request that GitHub does not know any more is closed as far as we are concerned. */
function vanished({ view }: Scene, pull: number): NewEvent[] {
  const seen = view.pulls.get(pull)?.seen
  return seen
    ? [
        {
          type: 'pull_request_observed',
          payload: { ...seen, state: 'closed' },
          occurred_at: seen.updated_at,
          source: 'read',
        },
      ]
    : []
}

export async function observeProtection(scene: Scene): Promise<NewEvent[]> {
  const observed_at = iso(scene.now())
  const payload = need(await scene.port.readProtection(scene.view.lane.target))
  return [
    { type: 'protection_observed', payload, occurred_at: observed_at, source: 'read' },
    look(scene, { scope: 'protection', observed_at }),
  ]
}

/** Reads may be some seconds old: a loss is believed when it was read again for the better part of a minute. */
const LOSS_BELIEVED_AFTER = 5

export async function observeTarget(effect: EffectOf<'observe-target'>, scene: Scene): Promise<NewEvent[]> {
  const { port, view } = scene
  const { from } = effect
  const to = need(await port.readRef(`refs/heads/${view.lane.target}`))
  if (to === null) throw new EffectFailed({ failure: 'gone', message: `the branch ${view.lane.target} is gone` })
  const answer = await port.contains(to, from)
  const contained = !answer.ok && answer.failure === 'gone' ? false : need(answer)
  if (!contained && attemptOf(effect, scene) < LOSS_BELIEVED_AFTER)
    throw new EffectFailed({ failure: 'unclear', message: `${to} does not hold ${from}, as far as GitHub tells` })
  return [outcome(scene, 'target_compared', { from, to, contained })]
}

export async function observeChecks(effect: EffectOf<'observe-checks'>, scene: Scene): Promise<NewEvent[]> {
  const observed_at = iso(scene.now())
  const facts = need(await scene.port.observeChecks(effect.sha))
  return [...facts, look(scene, { scope: 'checks', build: effect.build, observed_at })]
}

type Look = Pick<PayloadOf<'lane_observed'>, 'scope' | 'observed_at'> & Partial<PayloadOf<'lane_observed'>>

const look = (scene: Scene, looked: Look): NewEvent =>
  outcome(scene, 'lane_observed', { pulls: [], users: [], build: null, tip: null, ...looked })
