/** Why a member could not be put on the commits before it, as the outcome that is recorded. */
import type { NewEvent, PayloadOf } from '../../core/events.ts'
import type { Build } from '../../core/queue/lane.ts'
import type { RepositoryPort } from '../../github/port.ts'
import { EffectFailed, need, outcome, type Scene } from '../scene.ts'
import { onScratch, type Placed, type Placing } from './placing.ts'

type Refusal = PayloadOf<'assembly_refused'>['reason']
type Refused = Extract<Awaited<ReturnType<RepositoryPort['merge']>>, { ok: false }>

/** What GitHub's answer to a merge means; what says nothing about the member ends the act. */
export async function refusedBy(placing: Placing, head: string, tip: string, answer: Refused): Promise<NewEvent> {
  const { build, member, scene } = placing
  const refused = (reason: Refusal, message = answer.message, files: readonly string[] = []) =>
    refusal(scene, build, member, reason, message, files)
  switch (answer.failure) {
    case 'conflict': {
      const first = placing.tip === build.base
      if (!first && !(await conflictsAlone(placing, head))) return conflictWithMember(placing, head)
      const onto = first ? tip : build.base
      const files = first && answer.files.length > 0 ? answer.files : await conflictingFiles(onto, head, scene)
      const where = files.length > 0 ? ` in ${files.slice(0, 5).join(', ')}` : ''
      return refused('merge_conflict', `merging ${head} into ${onto} conflicts${where}`, files)
    }
    case 'gone':
      return refused('gone')
    case 'forbidden':
      return refused('permission')
    case 'refused':
      return refused(reasonOf(answer.message))
    case 'moved':
    case 'limited':
    case 'unavailable':
    case 'unclear':
      throw new EffectFailed(answer)
    default:
      return answer satisfies never
  }
}

/** Whether it conflicts with the target as it stands, whoever is ahead of it. */
async function conflictsAlone({ build, member, scratch, scene }: Placing, head: string): Promise<boolean> {
  const { port, fence } = scene
  const answer = await onScratch(scene, `${scratch}-alone-${member.pull}`, build.base, (branch) =>
    port.merge(fence, branch, head, `Scratch for #${member.pull} alone`),
  )
  if (!answer.ok && answer.failure !== 'conflict') throw new EffectFailed(answer)
  return !answer.ok
}

/** The nearest ahead of it that changes the same files; where GitHub can't tell, the one directly ahead. */
async function conflictWithMember({ build, member, scene }: Placing, head: string): Promise<NewEvent> {
  const ahead = build.members.slice(0, build.members.indexOf(member)).toReversed()
  for (const { pull, sha } of ahead) {
    const files = await conflictingFiles(sha, head, scene)
    if (files.length === 0) continue
    const message = `merging ${head} after #${pull} conflicts in ${files.slice(0, 5).join(', ')}`
    return refusal(scene, build, member, 'conflict_with_member', message, files, pull)
  }
  const message = `merging ${head} conflicts with a pull request ahead of it`
  return refusal(scene, build, member, 'conflict_with_member', message, [], ahead[0]?.pull)
}

function reasonOf(message: string): Refusal {
  if (/protected branch|rule violation|required status check/i.test(message)) return 'protection'
  return /too (large|many|big)/i.test(message) ? 'too_large' : 'refused'
}

/** Evidence only: without it the refusal is still a refusal. */
async function conflictingFiles(base: string, head: string, { port }: Scene): Promise<readonly string[]> {
  const files = await port.conflictingFiles(base, head)
  return files.ok ? files.value : []
}

/** What to put there is there already: in the target, or through a member ahead, with which it then lands or fails. */
export async function contained(
  placing: Placing,
  reason: 'contained' | 'unchanged' = 'contained',
  message = 'GitHub says that the target contains it already',
): Promise<Placed> {
  const { build, member, tip, scene } = placing
  if (tip === build.base || need(await scene.port.contains(build.base, member.sha)))
    return { refused: refusal(scene, build, member, reason, message) }
  return { sha: tip, tree: need(await scene.port.readCommit(tip)).tree }
}

export function refusal(
  scene: Scene,
  build: Build,
  member: Build['members'][number] | undefined,
  reason: Refusal,
  message: string,
  files: readonly string[] = [],
  ahead?: number,
): NewEvent {
  return outcome(scene, 'assembly_refused', {
    build: build.build,
    pull: member?.pull ?? build.members[0]?.pull ?? 0,
    reason,
    ...(ahead === undefined ? {} : { with: ahead }),
    files: files.slice(0, 100),
    message: message.slice(0, 2000),
  })
}
