/**
 * Plays a history over HTTP against the twin on virtual time, until there is nothing left to do, then a sweep, then until it
 * is quiet again. It judges nothing; an act that GitHub refuses, or that makes no sense at its moment, is not done.
 */

import { COMMENT_MARKER } from '../../../src/core/render/comment.ts'
import { followUpMarker, RESUME_LABEL } from '../../../src/core/render/follow-up.ts'
import { Problem } from '../../../src/twin/problem.ts'
import type { PullView } from '../../../src/twin/twin-views.ts'
import type { Act, Fault, History, Step } from './history.ts'
import { type Arena, CHECK, type Settings, SWEEP_EVERY, type World } from './world.ts'

/** Between two steps, so that what one sets off can meet the next. */
const BETWEEN = 4_000
/** What is late comes after so long. */
const LATE = 100_000
/** Time enough for every build of the queue to run, one after another. */
const ROUNDS = 9

export const settingsOf = (history: History, mode: 'live' | 'paused' = 'live'): Settings => ({
  protected: history.protected,
  config: configOf(history, mode),
})

export const configOf = (history: Pick<History, 'checks'>, mode: 'live' | 'paused'): string =>
  `mode: ${mode}\nready:\n  checks: ${history.checks}\n  labels:\n    unless: [wip]\nchecks:\n  required: [${CHECK}]\n`

/** Plays the whole history and what comes of it, then hands the world over to be judged. */
export const playing = <T>(arena: Arena, history: History, judge: (world: World) => Promise<T>): Promise<T> =>
  arena.within(settingsOf(history), async (world) => {
    await playSteps(world, history.steps)
    await settle(world)
    return judge(world)
  })

/** The steps alone, at instants that depend on the acts before them and on nothing else. */
export async function playSteps(world: World, steps: readonly Step[]): Promise<void> {
  const slots = new Map<number, number>()
  let acts = 0
  for (const step of steps) {
    // Neither takes time, so that with and without them the same acts are done at the same instants.
    if ('fault' in step) arrange(world, step)
    else if (step.act === 'restart') await world.restart()
    else {
      await play(world, step, slots, acts++)
      await world.pass(BETWEEN)
    }
  }
}

/** Nothing goes wrong any more: time goes on, sweep after sweep, until one of them finds nothing and nothing else happens. */
export async function settle(world: World): Promise<void> {
  world.twin.faults.clear()
  for (let round = 0; round < ROUNDS; round++) {
    const before = await world.store.log.position()
    await world.pass(SWEEP_EVERY)
    if ((await world.store.log.position()) === before) return
  }
}

function arrange({ twin: { faults } }: World, step: Fault): void {
  switch (step.fault) {
    case 'lose':
      return faults.drop({ times: step.times })
    case 'repeat':
      return faults.repeat({ times: step.times }, 2)
    case 'late':
      return faults.delay({ times: step.times }, LATE)
    case 'reorder':
      return faults.reorder()
    case 'call': {
      const how =
        step.when === 'before'
          ? faults.failBefore(502)
          : step.when === 'after'
            ? faults.failAfter(502)
            : faults.spurious422()
      faults.next({ operation: step.operation }, how)
      return
    }
    default:
      return step satisfies never
  }
}

type Timed = Exclude<Act, { act: 'restart' }>

async function play(world: World, act: Timed, slots: Map<number, number>, index: number): Promise<void> {
  try {
    await tryTo(world, act, slots, index)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
  }
}

async function tryTo(world: World, step: Timed, slots: Map<number, number>, index: number): Promise<void> {
  const { repo } = world
  switch (step.act) {
    case 'open':
      return open(world, step, slots, index)
    case 'foreign_push':
      await repo.as('root').commit('main', step.change, { message: `By hand ${index}` })
      return
    case 'permission':
      return repo.collaborator(step.who, step.to)
    case 'pause':
      return world.pass(step.seconds * 1000)
    default: {
      const number = slots.get(step.slot)
      if (number !== undefined) await onPull(world, step, repo.pull(number))
    }
  }
}

/** A slot whose pull request is still open keeps it. */
async function open(
  { repo }: World,
  step: Act & { act: 'open' },
  slots: Map<number, number>,
  index: number,
): Promise<void> {
  const known = slots.get(step.slot)
  if (known !== undefined && repo.pull(known).state === 'open') return
  const head = `topic-${step.slot}-${index}`
  const alice = repo.as('alice')
  await alice.commit(head, step.change, { message: `Change ${index}` })
  slots.set(step.slot, await alice.openPull({ head, title: `Change ${index}`, draft: step.draft }))
}

type OnPull = Exclude<Act, { act: 'open' | 'foreign_push' | 'permission' | 'restart' | 'pause' }>

async function onPull({ repo }: World, step: OnPull, pull: PullView): Promise<void> {
  const { number } = pull
  const alice = repo.as('alice')
  switch (step.act) {
    case 'push':
      if (pull.state === 'open') await alice.commit(pull.head.ref, step.change, { message: 'Change it again' })
      return
    case 'approve':
    case 'request_changes':
      if (pull.state === 'open') await repo.as(step.by).review(number, step.act)
      return
    case 'dismiss': {
      const given = pull.reviews.filter((review) => review.state === 'APPROVED').at(-1)
      if (given && pull.state === 'open') await repo.as('carol').dismiss(number, given.id, 'not any more')
      return
    }
    case 'label':
      return pull.labels.includes('wip') ? undefined : alice.label(number, 'wip')
    case 'unlabel':
      return pull.labels.includes('wip') ? alice.unlabel(number, 'wip') : undefined
    case 'draft':
      return pull.draft || pull.state === 'closed' ? undefined : alice.convertToDraft(number)
    case 'ready':
      return pull.draft && pull.state === 'open' ? alice.readyForReview(number) : undefined
    case 'close':
      return pull.state === 'open' ? alice.close(number) : undefined
    case 'reopen':
      return pull.state === 'closed' && !pull.merged ? alice.reopen(number) : undefined
    case 'comment':
      await repo.as(step.by).comment(number, step.body)
      return
    case 'resume_label': {
      const [issue] = followUpsOf(repo, number).filter(({ state }) => state === 'open')
      if (issue && !issue.labels.includes(RESUME_LABEL)) await repo.as('bob').label(issue.number, RESUME_LABEL)
      return
    }
    default:
      return step satisfies never
  }
}

/** The follow-up issues of a pull request, as anybody finds them. */
export const followUpsOf = (repo: World['repo'], pull: number) =>
  repo.issues().filter(({ body }) => body?.includes(followUpMarker('main', pull)))

/** The sticky comments of a pull request. */
export const stickyCommentsOf = (repo: World['repo'], pull: number) =>
  repo.comments(pull).filter(({ body }) => body.includes(COMMENT_MARKER))
