/** Why a member could not be put on the commits before it, as the outcome that is recorded. */
import type { NewEvent, PayloadOf } from '../../core/events.ts'
import type { Build } from '../../core/queue/lane.ts'
import type { RepositoryPort } from '../../github/port.ts'
import { EffectFailed, outcome, type Scene } from '../scene.ts'
import type { Placing } from './placing.ts'

type Refusal = PayloadOf<'assembly_refused'>['reason']
type Refused = Extract<Awaited<ReturnType<RepositoryPort['merge']>>, { ok: false }>

/** What GitHub's answer to a merge means; what says nothing about the member ends the act. */
export async function refusedBy(placing: Placing, head: string, tip: string, answer: Refused): Promise<NewEvent> {
  const { build, member, scene } = placing
  const refused = (reason: Refusal, message = answer.message, files: readonly string[] = []) =>
    refusal(scene, build, member, reason, message, files)
  switch (answer.failure) {
    case 'conflict': {
      const files = answer.files.length > 0 ? answer.files : await conflictingFiles(tip, head, scene)
      const where = files.length > 0 ? ` in ${files.slice(0, 5).join(', ')}` : ''
      const reason = placing.tip === build.base ? 'merge_conflict' : 'conflict_with_member'
      return refused(reason, `merging ${head} into ${tip} conflicts${where}`, files)
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

function reasonOf(message: string): Refusal {
  if (/protected branch|rule violation|required status check/i.test(message)) return 'protection'
  return /too (large|many|big)/i.test(message) ? 'too_large' : 'refused'
}

/** Evidence only: without it the refusal is still a refusal. */
async function conflictingFiles(base: string, head: string, { port }: Scene): Promise<readonly string[]> {
  const files = await port.conflictingFiles(base, head)
  return files.ok ? files.value : []
}

export const contained = ({ build, member, scene }: Placing): { readonly refused: NewEvent } => ({
  refused: refusal(scene, build, member, 'contained', 'GitHub says that the target contains it already'),
})

export function refusal(
  scene: Scene,
  build: Build,
  member: Build['members'][number] | undefined,
  reason: Refusal,
  message: string,
  files: readonly string[] = [],
): NewEvent {
  return outcome(scene, 'assembly_refused', {
    build: build.build,
    pull: member?.pull ?? build.members[0]?.pull ?? 0,
    reason,
    files: files.slice(0, 100),
    message: message.slice(0, 2000),
  })
}
