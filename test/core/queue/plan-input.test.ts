/** How a lane is handed to its plan: what the plan is told of each member that waits. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { judge } from '../../../src/core/queue/judgement.ts'
import { planOf } from '../../../src/core/queue/rules/builds/plan-input.ts'
import { mayLand } from '../../../src/core/queue/rules/landing/landing.ts'
import {
  check,
  concluded,
  configWith,
  headOf,
  landing,
  planned,
  published,
  queued,
  readyFacts,
  seen,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

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

test('who depends on another that waits comes behind it in one build, whoever was queued first', () => {
  const needy = [seen(9, { state: 'merged' }), seen(11, { depends_on: [14, 9] })]
  expect(starts([...inQueue, ...needy])).toEqual([[12, 13, 14, 11, 15]])
})

test('a landing that was planned before somebody came to depend on another is not carried out', () => {
  const built = [planned('b1', [11]), published('b1', [11]), concluded('b1'), landing('b1')]
  const moves = (events: readonly NewEvent[]) => {
    const judgement = judge(viewOf([...ready, ...inQueue, ...built, ...events]), configWith())
    const build = judgement.lane.builds['b1']
    return build && mayLand(judgement, build)
  }
  expect(moves([])).toBe(true)
  expect(moves([seen(11, { depends_on: [14] })])).toBe(false)
})

test('who comes first and is not known well enough yet is waited for, but what is being built is not cancelled for it', () => {
  const first = [seen(13, { depends_on: [99] }), queued(13, { priority: 10, interrupt: true }), queued(12)]
  const built = [queued(11), planned('b1', [11])]
  const made = planOf(judge(viewOf([...ready, ...first, ...built]), configWith({ ci: { slots: 2 } })))
  expect(made).toMatchObject({ cancel: [], start: [] })
})

test('a batch waits for others from when its first came into the queue, however long ago that was declared', () => {
  const config = configWith({ batch: { wait: '10m' } })
  const long_ago = '2026-01-05T09:00:00Z'
  const planAt = (now: string) =>
    planOf(judge(viewOf([...ready, queued(11, { ready_at: long_ago })], 'main', now), config))
  expect(planAt('2026-01-05T12:09:59Z')).toMatchObject({ start: [], until: Date.parse('2026-01-05T12:10:00Z') })
  expect(planAt('2026-01-05T12:10:00Z').start).toMatchObject([{ members: [{ pull: 11 }] }])
})
