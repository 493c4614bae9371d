/**
 * Law 7: killed at any call to the outside and started again, it comes to the same end: the same pull requests landed, the same
 * tree on each target, the same open issues and comments. Both plays wait after each act until all is quiet, so that the
 * same acts meet the same state.
 */
import fc from 'fast-check'
import { differences, type Ending, endingOf } from '../../faults/kill/ending.ts'
import type { JudgeWorld, Law } from '../law.ts'
import { crashes, peacefulHistories } from '../play/draw-history.ts'
import { disturb, type History, type Placed, type Step, tell, tellPlaced } from '../play/history.ts'
import { playSteps, settingsOf, settle } from '../play/run-history.ts'
import { type Arena, SWEEP_EVERY, type World } from '../play/world.ts'
import { approve, history, killed, open } from './reading/write-history.ts'

export interface Killed {
  readonly history: History
  readonly crashes: readonly Placed[]
}

export const sameEnd: Law<Killed> = {
  title: 'law 7: killed and started again, the same end',
  cases: fc.record({ history: peacefulHistories, crashes }),
  kept: [
    {
      history: history({}, open(0, 'a.txt', 'red'), approve(0), open(1, 'b.txt', 'bad'), approve(1)),
      crashes: [
        [1, killed('POST /repos/{owner}/{repo}/merges', 'done')],
        [3, killed('POST /repos/{owner}/{repo}/issues', 'done')],
      ],
    },
  ],
  broken: async (arena, { history: acts, crashes: wrong }, also) => {
    const spared = await played(arena, acts, [], also)
    const died = await played(arena, acts, wrong, also)
    return [...differences(spared.ending, died.ending), ...spared.broken, ...died.broken]
  },
  tell: ({ history: acts, crashes: wrong }) => `${tell(acts)}\n${tellPlaced(wrong)}`,
}

/** Longer than a lease, a build that fails once, what confirms it and a landing take together; two sweeps fall into it. */
const REST = 2 * SWEEP_EVERY

/** Whether what is no candidate could be merged is found out by two sweeps: the first look has GitHub work it out. */
const LOOKED_TWICE = 2 * SWEEP_EVERY + 60_000

function played(
  arena: Arena,
  acts: History,
  wrong: readonly Placed[],
  also: JudgeWorld | undefined,
): Promise<{ ending: Ending; broken: readonly string[] }> {
  return arena.within(settingsOf(acts), async (world) => {
    await playSteps(world, disturb(calm(acts.steps), wrong), REST)
    await settle(world)
    await world.pass(LOOKED_TWICE)
    return { ending: await endOf(world), broken: also ? await also(world) : [] }
  })
}

/** There is rest enough without the pauses. */
const calm = (steps: readonly Step[]): Step[] => steps.filter((step) => !('act' in step && step.act === 'pause'))

async function endOf({ repo, twin, targets }: World): Promise<Ending> {
  const lines = await Promise.all(
    targets.map(async (target) => {
      const tip = (await repo.ref(`refs/heads/${target}`)) ?? ''
      return [
        `${target} has the tree ${await repo.tree(tip)}`,
        ...(await repo.log(tip)).map(({ message }) => `${target}: ${message}`),
      ]
    }),
  )
  return [...(await endingOf(repo, twin)), ...lines.flat()]
}
