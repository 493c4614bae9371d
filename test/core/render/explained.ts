/** What there is to say of #12 after some events, and the events that most tests of the words begin with. */
import type { NewEvent } from '../../../src/core/events.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import { renderCheckRun } from '../../../src/core/render/check-run.ts'
import {
  blocked,
  commit,
  concluded,
  configWith,
  event,
  headOf,
  planned,
  published,
  queued,
  readyFacts,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

export const ready = readyFacts(12)
export const without = (...types: NewEvent['type'][]) => ready.filter(({ type }) => !types.includes(type))
export const others = [11, 13].flatMap((pull) => readyFacts(pull).slice(3))

export function explained(events: readonly NewEvent[], file: Record<string, unknown> = {}, number = 12) {
  const view = viewOf(events)
  const pull = view.pulls.get(number)
  if (!pull) throw new Error(`no pull request ${number} in these events`)
  return explain(view, configWith(file), pull)
}

export const checkRun = (events: readonly NewEvent[], file: Record<string, unknown> = {}) =>
  renderCheckRun(explained(events, file))

/** Three builds of ten minutes, of somebody who left. */
export const measured = [
  queued(9),
  ...['b1', 'b2', 'b3'].flatMap((build) => [
    planned(build, [9]),
    published(build, [9]),
    concluded(build, { verdict: 'failed', concluded_at: '2026-01-05T12:10:00Z' }),
  ]),
  event('candidate_dequeued', { pull: 9, sha: headOf(9), reason: 'closed' }),
]

export const conflict = [...ready, queued(12), blocked(12)]
export const newHead = commit('d1')
export const resumeAsked = event('resume_requested', {
  pull: 12,
  follow_up: 57,
  by: 'max',
  via: 'label',
  request: 'r1',
})
export const remembered = event('resume_answered', {
  pull: 12,
  request: 'r1',
  result: 'remembered',
  reason: 'not_ready',
})
