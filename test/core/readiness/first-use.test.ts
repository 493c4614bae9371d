/** An App that was just installed: what is said where there is no configuration file, or a broken one. */
import { expect, test } from 'vitest'
import type { NewEvent, PayloadOf } from '../../../src/core/events.ts'
import { REPOSITORY_LANE } from '../../../src/core/ids.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { commit, event, installedHere, readyFacts, TIP } from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const file = (rest: Partial<PayloadOf<'config_changed'>>): NewEvent =>
  event('config_changed', {
    branch: 'main',
    default_branch: true,
    blob: null,
    commit: TIP,
    config: null,
    errors: [],
    ...rest,
  })
const broken = file({
  blob: commit('d0'),
  errors: [{ line: 1, column: 1, key: 'mode', value: '"lvie"', fix: 'it is one of `off`, `live` and `paused`' }],
})

test('C118: without a file nothing is said, neither on a commit nor on a pull request', () => {
  const events = [installedHere, file({}), ...readyFacts(12)]
  expect(decide(viewOf(events, REPOSITORY_LANE))).toEqual({ do: 'wait' })
  expect(decide(viewOf(events))).toEqual({ do: 'wait' })
})

test('C118: a file that was never right gets a check run on its commit, and nothing else', () => {
  const events = [installedHere, broken, ...readyFacts(12)]
  const decision = decide(viewOf(events, REPOSITORY_LANE))
  expect(decision).toMatchObject({
    do: 'perform',
    effects: [{ effect: 'show-config-errors', commit: TIP, check_run: { conclusion: 'action_required' } }],
  })
  expect(JSON.stringify(decision)).toContain('Until it is mended, Mainkeeper stays silent here.')
  const told = event('config_reported', { branch: 'main', commit: TIP, check_run: 1 })
  expect(decide(viewOf([...events, told], REPOSITORY_LANE))).toEqual({ do: 'wait' })
  expect(decide(viewOf(events))).toEqual({ do: 'wait' })
})
