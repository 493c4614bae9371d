import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { event, headOf, house, installedHere, NOON, readyFacts, seen, TIP } from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const looked = (...pulls: number[]): NewEvent =>
  event('lane_observed', { scope: 'pulls', pulls, users: ['rob'], build: null, tip: TIP, observed_at: NOON })
const protectionRead = event('lane_observed', {
  scope: 'protection',
  pulls: [],
  users: [],
  build: null,
  tip: null,
  observed_at: NOON,
})

const types = (events: readonly NewEvent[]) => {
  const decision = decide(viewOf(events))
  return decision.do === 'record'
    ? decision.events.map(({ type }) => type)
    : decision.do === 'perform'
      ? decision.effects.map(({ effect }) => effect)
      : ['wait']
}

test('a pull request that is not a draft is declared finished at its head', () => {
  expect(types([...house(), seen(12)])).toEqual(['finalize_ready'])
})

test('what is ready is queued', () => {
  expect(types([...house(), ...readyFacts(12)])).toEqual(['candidate_queued'])
})

const queued: NewEvent[] = [
  ...house(),
  ...readyFacts(12),
  event('candidate_queued', {
    pull: 12,
    branch: 'topic-12',
    sha: headOf(12),
    ready_at: NOON,
    priority: 0,
    alone: false,
    resumed: false,
  }),
]

test('what is first in line is looked at before a build is planned', () => {
  expect(types(queued)).toEqual(['observe-pulls'])
  expect(types([...queued, looked(12)])).toEqual(['build_planned'])
})

test('what protects the target is read before a build where nobody did yet, or somebody touched it', () => {
  const touched = event('settings_touched', { what: 'protection', branch: null, user: null, delivery: 'd1' })
  expect(types([...queued, touched])).toEqual(['observe-protection'])
  expect(types([...queued, touched, protectionRead])).toEqual(['observe-pulls'])
  // What is required stands in the configuration; by which method it may land does not.
  const listed = house({ checks: { required: ['test'] } })
  const unread = [...queued, ...listed].filter(({ type }) => type !== 'protection_observed')
  expect(types(unread)).toEqual(['observe-protection'])
})

test('nothing is decided in a repository without a configuration', () => {
  expect(decide(viewOf([installedHere, ...readyFacts(12)]))).toEqual({ do: 'wait' })
})

test('C130 a member that conflicts only with a batch mate is not blocked, and is next when that one is set aside', () => {
  const candidate = (pull: number) =>
    event('candidate_queued', {
      pull,
      branch: `topic-${pull}`,
      sha: headOf(pull),
      ready_at: NOON,
      priority: 0,
      alone: false,
      resumed: false,
    })
  const members = [11, 12].map((pull) => ({ pull, sha: headOf(pull) }))
  const plan = {
    build: 'b1',
    base: TIP,
    parent: null,
    members,
    attempt: 1,
    purpose: 'land',
    method: 'merge',
    planned_at: NOON,
  } as const
  const refused = {
    build: 'b1',
    pull: 12,
    reason: 'conflict_with_member' as const,
    files: ['a.txt'],
    message: 'conflict',
  }
  const together: NewEvent[] = [
    ...house(),
    ...readyFacts(11),
    ...readyFacts(12),
    candidate(11),
    candidate(12),
    event('build_planned', plan),
    event('assembly_refused', refused),
  ]
  expect(types(together)).toEqual(['build_concluded'])
  const culprit = event('integration_blocked', {
    pull: 11,
    branch: 'topic-11',
    sha: headOf(11),
    reason: 'checks_failed',
    build: null,
    conflict_evidence: [{ kind: 'check', text: 'test: failure' }],
    diagnostics: ['test failed'],
    next_action: 'Mend it.',
    blocked_at: NOON,
  })
  const obsolete = event('build_concluded', { build: 'b1', verdict: 'obsolete', checks: [], concluded_at: NOON })
  const aside = [
    ...together,
    obsolete,
    event('build_withdrawn', { build: 'b1' }),
    culprit,
    protectionRead,
    looked(11, 12),
  ]
  const next = decide(viewOf(aside))
  expect(next).toMatchObject({
    do: 'record',
    events: [{ type: 'build_planned', payload: { members: [{ pull: 12 }] } }],
  })
})
