import { describe, expect, test } from 'vitest'
import { configSchema } from '../../../src/core/config.ts'
import type { NewEvent } from '../../../src/core/events.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import {
  configWith,
  event,
  house,
  NOON,
  planned,
  protection,
  queued,
  readyFacts,
  seen,
  TIP,
} from '../../support/facts.ts'
import { given, pr, viewOf } from '../../support/given.ts'

const labelled = (...labels: string[]): NewEvent[] => [...readyFacts(12), seen(12, { labels })]
const landingBy = (land: Record<string, unknown> = {}): NewEvent[] => house({ land })
const looked = (scope: 'pulls' | 'protection'): NewEvent =>
  event('lane_observed', {
    scope,
    pulls: scope === 'pulls' ? [12] : [],
    users: scope === 'pulls' ? ['rob'] : [],
    build: null,
    tip: TIP,
    observed_at: NOON,
  })

describe('C81 a label that chooses how a pull request lands', () => {
  test('is asked for by nobody, and is one of four, however it is spelled', () => {
    given(labelled('bug')).evaluates(pr(12)).as('ready')
    given(labelled('Mainkeeper:Squash')).evaluates(pr(12)).as('ready')
  })

  test('is alone, or nobody knows which counts', () => {
    const judged = given(labelled('mainkeeper:squash', 'mainkeeper:rebase'))
    judged
      .evaluates(pr(12))
      .as('not_ready', ['methods_conflict'])
      .saying('methods_conflict', 'its labels mainkeeper:squash and mainkeeper:rebase choose different methods')
    const pull = judged.view.pulls.get(12)
    expect(pull && explain(judged.view, configWith(), pull).next_action).toBe(
      'Leave one label that chooses a method, or none.',
    )
  })

  test.each([
    ['merge', ['required_linear_history'], 'exact', 'requires a linear history, so it takes no merge commits'],
    [
      'rebase',
      ['required_signatures'],
      'exact',
      'requires signed commits, and GitHub signs no commit that was rebased',
    ],
    [
      'rebase',
      ['required_signatures'],
      'native',
      'requires signed commits, and GitHub signs no commit that was rebased',
    ],
    ['fast-forward', [], 'native', 'is landed on by GitHub itself (land.mode: native), which never fast-forwards'],
  ])('C82 holds back its own pull request where %s is ruled out by %s in mode %s', (method, rules, mode, words) => {
    given([...labelled(`mainkeeper:${method}`), protection({ rules })])
      .configured({ land: { mode, method: 'squash' } })
      .evaluates(pr(12))
      .as('not_ready', ['method_forbidden'])
      .saying('method_forbidden', `labelled mainkeeper:${method}, but main ${words}`)
  })

  const inQueue = (land: Record<string, unknown>, ...labels: string[]): NewEvent[] => [
    ...landingBy(land),
    ...labelled(...labels),
    queued(12),
    looked('protection'),
    looked('pulls'),
  ]
  const recorded = (events: NewEvent[]) => {
    const decision = decide(viewOf(events))
    return decision.do === 'record' ? decision.events.map(({ type, payload }) => ({ type, ...payload })) : decision
  }

  test('goes before the configuration', () => {
    expect(recorded(inQueue({ method: 'squash' }))).toMatchObject([{ type: 'build_planned', method: 'squash' }])
    expect(recorded(inQueue({ method: 'squash', mode: 'native' }, 'mainkeeper:rebase'))).toMatchObject([
      { type: 'build_planned', method: 'rebase', mode: 'native' },
    ])
  })

  test('that comes while its build runs has it built anew', () => {
    const built = [...inQueue({}), planned('b1', [12])]
    expect(recorded(built)).toMatchObject({ do: 'perform', effects: [{ effect: 'assemble-build' }] })
    expect(recorded([...built, seen(12, { labels: ['mainkeeper:squash'] })])).toMatchObject([
      { type: 'build_concluded', build: 'b1', verdict: 'obsolete' },
    ])
  })
})

test('C81 mode native and method fast-forward together are refused as configuration', () => {
  const parsed = configSchema.safeParse({ mode: 'live', land: { mode: 'native', method: 'fast-forward' } })
  expect(parsed.error?.issues).toMatchObject([
    { path: ['land', 'method'], message: expect.stringContaining('never fast-forwards') },
  ])
})
