/** How each act of a history is done on GitHub, by whom. One that makes no sense at its moment is not done. */
import { COMMENT_MARKER } from '../../../src/core/render/comment.ts'
import { followUpMarker, RESUME_LABEL } from '../../../src/core/render/follow-up.ts'
import type { PullView } from '../../../src/twin/twin-views.ts'
import type { Act, Change, Target } from './history.ts'
import type { World } from './world.ts'

export type Timed = Exclude<Act, { act: 'restart' }>

/** Does it; throws GitHub's own `Problem` where GitHub refuses. */
export async function tryTo(world: World, step: Timed, slots: Map<number, number>, index: number): Promise<void> {
  switch (step.act) {
    case 'open':
      return open(world, step, slots, index)
    case 'foreign_push':
      return pushByHand(world, step, index)
    case 'configure':
      return configure(world, step, index)
    case 'permission':
      return world.allow(step.who, step.to)
    case 'app_may':
      return appMay(world, step.write)
    case 'pause':
      return world.pass(step.seconds * 1000)
    default: {
      const number = slots.get(step.slot)
      if (number !== undefined) await onPull(world, step, world.repo.pull(number), index)
    }
  }
}

const targetIn = ({ targets }: World, wanted: Target): Target => (targets.includes(wanted) ? wanted : 'main')

/** A slot whose pull request is still open keeps it. */
async function open(
  world: World,
  step: Act & { act: 'open' },
  slots: Map<number, number>,
  index: number,
): Promise<void> {
  const { repo, fork } = world
  const known = slots.get(step.slot)
  if (known !== undefined && repo.pull(known).state === 'open') return
  const head = `topic-${step.slot}-${index}`
  const base = below(world, slots, step) ?? targetIn(world, step.base)
  const from = (await repo.ref(`refs/heads/${base}`)) ?? base
  // Whoever works in a fork has the base there first.
  if (step.fork) await fork.as('alice').push(head, from, { force: true })
  await (step.fork ? fork : repo).as('alice').commit(head, step.change, { message: `Change ${index}`, from })
  const needed = slots.get(step.after ?? -1)
  slots.set(
    step.slot,
    await repo.as('alice').openPull({
      head: step.fork ? `alice:${head}` : head,
      base,
      title: `Change ${index}`,
      body: needed === undefined ? '' : `Depends on #${needed}`,
      draft: step.draft,
    }),
  )
}

/** The branch that the pull request is stacked on. */
function below({ repo }: World, slots: Map<number, number>, { on }: Act & { act: 'open' }): string | undefined {
  const number = slots.get(on ?? -1)
  const pull = number === undefined ? undefined : repo.pull(number)
  return pull?.state === 'open' && pull.head.repo === repo.fullName ? pull.head.ref : undefined
}

/** Somebody with the right to it moves a target past the queue. */
async function pushByHand(
  world: World,
  { target: wanted, how, change }: Act & { act: 'foreign_push' },
  index: number,
): Promise<void> {
  const { repo } = world
  const root = repo.as('root')
  const target = targetIn(world, wanted)
  const message = `By hand ${index}`
  if (how === 'fast-forward') return void (await root.commit(target, change, { message }))
  const [, before] = await repo.log(target)
  // Its first commit is not taken away.
  if (!before) return
  if (how === 'rewind') return root.push(target, before.sha, { force: true })
  await root.commit(target, change, { message, from: before.sha, force: true })
}

async function configure(
  world: World,
  { target, slots, batch }: Act & { act: 'configure' },
  index: number,
): Promise<void> {
  const { repo, settings } = world
  const config = settings.config.replace(/slots: \d+/, `slots: ${slots}`).replace(/max: \d+/, `max: ${batch}`)
  await repo
    .as('root')
    .commit(targetIn(world, target), { '.github/mainkeeper.yml': config }, { message: `Configure ${index}` })
}

type OnPull = Exclude<Timed, { act: 'open' | 'foreign_push' | 'configure' | 'permission' | 'app_may' | 'pause' }>

async function onPull(world: World, step: OnPull, pull: PullView, index: number): Promise<void> {
  const { repo } = world
  const { number } = pull
  const isOpen = pull.state === 'open'
  const alice = repo.as('alice')
  switch (step.act) {
    case 'push':
      return isOpen ? pushHead(world, pull, step.change, step.forced, index) : undefined
    case 'approve':
    case 'request_changes':
      if (isOpen) await repo.as(step.by).review(number, step.act)
      return
    case 'dismiss': {
      const given = pull.reviews.filter((review) => review.state === 'APPROVED').at(-1)
      if (given && isOpen) await repo.as('carol').dismiss(number, given.id, 'not any more')
      return
    }
    case 'label':
      return pull.labels.includes('wip') ? undefined : alice.label(number, 'wip')
    case 'unlabel':
      return pull.labels.includes('wip') ? alice.unlabel(number, 'wip') : undefined
    case 'draft':
      return isOpen && !pull.draft ? alice.convertToDraft(number) : undefined
    case 'ready':
      return isOpen && pull.draft ? alice.readyForReview(number) : undefined
    case 'close':
      return isOpen ? alice.close(number) : undefined
    case 'reopen':
      return isOpen || pull.merged ? undefined : alice.reopen(number)
    case 'merge_by_hand':
      if (isOpen) await repo.as('root').merge(number)
      return
    case 'retarget':
      return isOpen && pull.base !== step.base && world.targets.includes(step.base)
        ? alice.edit(number, { base: step.base })
        : undefined
    case 'comment':
      await repo.as(step.by).comment(number, step.body)
      return
    case 'resume':
      return resume(world, number, step.via)
    default:
      return step satisfies never
  }
}

async function pushHead(
  { repo, fork }: World,
  { head, base }: PullView,
  change: Change,
  forced: boolean,
  index: number,
): Promise<void> {
  const from = (await repo.ref(`refs/heads/${base}`)) ?? base
  const where = head.repo === repo.fullName ? repo : fork
  const again = { message: `Change it again ${index}` }
  // The target's commits are there: GitHub keeps a repository and its forks in one store.
  await where.as('alice').commit(head.ref, change, forced ? { ...again, from, force: true } : again)
}

async function resume({ repo, targets }: World, pull: number, via: 'label' | 'comment' | 'close'): Promise<void> {
  const [issue] = targets.flatMap((target) => openFollowUps(repo, target, pull))
  if (!issue) return
  const bob = repo.as('bob')
  if (via === 'close') return bob.closeIssue(issue.number, { reason: 'completed' })
  if (via === 'comment') return void (await bob.comment(issue.number, '/resume'))
  if (!issue.labels.includes(RESUME_LABEL)) await bob.label(issue.number, RESUME_LABEL)
}

/** The follow-up issues of a pull request that are open, as anybody finds them. */
export const openFollowUps = (repo: World['repo'], target: Target, pull: number) =>
  repo.issues().filter(({ state, body }) => state === 'open' && body?.includes(followUpMarker(target, pull)))

/** The sticky comments of a pull request. */
export const stickyCommentsOf = (repo: World['repo'], pull: number) =>
  repo.comments(pull).filter(({ body }) => body.includes(COMMENT_MARKER))

/** What the App may do besides. */
const RIGHTS = {
  metadata: 'read',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'read',
  administration: 'read',
  members: 'read',
  workflows: 'write',
  actions: 'write',
} as const

/** A token says what it was good for when it was given out. */
export function appMay(world: World, write: boolean): void {
  const { repo, twin } = world
  if (world.appMayWrite === write) return
  world.appMayWrite = write
  repo.permissions({ ...RIGHTS, contents: write ? 'write' : 'read' })
  twin.revokeTokens()
}
