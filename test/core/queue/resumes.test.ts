/** What becomes of requests to resume: each is answered by itself, whoever else asked, and a remembered one stays. */
import { expect, test } from 'vitest'
import type { NewEvent, PayloadOf } from '../../../src/core/events.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { resumeOf } from '../../../src/core/queue/lane.ts'
import {
  blocked,
  check,
  commit,
  event,
  house,
  NOON,
  permission,
  planned,
  queued,
  readyFacts,
  seen,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const asks = (request: string, by: string, rest: Partial<PayloadOf<'resume_requested'>> = {}) =>
  event('resume_requested', { pull: 12, follow_up: 57, by, via: 'comment', request, ...rest })
const lookedUp = (...users: string[]) =>
  event('lane_observed', { scope: 'permissions', pulls: [], users, build: null, tip: null, observed_at: NOON })
const may = [permission('bob', 'write'), permission('mallory', 'read'), lookedUp('bob', 'mallory')]

/** Blocked, and a draft since, so that a resume is remembered. */
const held: NewEvent[] = [...house(), ...readyFacts(12), queued(12), blocked(12), seen(12, { draft: true })]

/** The log with everything that is recorded about requests to resume, until nothing more is. */
function answered(events: readonly NewEvent[], steps = 10): NewEvent[] {
  if (steps === 0) throw new Error('it goes on for ever')
  const decision = decide(viewOf(events))
  const isAnswer = decision.do === 'record' && decision.events.every(({ type }) => type.startsWith('resume_'))
  return isAnswer ? answered([...events, ...decision.events], steps - 1) : [...events]
}

const answers = (events: readonly NewEvent[]) =>
  answered(events).flatMap(({ type, payload }) =>
    type === 'resume_answered' ? [[payload.request, payload.result, payload.reason]] : [],
  )

test('two requests for one pull request are both answered, in the order in which they were made', () => {
  expect(answers([...held, ...may, asks('r1', 'mallory'), asks('r2', 'bob')])).toEqual([
    ['r1', 'refused', 'permission'],
    ['r2', 'remembered', 'not_ready'],
  ])
})

test('who may not resume can not take away what somebody else had remembered', () => {
  const events = answered([...answered([...held, ...may, asks('r1', 'bob')]), asks('r2', 'mallory')])
  expect(resumeOf(viewOf(events).lane, 12)).toBe('remembered')
  expect(answers(events).at(-1)).toEqual(['r2', 'refused', 'permission'])
  expect(decide(viewOf([...events, seen(12)]))).toMatchObject({ events: [{ type: 'candidate_queued' }] })
})

test('a request that nobody could answer before the work was queued again is answered with that', () => {
  const events = [...answered([...held, ...may, asks('r1', 'bob')]), asks('r2', 'stranger'), seen(12)]
  const again = [...events, queued(12, { resumed: true })]
  expect(answers(again).at(-1)).toEqual(['r2', 'obsolete', 'queued'])
  expect(resumeOf(viewOf(answered(again)).lane, 12)).toBeNull()
})

/** Built, failed and blocked so many times. */
const failing = (times: number): NewEvent[] => [
  ...house(),
  ...readyFacts(12),
  ...Array.from({ length: times }, (_, n) => [
    queued(12, { resumed: n > 0 }),
    planned(`b${n}`, [12]),
    event('build_published', {
      build: `b${n}`,
      ref: `refs/heads/mainkeeper/queue/main/b${n}`,
      sha: commit(`e${n}`),
      tree: commit('f0'),
      prefixes: [{ pull: 12, sha: commit(`e${n}`), tree: commit('f0') }],
      published_at: NOON,
    }),
    blocked(12, {
      reason: 'checks_failed',
      build: `b${n}`,
      conflict_evidence: [{ kind: 'check', text: 'test: failure' }],
    }),
  ]).flat(),
]
const green = (n: number) => check({ sha: commit(`e${n}`), run: 2 })

test('a failed check that turned green resumes once', () => {
  const events = answered([...failing(1), green(0)])
  expect(events.filter(({ type }) => type === 'resume_requested')).toMatchObject([{ payload: { via: 'recheck' } }])
  expect(answers(events)).toMatchObject([[expect.stringContaining('recheck:'), 'remembered', 'ready']])
})

test('after three failures of one commit a green re-run asks for nothing, for it would be refused', () => {
  expect(answered([...failing(3), green(2)])).toHaveLength(failing(3).length + 1)
})

test('nor does it for a pull request that is closed', () => {
  const events = [...failing(1), seen(12, { state: 'closed' }), green(0)]
  expect(answered(events)).toHaveLength(events.length)
})
