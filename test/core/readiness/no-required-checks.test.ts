/** The hold of a lane of which no check is required: it looks again by itself, and ends by itself. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import {
  configuredHere,
  configWith,
  event,
  held,
  house,
  NOON,
  protection,
  queued,
  readyFacts,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const read = event('lane_observed', {
  scope: 'protection',
  pulls: [],
  users: [],
  build: null,
  tip: null,
  observed_at: NOON,
})
const nothing = protection({ required: [] })
const hold = held({ by: 'mainkeeper', reason: 'no_required_checks', request: 'lane:main:no_required_checks:9' })
const stuck: NewEvent[] = [...house(), ...readyFacts(12), queued(12), nothing, read, hold]
const at = (seconds: number) => new Date(Date.parse(NOON) + seconds * 1000).toISOString()

test('it reads the protection once a minute, and at once where it is told of a change', () => {
  const protectionOnly = { do: 'perform', effects: [{ effect: 'observe-protection' }] }
  expect(decide(viewOf(stuck, 'main', at(61)))).toEqual(protectionOnly)
  const told = event('settings_touched', { what: 'protection', branch: null, user: null, delivery: 'd1' })
  expect(decide(viewOf([...stuck, told]))).toEqual(protectionOnly)
  expect(decide(viewOf(stuck))).not.toMatchObject({ effects: [{ effect: 'observe-protection' }] })
})

test.each([
  ['a rule requires a check', protection()],
  ['the configuration names one', configuredHere({ checks: { required: ['test'] } })],
  ['the configuration says that none is meant', configuredHere({ checks: { required: [] } })],
])('it ends when %s', (_, fact) => {
  expect(decide(viewOf([...stuck, fact]))).toMatchObject({
    do: 'record',
    events: [{ type: 'lane_released', payload: { target: 'main', by: 'mainkeeper' } }],
  })
})

test('a hold that a person put on meanwhile stays', () => {
  expect(decide(viewOf([...stuck, held({ request: 'comment:1:1' }), protection()]))).not.toMatchObject({
    events: [{ type: 'lane_released' }],
  })
})

test('whoever waits is told what to do, and it is not a command', () => {
  const view = viewOf(stuck)
  const pull = view.pulls.get(12)
  expect(pull && explain(view, configWith(), pull).next_action).toBe(
    'Require a check of main in its rules, or name some in checks.required of .github/mainkeeper.yml.',
  )
})
