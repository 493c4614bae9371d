/**
 * Law 8: with a fair CI every entry ends integrated, dequeued or blocked; whatever waits has a reason that a person can read.
 * Judged by what GitHub shows when all is quiet: who could land and did not, and what is said of everybody else.
 */
import { type Lane, statusOf } from '../../../src/core/queue/lane.ts'
import type { PullView } from '../../../src/twin/twin-views.ts'
import { lawOfWorlds } from '../law.ts'
import { isApproved, lastWords } from '../play/approvals.ts'
import { CHECK, type World } from '../play/world.ts'
import { eventsOf, lanesOf } from './reading/read-world.ts'
import { approve, comment, history, open, pause } from './reading/write-history.ts'

export const nobodyWaitsInVain = lawOfWorlds(
  'law 8: nobody waits in vain',
  [
    history(
      {},
      open(0, 'a.txt', 'red'),
      approve(0),
      pause(5),
      { act: 'label', slot: 0 },
      { act: 'unlabel', slot: 0 },
      open(1, 'b.txt', 'other'),
    ),
    // The build is the head itself, and what CI says of it once is said of the head.
    history({ method: 'fast-forward', checks: 'wait' }, open(0, 'a.txt', 'shaky'), approve(0)),
    // The second is built as it is for the case that the first is bad, fails once, and the first lands.
    history(
      { method: 'rebase', checks: 'wait', batch: 1 },
      open(0, 'a.txt', 'shaky'),
      approve(0),
      open(1, 'a.txt', 'shaky'),
      approve(1),
    ),
    // Neither the fork's own check runs nor, once its ref is gone, those of the try name a branch.
    history(
      { method: 'rebase', checks: 'wait' },
      open(0, 'a.txt', 'plain', { fork: true }),
      approve(0),
      comment(0, 'bob', '/try'),
    ),
  ],
  async (world) => {
    const lanes = await lanesOf(world)
    const landed = await landedHeads(world)
    return [...lanes.flatMap((lane) => [...unended(lane), ...waiting(world, lane, landed)]), ...elsewhere(world, lanes)]
  },
)

/** The heads that landed as commits which a target held at some time. */
async function landedHeads(world: World): Promise<string[]> {
  const { repo, pushes, targets } = world
  const tips = await Promise.all(targets.map((target) => repo.ref(`refs/heads/${target}`)))
  const held = [...pushes.map(({ after }) => after), ...tips.flatMap((tip) => tip ?? [])]
  const wasHeld = async (sha: string): Promise<boolean> => {
    for (const tip of held) if (await repo.isAncestor(sha, tip)) return true
    return false
  }
  const heads: string[] = []
  for (const { payload } of await eventsOf(world, 'integration_completed'))
    if (await wasHeld(payload.landed_sha)) heads.push(payload.sha)
  return heads
}

/** Of what goes to no target: stacked on open ones that lead to one it says what it waits for, and it is stacked on something. */
function elsewhere(world: World, lanes: readonly Lane[]): string[] {
  const { repo } = world
  const open = repo.pulls().filter(({ state }) => state === 'open')
  const stacked = open.filter(({ base }) => !lanes.some(({ target }) => target === base))
  return stacked.flatMap((pull) => {
    const below = repo.pulls().filter(({ head }) => head.ref === pull.base && head.repo === repo.fullName)
    if (below.length === 0) return [`#${pull.number} waits for ${pull.base}, which has no lane`]
    const said = shownOn(world, pull)
    return !leads(pull, open, lanes) || isReason(said)
      ? []
      : [`#${pull.number} is stacked, and its check run says ${JSON.stringify(said)}`]
  })
}

/** Whether somebody below it, and below that one, and so on, goes to a target. */
function leads({ base }: PullView, open: readonly PullView[], lanes: readonly Lane[]): boolean {
  if (lanes.some(({ target }) => target === base)) return true
  const others = open.filter(({ head }) => head.ref !== base)
  return open.some((below) => below.head.ref === base && leads(below, others, lanes))
}

const unended = (lane: Lane): string[] =>
  lane.hold ? [] : Object.values(lane.entries).map(({ pull, status }) => `#${pull} is left ${status}`)

function waiting(world: World, lane: Lane, landed: readonly string[]): string[] {
  const open = world.repo.pulls().filter(({ state, base }) => state === 'open' && base === lane.target)
  return open.flatMap((pull) => {
    const { number } = pull
    const said = shownOn(world, pull)
    const status = statusOf(lane, number)
    // Where its commits landed as others, GitHub lets anybody open it again, and there is nothing left to land.
    const over = landed.includes(pull.head.sha) || mayStay(status) || isTakenBack(world, number, said)
    const forgotten = !lane.hold && couldLand(world, pull) && !dependsOnOpen(world, pull, landed) && !over
    return [
      ...(forgotten ? [`#${number} could land, and is ${status?.status ?? 'not in the queue'}: ${said}`] : []),
      ...(isReason(said) ? [] : [`#${number} waits, and its check run says ${JSON.stringify(said)}`]),
    ]
  })
}

/** Blocked it waits for a person; out of the queue it is because a person took it out. */
const mayStay = (status: ReturnType<typeof statusOf>): boolean =>
  status?.status === 'blocked' || (status?.status === 'dequeued' && status.reason === 'cancelled')

/** A person cancelled on GitHub before it was queued, which leaves nothing in the lane, and the check run says so. */
const isTakenBack = ({ repo }: World, number: number, said: string | null): boolean =>
  repo.comments(number).some(({ body }) => body.startsWith('/merge cancel')) &&
  (said?.endsWith('no longer declared finished: it was cancelled') ?? false)

/** Whether what it says that it depends on has not landed. */
const dependsOnOpen = ({ repo }: World, { body }: PullView, landed: readonly string[]): boolean =>
  [...(body ?? '').matchAll(/^Depends on #(\d+)/gm)]
    .map(([, number]) => repo.pull(Number(number)))
    .some(({ merged, head }) => !merged && !landed.includes(head.sha))

/** Whether GitHub itself shows everything that the configuration asks for. */
function couldLand({ permissions, settings, ci }: World, pull: PullView): boolean {
  const ended = ci.runs().filter((run) => run.sha === pull.head.sha && run.check === CHECK && run.endedAt !== undefined)
  // A status belongs to a commit and to no branch, so that the last one is all that GitHub shows of them.
  const last = Math.max(...ended.map((run) => run.endedAt ?? 0))
  const shown = settings.reports === 'status' ? ended.filter((run) => run.endedAt === last) : ended
  const isPassed = shown.some((run) => run.conclusion === 'success')
  return (
    // Who declared which head, and whether that still stands, GitHub does not show.
    settings.when === 'non_draft' &&
    isApproved(pull, permissions, settings.approvals) &&
    !lastWords(pull.reviews).some(({ state }) => state === 'CHANGES_REQUESTED') &&
    !pull.draft &&
    !pull.labels.includes('wip') &&
    pull.mergeable !== false &&
    (isPassed || settings.config.includes('checks: build'))
  )
}

function shownOn({ repo }: World, { head }: PullView): string | null {
  const run = repo.checkRuns(head.sha).findLast(({ name }) => name === 'mainkeeper')
  return run?.summary ? run.title : null
}

const isReason = (said: string | null): boolean => /^(Waiting|Held|Blocked|Out of the queue|Landed)/.test(said ?? '')
