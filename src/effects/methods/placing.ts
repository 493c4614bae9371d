/**
 * What each method of landing is given to put one pull request on the commits before it, and what comes of it. It knows no
 * method.
 */

import { type Config, configSchema } from '../../core/config.ts'
import type { NewEvent } from '../../core/events.ts'
import type { Build } from '../../core/queue/lane.ts'
import type { Told } from '../../core/render/commit/merge-message.ts'
import { configFor } from '../../core/repository.ts'
import { EffectFailed, need, type Scene } from '../scene.ts'

export interface Placing {
  readonly build: Build
  readonly member: Build['members'][number]
  /** The commit before it. */
  readonly tip: string
  /** A scratch ref of the build's own: for method merge it stands at the tip, for the others it is still to be made. */
  readonly scratch: string
  readonly scene: Scene
}

/** The last commit of the member, or why there is none. */
export type Placed = { readonly sha: string; readonly tree: string } | { readonly refused: NewEvent }

export const branchOf = (ref: string): string => ref.replace('refs/heads/', '')

/** The commit to begin from is not there any more. */
export class BaseGone extends EffectFailed {}

/** Makes a scratch ref at a commit for as long as the act takes. What is left after a crash is deleted with the build. */
export async function onScratch<T>(
  { port, fence }: Scene,
  ref: string,
  at: string,
  act: (branch: string) => Promise<T>,
): Promise<T> {
  const made = await port.createRef(fence, ref, at)
  if (!made.ok && made.failure === 'gone') throw new BaseGone(made)
  need(made)
  try {
    return await act(branchOf(ref))
  } finally {
    const deleted = await port.deleteRef(fence, ref)
    // Nobody looks for what the first try of a build left.
    if (!deleted.ok) need(await port.deleteRef(fence, ref))
  }
}

/** The settings that count for this lane. */
export function landOf({ view }: Scene): Config['land'] {
  return (configFor(view.repository, view.lane.target) ?? configSchema.parse({ mode: 'off' })).land
}

/** What the member's message is made of; its description is read only where it is needed. */
export async function told({ member, scene }: Pick<Placing, 'member' | 'scene'>, withBody: boolean): Promise<Told> {
  const seen = scene.view.pulls.get(member.pull)?.seen
  if (!seen || withBody) {
    const { title, body, author, head } = need(await scene.port.readPull(member.pull))
    return { number: member.pull, title, body, author, head }
  }
  const { title, author, branch, remote } = seen
  return { number: member.pull, title, body: null, author, head: `${remote?.split('/')[0] ?? author}/${branch}` }
}

/** Whether a rule of the target demands this, in the rulesets' words. */
export const demands = ({ view }: Scene, rule: string): boolean =>
  view.repository.protections[view.lane.target]?.rules.includes(rule) ?? false

/** The scratch ref held something else than we put there: all of it is made again under a new name. */
export const foreignScratch = (first: string, second: string): EffectFailed =>
  new EffectFailed({ failure: 'unclear', message: `the scratch ref held something else than ${first} and ${second}` })
