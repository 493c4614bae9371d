/**
 * Law 4: deliveries repeated, reordered, late or lost, then a sweep, with the lane held: the folded facts equal those of the
 * same acts delivered in order. Released, every pull request comes to an end. Both plays begin at the same instant, so that
 * the same acts make the same commits.
 */
import fc from 'fast-check'
import type { Law } from '../law.ts'
import { deliveryFaults, type History, peacefulHistories, type Step, tell } from '../play/history.ts'
import { configOf, playSteps, settingsOf, settle } from '../play/run-history.ts'
import { type Arena, SWEEP_EVERY, type World } from '../play/world.ts'
import { differences, type Facts, factsOf } from './facts.ts'
import { laneOf } from './read-world.ts'
import { approve, dismiss, history, open, pause, push } from './write-history.ts'

export interface Disturbed {
  readonly history: History
  /** What goes wrong, and before which step. */
  readonly faults: readonly (readonly [at: number, Step])[]
}

const late = (times: number): Step => ({ fault: 'late', times })
const lose = (times: number): Step => ({ fault: 'lose', times })

export const anyOrder: Law<Disturbed> = {
  title: 'law 4: deliveries in any order',
  cases: fc.record({ history: peacefulHistories, faults: deliveryFaults }),
  kept: [
    { history: history({}, open(0, 'a.txt', 'red'), approve(0), dismiss(0), pause(240)), faults: [[1, late(1)]] },
    {
      history: history({}, open(0, 'a.txt', 'red'), push(0, 'b.txt', 'plain'), approve(0), pause(30)),
      faults: [[1, lose(6)]],
    },
  ],
  broken: async (arena, { history: acts, faults }) => {
    const inOrder = await factsAfter(arena, acts, [])
    const disturbed = await factsAfter(arena, acts, faults)
    return [...differences(inOrder.facts, disturbed.facts), ...inOrder.unended, ...disturbed.unended]
  },
  tell: ({ history: acts, faults }) =>
    `${tell(acts)}\n${faults.map(([at, step]) => `before step ${at}: ${JSON.stringify(step)}`).join('\n')}`,
}

/** Between the last act and the comparison: everything late has come, and two sweeps have looked. */
const SWEPT = 2 * SWEEP_EVERY + 120_000

function factsAfter(
  arena: Arena,
  acts: History,
  faults: Disturbed['faults'],
): Promise<{ facts: Facts; unended: string[] }> {
  return arena.within(settingsOf(acts, 'paused'), async (world) => {
    await playSteps(world, disturb(acts.steps, faults))
    world.twin.faults.clear()
    await world.pass(SWEPT)
    const facts = await factsOf(world)
    await world.repo.as('root').commit('main', { '.github/mainkeeper.yml': configOf(acts, 'live') })
    await settle(world)
    return { facts, unended: await unended(world) }
  })
}

/** Each fault begins right before its act; acts keep their instants. */
const disturb = (steps: readonly Step[], faults: Disturbed['faults']): Step[] =>
  steps.flatMap((step, index) => [...faults.filter(([at]) => at === index).map(([, fault]) => fault), step])

/** Whoever is left in a queue that nobody holds. */
async function unended(world: World): Promise<string[]> {
  const lane = await laneOf(world)
  if (!lane) return ['the target has no lane']
  if (lane.hold) return []
  return Object.values(lane.entries).map(({ pull, status }) => `#${pull} is left ${status} after the release`)
}
