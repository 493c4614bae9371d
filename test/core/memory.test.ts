/** What is kept from one judgement to the next never outlives anything that it was made of. */
import { expect, test } from 'vitest'
import type { Config } from '../../src/core/config.ts'
import { judge } from '../../src/core/queue/judgement.ts'
import type { Build, Entry, Lane } from '../../src/core/queue/lane.ts'
import { newMemory } from '../../src/core/queue/memory.ts'
import { explained } from '../../src/core/queue/rules/explained.ts'
import type { LaneView } from '../../src/core/queue/view.ts'
import {
  blocked,
  check,
  commit,
  configWith,
  examined,
  followUpOpened,
  headOf,
  held,
  planned,
  queued,
  REPOSITORY,
  readyFacts,
  seen,
  TIP,
} from '../support/facts.ts'
import { logged, viewOf } from '../support/given.ts'

const FILE = configWith()
const conflicting = examined(12, { mergeable: 'no', tip: commit('c9') })
const start = viewOf([...readyFacts(12), ...readyFacts(13), conflicting, queued(12), queued(13)])
const withBlock = viewOf([...readyFacts(12), queued(12), blocked(12)])
const idle = viewOf(readyFacts(12))
const dependent = viewOf([...readyFacts(12), seen(12, { depends_on: [99] })])

const lane = (view: LaneView, change: Partial<Lane>): LaneView => ({ ...view, lane: { ...view.lane, ...change } })
const entryOf = (pull: number): Entry => start.lane.entries[pull] as Entry
const buildOf = (change: Partial<Build>): Build => ({
  ...planned('b1', [12]).payload,
  position: 1,
  epoch: 1,
  published: null,
  refusal: null,
  verdict: null,
  checks: [],
  spent: false,
  withdrawn: false,
  missed: [],
  rerun_by: null,
  ...change,
})
const testing = lane(start, { builds: { b1: buildOf({}) } })
const landing = {
  build: 'b1',
  from: TIP,
  to: commit('e1'),
  observed_at: '',
  planned_at: '',
  position: 2,
  concluded: null,
}
const failing = logged([check({ sha: headOf(12), branch: 'topic-12', conclusion: 'failure' })]).filter(
  (event) => event.type === 'check_reported',
)
const surface = { check_run: null, comment: { id: 7, content: '0' } }
const followUp = followUpOpened(12).payload
const resume = { pull: 12, follow_up: null, by: 'ann', via: 'comment' as const, request: 'r', position: 9 }
const ended = { pull: 12, sha: headOf(12), how: 'dequeued' as const, reason: 'cancelled', position: 9 }

type Change = [what: string, before: LaneView, after: LaneView, config?: Config]

const CHANGES: Change[] = [
  ['the tip', start, lane(start, { tip: commit('c9') })],
  ['a hold', start, lane(start, { hold: { ...held().payload, since: '2026-01-05T12:00:00Z' } })],
  ['a foreign move', start, lane(start, { moved: { from: TIP, to: commit('c1'), pusher: null, forced: null } })],
  ['a check of the head', start, { ...start, checks: new Map([[headOf(12), failing]]) }],
  ['where the branch stands', start, { ...start, branches: new Map([[`${REPOSITORY}:topic-12`, commit('a9')]]) }],
  ['what a reviewer may do', start, { ...start, permissions: new Map([['rob', 'read' as const]]) }],
  ['what the target demands', start, { ...start, repository: { ...start.repository, protections: {} } }],
  ['the configuration', start, start, configWith({ ready: { approvals: { required: 2 } } })],
  ['the place', start, lane(start, { entries: { ...start.lane.entries, 13: { ...entryOf(13), priority: 5 } } })],
  ['how many wait', start, lane(start, { entries: { 12: entryOf(12) } })],
  ['its own entry', start, lane(start, { entries: { ...start.lane.entries, 12: { ...entryOf(12), waits_for: 13 } } })],
  ['a build', start, testing],
  ['how far the build is', testing, lane(testing, { builds: { b1: buildOf({ verdict: 'passed' }) } })],
  ['a landing', testing, lane(testing, { landing })],
  ['a block', withBlock, lane(withBlock, { blocks: {} })],
  ['a resume', withBlock, lane(withBlock, { resumes: { r: { ...resume, status: 'remembered' } } })],
  ['how it ended', idle, lane(idle, { ended: { 12: { ...ended, ...notLanded() } } })],
  [
    'a follow-up',
    withBlock,
    lane(withBlock, { follow_ups: { 12: { ...followUp, state: 'open', error: null, history: [], duplicates: [] } } }),
  ],
  ['a comment', start, lane(start, { surfaces: { 12: surface } })],
  ['what it depends on', dependent, { ...dependent, others: new Map([[99, { ...merged(), number: 99 }]]) }],
]

test.each(CHANGES)('with %s all that is said changes', (_, before, after, config = FILE) => {
  const memory = newMemory()
  const explain = (view: LaneView, kept: typeof memory, by: Config) => {
    const pull = before.pulls.get(12)
    if (!pull) throw new Error('there is no #12')
    return explained(judge(view, by, kept), pull)
  }
  const then = explain(before, memory, FILE)
  const now = explain(after, memory, config)
  expect(now).toEqual(explain(after, newMemory(), config))
  expect(now).not.toEqual(then)
})

test('what did not change is not worked out again', () => {
  const memory = newMemory()
  const [then, again] = [1, 2].map(() =>
    [...start.pulls.values()].map((pull) => explained(judge(start, FILE, memory), pull)),
  )
  expect(again?.[0]).toBe(then?.[0])
})

function notLanded() {
  return { landed_sha: null, method: null, mode: null, closed: false, head_branch: null }
}

function merged() {
  const view = viewOf([seen(99, { state: 'merged' })])
  const pull = view.pulls.get(99)
  if (!pull) throw new Error('there is no #99')
  return pull
}
