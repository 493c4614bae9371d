/** How a lane is handed to its plan: what the plan is told of each member that waits. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { judge } from '../../src/core/queue/judgement.ts'
import { planOf } from '../../src/core/queue/rules/plan-input.ts'
import { check, configWith, headOf, queued, readyFacts } from '../support/facts.ts'
import { viewOf } from '../support/given.ts'

const FIVE = [11, 12, 13, 14, 15]
const ready = [...readyFacts(10).slice(0, 3), ...FIVE.flatMap((pull) => readyFacts(pull).slice(3))]
const starts = (events: readonly NewEvent[]) =>
  planOf(judge(viewOf([...ready, ...events]), configWith({ ci: { slots: 1 } }))).start.map(({ members }) =>
    members.map(({ pull }) => pull),
  )
const inQueue = FIVE.map((pull) => queued(pull))

test('of those whose own checks were red before, green as they are by now, a build holds fewer', () => {
  const red = FIVE.flatMap((pull) => [
    check({ sha: headOf(pull), branch: `topic-${pull}`, conclusion: 'failure', run: 2 }),
    check({ sha: headOf(pull), branch: `topic-${pull}`, run: 3 }),
  ])
  expect(starts(inQueue)).toEqual([FIVE])
  expect(starts([...red, ...inQueue])).toEqual([[11, 12, 13]])
})
