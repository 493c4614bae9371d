/** What follows when CI itself fails: it never starts, or its runner cancels. Nobody is charged, and the lane is held when it goes on. */
import { describe, expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { judge } from '../../../src/core/queue/judgement.ts'
import { judgeBuilds } from '../../../src/core/queue/rules/builds/verdicts.ts'
import {
  check,
  commit,
  concluded,
  configWith,
  event,
  headOf,
  held,
  planned,
  published,
  queued,
  readyFacts,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const LATER = '2026-01-05T12:30:00Z'
const waiting = [...readyFacts(11), ...readyFacts(12).slice(3), queued(11), queued(12)]

const shaOf = (build: string) => commit(`e${build.slice(1)}`)
const built = (build: string, ...pulls: number[]): NewEvent[] => [
  planned(build, pulls),
  published(build, pulls, { sha: shaOf(build) }),
]
const reported = (build: string, conclusion: string) =>
  check({ sha: shaOf(build), branch: `mainkeeper/queue/main/${build}`, conclusion })
const asked = (build: string) =>
  event('lane_observed', { scope: 'checks', pulls: [], users: [], build, tip: null, observed_at: LATER })
const silent = (build: string) => concluded(build, { verdict: 'never_started' })
const cancelled = (build: string) => concluded(build, { verdict: 'cancelled' })

/** What is recorded of the builds half an hour later: verdicts, and the words of a hold. */
function recorded(...events: (NewEvent | NewEvent[])[]): string[] {
  const decision = judgeBuilds(judge(viewOf([...waiting, ...events.flat()], 'main', LATER), configWith()))
  if (decision?.do !== 'record') throw new Error(`nothing is recorded: ${JSON.stringify(decision)}`)
  return decision.events.map(({ payload }) =>
    'verdict' in payload ? payload.verdict : 'words' in payload ? payload.words : '',
  )
}

describe('a runner that cancels', () => {
  const third = [built('b3', 11), reported('b3', 'cancelled')]

  test('three times in a row holds the lane', () => {
    const twice = [built('b1', 11), cancelled('b1'), built('b2', 11), cancelled('b2')]
    expect(recorded(...twice.slice(0, 2), ...third)).toEqual(['cancelled'])
    expect(recorded(...twice, ...third)).toEqual(['cancelled', 'test was cancelled 3 times in a row'])
  })

  test('is forgiven by whatever CI says of a build in between', () => {
    const between = [built('b2', 11, 12), concluded('b2', { verdict: 'failed' })]
    expect(recorded(built('b1', 11), cancelled('b1'), ...between, built('b4', 11), cancelled('b4'), ...third)).toEqual([
      'cancelled',
    ])
  })

  test('counts once for builds that ran side by side', () => {
    const beside = [built('b1', 11), built('b2', 11, 12), ...third, cancelled('b1'), cancelled('b2')]
    expect(recorded(...beside)).toEqual(['cancelled'])
  })

  test('holds no lane that a person holds', () => {
    const twice = [built('b1', 11), cancelled('b1'), built('b2', 11), cancelled('b2')]
    expect(recorded(...twice, ...third, held())).toEqual(['cancelled'])
  })
})

describe('CI that never starts', () => {
  const second = [built('b2', 11), asked('b2')]

  test('is given another commit once, then the lane is held', () => {
    expect(recorded(built('b1', 11), asked('b1'))).toEqual(['never_started'])
    expect(recorded(built('b1', 11), silent('b1'), ...second)).toEqual([
      'never_started',
      'test did not appear within 10m, twice',
    ])
    expect(recorded(built('b1', 11), silent('b1'), built('b3', 11), silent('b3'), ...second)).toEqual([
      'never_started',
      'test did not appear within 10m, 3 times',
    ])
  })

  test('on builds side by side is one silence', () => {
    expect(recorded(built('b1', 11), built('b2', 11, 12), asked('b2'), silent('b1'))).toEqual(['never_started'])
  })

  test('while it starts on others is the fault of what is built', () => {
    const other = [built('b3', 12), concluded('b3', { verdict: 'passed' })]
    expect(recorded(built('b1', 11), silent('b1'), ...other, ...second)).toEqual(['failed'])
  })

  test('says nothing of CI where it is called a failure', () => {
    const missing = { context: 'test', app: null, state: 'missing', conclusion: null, url: null } as const
    const failed = [built('b3', 12), concluded('b3', { verdict: 'failed', checks: [missing] })]
    expect(recorded(built('b1', 11), silent('b1'), ...failed, ...second)[0]).toBe('never_started')
  })
})

test('what CI said nothing about is built again as another commit, whatever came in between', () => {
  const events = [built('b1', 11), cancelled('b1'), built('b2', 11), concluded('b2', { verdict: 'failed' })]
  expect(viewOf([...waiting, ...events.flat()]).lane.entries[11]).toMatchObject({
    sha: headOf(11),
    unheard: 1,
    fault: null,
  })
})
