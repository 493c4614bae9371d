import { expect, test } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { decide } from '../../src/core/queue/decide.ts'
import { commit, configWith, event, headOf, NOON, REPOSITORY, readyFacts, seen, TIP } from '../support/facts.ts'
import { viewOf } from '../support/given.ts'

const installed = event('repository_observed', {
  installation: 1,
  installed: true,
  suspended: false,
  default_branch: 'main',
  private: false,
})
const configured = event('config_changed', {
  branch: 'main',
  default_branch: true,
  blob: commit('d0'),
  commit: TIP,
  config: configWith(),
  errors: [],
})
const house: NewEvent[] = [installed, configured]
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
  expect(types([...house, seen(12)])).toEqual(['finalize_ready'])
})

test('what is ready is queued', () => {
  expect(types([...house, ...readyFacts(12)])).toEqual(['candidate_queued'])
})

const queued: NewEvent[] = [
  ...house,
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

test('the protection is read and the first in line looked at before a build is planned', () => {
  expect(types(queued)).toEqual(['observe-protection'])
  expect(types([...queued, protectionRead])).toEqual(['observe-pulls'])
  expect(types([...queued, protectionRead, looked(12)])).toEqual(['build_planned'])
})

test('nothing is decided in a repository without a configuration', () => {
  expect(decide(viewOf([installed, ...readyFacts(12)]))).toEqual({ do: 'wait' })
})
void REPOSITORY
