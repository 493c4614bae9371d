/** Method fast-forward: the head itself, which has to contain the tip. Nothing is made. */
import { need } from '../scene.ts'
import type { Placed, Placing } from './placing.ts'
import { contained, refusal } from './refusal.ts'

export async function fastForwardMember(placing: Placing): Promise<Placed> {
  const { build, member, tip, scene } = placing
  if (await inside(placing, tip, member.sha)) {
    const { sha, tree } = need(await scene.port.readCommit(member.sha))
    return sha === tip ? contained(placing) : { sha, tree }
  }
  if (await inside(placing, member.sha, tip)) return contained(placing)
  const message = `${member.sha} does not contain ${tip}, the tip of ${scene.view.lane.target}`
  return { refused: refusal(scene, build, member, 'behind', message) }
}

const inside = async ({ scene }: Placing, older: string, newer: string): Promise<boolean> =>
  need(await scene.port.contains(newer, older))
