/**
 * Law 4: deliveries repeated, reordered, late or lost, then a sweep, with the lanes held: the folded facts equal those of the
 * same acts delivered in order. Released, every pull request comes to an end. Both plays begin at the same instant, so that
 * the same acts make the same commits.
 */
import fc from 'fast-check'
import type { JudgeWorld, Law } from '../law.ts'
import { deliveryFaults, peacefulHistories } from '../play/draw-history.ts'
import { disturb, type History, type Placed, type Step, tell, tellPlaced } from '../play/history.ts'
import { configOf, playSteps, settingsOf, settle } from '../play/run-history.ts'
import { type Arena, SWEEP_EVERY, type World } from '../play/world.ts'
import { differences, type Facts, factsOf } from './reading/facts.ts'
import { lanesOf } from './reading/read-world.ts'
import { approve, comment, dismiss, history, lose, open, pause } from './reading/write-history.ts'

export interface Disturbed {
  readonly history: History
  readonly faults: readonly Placed[]
}

const late = (times: number): Step => ({ fault: 'late', times })

export const anyOrder: Law<Disturbed> = {
  title: 'law 4: deliveries in any order',
  cases: fc.record({ history: peacefulHistories, faults: deliveryFaults }),
  kept: [
    { history: history({}, open(0, 'a.txt', 'red'), approve(0), dismiss(0), pause(240)), faults: [[1, late(1)]] },
    // Nothing is open any more when the lane is held.
    {
      history: history({}, open(0, 'a.txt', 'red'), { act: 'close', slot: 0 }, comment(0, 'carol', '/hold')),
      faults: [[2, lose(9)]],
    },
  ],
  broken: async (arena, { history: acts, faults }, also) => {
    const inOrder = await factsAfter(arena, acts, [], also)
    const disturbed = await factsAfter(arena, acts, faults, also)
    return [...differences(inOrder.facts, disturbed.facts), ...inOrder.broken, ...disturbed.broken]
  },
  tell: ({ history: acts, faults }) => `${tell(acts)}\n${tellPlaced(faults)}`,
}

/** Between the last act and the comparison: everything late has come, and two sweeps have looked. */
const SWEPT = 2 * SWEEP_EVERY + 120_000

function factsAfter(
  arena: Arena,
  acts: History,
  faults: readonly Placed[],
  also: JudgeWorld | undefined,
): Promise<{ facts: Facts; broken: readonly string[] }> {
  return arena.within(settingsOf(acts, 'paused'), async (world) => {
    await playSteps(world, disturb(acts.steps, faults))
    world.twin.faults.clear()
    await world.pass(SWEPT)
    const facts = await factsOf(world)
    for (const target of world.targets)
      await world.repo.as('root').commit(target, { '.github/mainkeeper.yml': configOf(acts, 'live') })
    await settle(world)
    return { facts, broken: also ? await also(world) : await unended(world) }
  })
}

/** Whoever is left in a queue that nobody holds. */
const unended = async (world: World): Promise<string[]> =>
  (await lanesOf(world)).flatMap((lane) =>
    lane.hold
      ? []
      : Object.values(lane.entries).map(({ pull, status }) => `#${pull} is left ${status} after the release`),
  )
