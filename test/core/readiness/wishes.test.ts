/** What was said of a pull request's place in the queue, and how long it counts. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { carriedOut, next, people, typed } from '../../support/asking.ts'
import {
  approved,
  blocked,
  check,
  commit,
  declared,
  event,
  examined,
  headOf,
  house,
  pushed,
  queued,
  readyFacts,
  retracted,
  seen,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const wished: NewEvent[] = [
  ...house(),
  ...people({ bob: 'write' }),
  ...readyFacts(12),
  declared(12, { via: 'command', priority: 7, alone: true, interrupt: true }),
]
const place = (events: readonly NewEvent[]) =>
  (next(events) as { type?: string; payload: { priority: number; alone: boolean; interrupt?: true } }[]).flatMap(
    ({ type, payload }) =>
      type === 'candidate_queued' ? [[payload.priority, payload.alone, payload.interrupt ?? false]] : [],
  )

test('C32 priority, alone and interrupt are kept when it is approved again, after a block as after a push', () => {
  expect(place(wished)).toEqual([[7, true, true]])
  const stuck = [...wished, queued(12, { priority: 7, alone: true, interrupt: true }), blocked(12)]
  expect(place([...stuck, approved(12, 'rob', { review_id: 300 })])).toEqual([[7, true, true]])
  const sha = commit('d1')
  const moved = [
    seen(12, { sha }),
    pushed(12, { sha }),
    examined(12, { sha }),
    event('finalize_withdrawn', { pull: 12, sha: headOf(12), by: 'ann', reason: 'pushed' }),
    declared(12, { sha }),
    check({ sha }),
  ]
  expect(place([...wished, ...moved])).toEqual([])
  expect(place([...wished, ...moved, approved(12, 'rob', { review_id: 300, sha })])).toEqual([[7, true, true]])
})

test('C32 they are kept when it is declared again, in the queue or not, unless they are said anew', () => {
  const back = [...wished, retracted(12, 'rob', { review_id: 112 }), approved(12, 'rob', { review_id: 300 })]
  const again = (body: string) => carriedOut([...back, ...typed('bob', body)]).log
  expect(place(again('/merge'))).toEqual([[7, true, true]])
  expect(place(again('/merge priority=low'))).toEqual([[-10, true, true]])
})

test('C32 a cancelled declaration takes them with it', () => {
  const { log } = carriedOut([...wished, ...typed('bob', '/merge cancel'), ...typed('bob', '/merge')])
  expect(place(log)).toEqual([[0, false, false]])
})

test('C32 what is said of it while it waits counts at once, and what is not said stays as it was', () => {
  const entry = (payload: Parameters<typeof declared>[1]) =>
    viewOf([...wished, queued(12, { priority: 7, interrupt: true }), declared(12, payload)]).lane.entries[12]
  expect(entry({ alone: true })).toMatchObject({ priority: 7, alone: true, interrupt: true })
  expect(entry({ priority: 3 })).toMatchObject({ priority: 3, alone: false, interrupt: true })
})
