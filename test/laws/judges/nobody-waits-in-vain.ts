/**
 * Law 8: with a fair CI every entry ends integrated, dequeued or blocked; whatever waits has a reason that a person can read.
 * Judged by what GitHub shows when all is quiet: who could land and did not, and what is said of everybody else.
 */
import { type Lane, statusOf } from '../../../src/core/queue/lane.ts'
import type { PullView } from '../../../src/twin/twin-views.ts'
import { lawOfWorlds } from '../law.ts'
import { isApproved, lastWords } from '../play/approvals.ts'
import { CHECK, type World } from '../play/world.ts'
import { lanesOf } from './read-world.ts'
import { approve, history, open, pause } from './write-history.ts'

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
  ],
  async (world) => {
    const lanes = await lanesOf(world)
    const strange = world.repo
      .pulls()
      .filter(({ state, base }) => state === 'open' && !lanes.some(({ target }) => target === base))
    return [
      ...lanes.flatMap((lane) => [...unended(lane), ...waiting(world, lane)]),
      ...strange.map(({ number, base }) => `#${number} waits for ${base}, which has no lane`),
    ]
  },
)

const unended = (lane: Lane): string[] =>
  lane.hold ? [] : Object.values(lane.entries).map(({ pull, status }) => `#${pull} is left ${status}`)

function waiting(world: World, lane: Lane): string[] {
  const open = world.repo.pulls().filter(({ state, base }) => state === 'open' && base === lane.target)
  return open.flatMap((pull) => {
    const { number } = pull
    const said = shownOn(world, pull)
    const status = statusOf(lane, number)
    const forgotten = !lane.hold && couldLand(world, pull) && !mayStay(status) && !isTakenBack(world, number, said)
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

/** Whether GitHub itself shows everything that the configuration asks for. */
function couldLand({ permissions, settings, ci }: World, pull: PullView): boolean {
  const isPassed = ci
    .runs()
    .some((run) => run.sha === pull.head.sha && run.check === CHECK && run.conclusion === 'success')
  return (
    isApproved(pull, permissions) &&
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
