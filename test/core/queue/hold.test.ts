/** A lane that is held but for exceptions: who is built, what runs on, and what is said. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import { renderCheckRun } from '../../../src/core/render/check-run.ts'
import { carriedOut, lookedAt, next, people, typed } from '../../support/asking.ts'
import {
  BUILT,
  check,
  commit,
  concluded,
  configWith,
  house,
  planned,
  published,
  queued,
  readyFacts,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

/** #11 and #12 wait; the house has so many slots. */
const line = (slots = 2): NewEvent[] => [
  ...house({ ci: { slots }, batch: { max: 1 } }),
  ...people({ max: 'maintain', bob: 'write' }),
  ...readyFacts(11),
  ...readyFacts(12).slice(3),
  queued(11),
  queued(12),
  ...lookedAt(11, 12),
]
const HOLD = '/hold release day except #12'
const heldBut = (events: readonly NewEvent[], by = 'max') => carriedOut([...events, ...typed(by, HOLD)])
const other = [
  planned('b1', [11]),
  published('b1', [11], { sha: commit('e2'), prefixes: [{ pull: 11, sha: commit('e2'), tree: commit('f2') }] }),
]
const passed = (sha: string) => [check({ sha, branch: 'mainkeeper/queue/main/b1', run: 5 }), concluded('b1')]

test('C50 `/hold` with an exception lets the exception alone be built, and says so on the others', () => {
  const { log, result } = heldBut(line())
  expect(result).toBe('taken')
  expect(viewOf(log).lane.hold).toMatchObject({ words: 'release day', allow: [12] })
  expect(next(log)).toMatchObject([{ type: 'build_planned', payload: { members: [{ pull: 12 }] } }])
  const view = viewOf(log)
  const shown = (number: number) => {
    const pull = view.pulls.get(number)
    return pull ? renderCheckRun(explain(view, configWith(), pull)) : undefined
  }
  expect(shown(11)?.title).toBe('Held: release day')
  expect(shown(11)?.summary).toContain('release day (except #12)')
  expect(shown(12)?.title).toBe('Queued, 2nd')
})

test('C50 what of others runs already goes on, and its slot stays taken', () => {
  const running = [...line(), ...other]
  const two = heldBut(running).log
  expect(next(two)).toMatchObject([{ type: 'build_planned', payload: { members: [{ pull: 12 }] } }])
  const one = heldBut([...line(1), ...other]).log
  expect(JSON.stringify(next(one))).not.toMatch(/build_concluded|build_planned/)
  // Until it ended: then the exception has the slot, and what passed waits for the release.
  const ended = [...one, ...passed(commit('e2'))]
  expect(next(ended)).toMatchObject([{ type: 'build_planned', payload: { members: [{ pull: 12 }] } }])
  expect(viewOf(ended).lane.builds['b1']?.spent).toBe(false)
  expect(next(carriedOut([...ended, ...typed('max', '/release')]).log)).toMatchObject([{ type: 'landing_planned' }])
})

test('C50 a build that holds others beside the exception is left alone, and lands nobody', () => {
  const both = [...line(), planned('b1', [11, 12]), published('b1', [11, 12]), ...passed(BUILT)]
  const { log } = heldBut(both)
  expect(next(log)).toMatchObject([{ type: 'build_planned', payload: { members: [{ pull: 12 }], purpose: 'land' } }])
})

test('C15 a hold by somebody without the right is refused, with the right that it needs', () => {
  const { log, result, reply } = heldBut(line(), 'bob')
  expect({ result, reply }).toEqual({
    result: 'refused',
    reply: '`/hold` needs maintain permission on this repository.',
  })
  expect(viewOf(log).lane.hold).toBeNull()
})
