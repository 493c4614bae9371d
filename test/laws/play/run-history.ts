/**
 * Plays a history over HTTP against the twin on virtual time, until there is nothing left to do, then a sweep, then until it
 * is quiet again. It judges nothing; an act that GitHub refuses, or that makes no sense at its moment, is not done.
 */
import { Problem } from '../../../src/twin/problem.ts'
import { appMay, type Timed, tryTo } from './acts.ts'
import type { Fault, History, Step } from './history.ts'
import { type Arena, CHECK, type Settings, SWEEP_EVERY, type World } from './world.ts'

/** Between two steps, so that what one sets off can meet the next. */
const BETWEEN = 4_000
/** What is late comes after so long. */
const LATE = 100_000
/** Time enough for every build of the queue to run, one after another. */
const ROUNDS = 9
/** So long the lanes stay closed where they open later: the clock begins at nine. */
const CLOSED = 3_600_000
/** Seconds for which GitHub asks us to wait. */
const LIMITED = 45

export const settingsOf = (history: History, mode: 'live' | 'paused' = 'live'): Settings => ({
  protected: history.protected,
  method: history.method,
  mode: history.mode,
  targets: history.targets,
  ci: history.ci,
  reports: history.reports,
  approvals: history.approvals,
  when: history.when,
  opens: history.opens,
  config: configOf(history, mode),
})

export const configOf = (
  history: Omit<History, 'protected' | 'ci' | 'reports' | 'steps'>,
  mode: 'live' | 'paused',
): string =>
  [
    `mode: ${mode}`,
    `targets: [${history.targets === 2 ? 'main, next' : 'main'}]`,
    `ready:\n  when: ${history.when}\n  checks: ${history.checks}\n  approvals: { required: ${history.approvals} }\n  labels:\n    unless: [wip]`,
    `checks:\n  required: [${CHECK}]`,
    `land:\n  mode: ${history.mode}\n  method: ${history.method}`,
    `ci:\n  slots: ${history.slots}`,
    `batch:\n  max: ${history.batch}\n  wait: ${history.wait}s`,
    ...(history.opens === 'later' ? [`windows:\n  - { opens: '0 10 * * *', closes: '0 9 * * *', zone: UTC }`] : []),
    '',
  ].join('\n')

/** Plays the whole history and what comes of it, then hands the world over to be judged. */
export const playing = <T>(arena: Arena, history: History, judge: (world: World) => Promise<T>): Promise<T> =>
  arena.within(settingsOf(history), async (world) => {
    await playSteps(world, history.steps)
    await settle(world)
    return judge(world)
  })

/** The steps alone, at instants that depend on the acts before them and on nothing else. */
export async function playSteps(world: World, steps: readonly Step[], between = BETWEEN): Promise<void> {
  const slots = new Map<number, number>()
  let acts = 0
  for (const step of steps) {
    // Neither takes time, so that with and without them the same acts are done at the same instants.
    if ('fault' in step) arrange(world, step)
    else if (step.act === 'restart') await world.restart()
    else {
      await play(world, step, slots, acts++)
      world.note()
      await world.pass(between)
    }
  }
}

/** Nothing goes wrong any more: time goes on, sweep after sweep, until one of them finds nothing and nothing else happens. */
export async function settle(world: World): Promise<void> {
  world.twin.faults.clear()
  appMay(world, true)
  if (world.settings.opens === 'later') await world.pass(CLOSED)
  for (let round = 0; round < ROUNDS; round++) {
    const before = await world.store.log.position()
    await world.pass(SWEEP_EVERY)
    if ((await world.store.log.position()) === before) return
  }
}

function arrange(world: World, step: Fault): void {
  const { faults } = world.twin
  switch (step.fault) {
    case 'lose':
      world.lossy = true
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
    case 'hang':
      return world.hang(step.operation, step.when === 'before' ? faults.hangBefore() : faults.hangAfter(), step.seconds)
    case 'limit':
      faults.next({ operation: step.operation }, faults.limit(step.kind, LIMITED))
      return
    case 'crash':
      return world.crash(step)
    default:
      return step satisfies never
  }
}

async function play(world: World, act: Timed, slots: Map<number, number>, index: number): Promise<void> {
  try {
    await tryTo(world, act, slots, index)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
  }
}
