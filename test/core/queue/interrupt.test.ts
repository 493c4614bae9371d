/** A pull request that goes in front of what is being built: who is built next, who lands first, and who may ask for it. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { carriedOut, lookedAt, next, people, typed } from '../../support/asking.ts'
import { BUILT, check, concluded, event, house, planned, published, queued, readyFacts } from '../../support/facts.ts'

/** #11 is being built, #12 waits behind #13; there is room for two builds. */
const busy: NewEvent[] = [
  ...house({ ci: { slots: 2 }, batch: { max: 1 } }),
  ...people({ bob: 'write', ann: 'read' }),
  ...readyFacts(11),
  ...readyFacts(13).slice(3),
  ...readyFacts(12).slice(3),
  queued(11),
  queued(13),
  queued(12),
  ...lookedAt(11, 12, 13),
  planned('b1', [11]),
]
const asked = (body: string, by = 'bob', events = busy) => carriedOut([...events, ...typed(by, body)])

interface Step {
  readonly type?: string
  readonly payload: { readonly build: string; readonly members?: readonly { readonly pull: number }[] }
}
const steps = (events: readonly NewEvent[]) =>
  (next(events) as Step[]).map(({ type, payload }) => [type, payload.members?.map(({ pull }) => pull) ?? payload.build])
const cancelled = [concluded('b1', { verdict: 'obsolete' }), event('build_withdrawn', { build: 'b1' })]

test('C48 who interrupts is built next, on the tip, in the slot of what was being built', () => {
  const { log, result } = asked('/merge interrupt')
  expect(result).toBe('taken')
  expect(steps(log)).toEqual([['build_concluded', 'b1']])
  expect(steps([...log, ...cancelled])).toEqual([['build_planned', [12]]])
  // Whoever was interrupted is built behind it, before those who only waited.
  expect(steps([...log, ...cancelled, planned('b2', [12])])).toEqual([['build_planned', [12, 11]]])
})

test('C48 who interrupts lands first', () => {
  const built = [planned('b2', [12]), planned('b3', [12, 11]), published('b2', [12])]
  const { log } = asked('/merge interrupt')
  const passed = [check({ sha: BUILT, branch: 'mainkeeper/queue/main/b2', run: 5 }), concluded('b2')]
  expect(steps([...log, ...cancelled, ...built, ...passed])).toEqual([['landing_planned', 'b2']])
})

test('C48 who has the higher priority but does not interrupt overtakes who waits, not what is being built', () => {
  expect(steps(busy)).toEqual([['build_planned', [11, 13]]])
  expect(steps(asked('/merge priority=100').log)).toEqual([['build_planned', [11, 12]]])
})

test('C48 of two that interrupt the first in the queue is in front, whoever asked first', () => {
  const both = asked('/merge interrupt', 'bob', [
    ...asked('/merge interrupt').log,
    ...typed('bob', '/merge interrupt', 13),
  ])
  expect(steps([...both.log, ...cancelled])).toEqual([['build_planned', [13]]])
})

test('C15 to interrupt needs the permission that a priority needs, also for the author', () => {
  expect(asked('/merge interrupt', 'ann')).toMatchObject({ result: 'refused', reason: 'permission' })
  expect(asked('/merge interrupt', 'ann').reply).toContain('`/merge interrupt` needs write permission')
  expect(steps(asked('/merge interrupt', 'ann').log)).toEqual([['build_planned', [11, 13]]])
})
