/** What is read off a log to be played again: who came when, what became of it, how long builds took, how often CI was wrong. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { drawnFrom, recorderOf } from '../../src/simulate/workload/recorded.ts'
import * as facts from '../support/facts.ts'
import { logged } from '../support/given.ts'
import { played } from './played.ts'

const read = (events: readonly NewEvent[], last = 100) => {
  const recorder = recorderOf('main')
  for (const event of logged(events)) recorder.apply(event)
  return recorder.read(last)
}

const by = (lane: string, ...events: NewEvent[]): NewEvent[] => events.map((event) => ({ ...event, lane }))
const at = (time: string, event: NewEvent): NewEvent => ({ ...event, occurred_at: time })

const { queued, planned, published, concluded, integrated, blocked, seen, targetMoved, landing, commit } = facts

test('a simulated log read back gives the workload that it was played on', async () => {
  const workload = { count: 30, rate: 6, bad: 0.1, spread: 'lognormal' as const }
  const { log, result, bad } = await played(workload)
  const recorder = recorderOf('main')
  for (const event of log) recorder.apply(event)
  const recorded = recorder.read(100)
  expect(recorded.came.map(({ fate }) => fate === 'failed')).toEqual(
    Array.from({ length: 30 }, (_, index) => bad.has(index + 1)),
  )
  const ended = result.builds.filter(({ ended }) => ended !== null)
  expect(recorded.builds).toEqual(ended.map(({ published, ended }) => (ended ?? 0) - published))
  expect(recorded.good.failed).toBe(0)
  expect(recorded.unknown).toBe(0)
  const drawn = drawnFrom(recorded)
  expect(drawn.arrivals.map((one) => one.at)).toEqual(
    log.filter(({ type }) => type === 'candidate_queued').map(({ occurred_at }) => Date.parse(occurred_at)),
  )
  expect(drawn.bad).toEqual(bad)
})

test('conflicts, pushes past the queue and what has no outcome are told apart; other lanes are not read', () => {
  const events = [
    targetMoved(),
    seen(1, { title: 'Fix engine' }),
    ...by('main', queued(1), queued(2), queued(3)),
    ...by('main', integrated(1), blocked(2, { reason: 'merge_conflict' })),
    ...by('main', landing('b1', { to: commit('e1') })),
    targetMoved({ before: commit('c0'), after: commit('e1') }),
    targetMoved({ before: commit('e1'), after: commit('d1'), pusher: 'max' }),
    ...by('release', queued(4), integrated(4)),
  ]
  expect(read(events)).toMatchObject({
    came: [
      { title: '#1 Fix engine', author: 'ann', fate: 'landed' },
      { title: '#2', fate: 'conflicted' },
      { author: 'max', fate: 'pushed' },
    ],
    unknown: 1,
  })
})

test('a failed build of nothing but what landed was CI’s fault; one with a culprit was not', () => {
  const build = (name: string, pulls: readonly number[], verdict: 'passed' | 'failed') =>
    by(
      'main',
      planned(name, pulls),
      published(name, pulls),
      concluded(name, { verdict, concluded_at: '2026-01-05T12:20:00Z' }),
    )
  const recorded = read([
    ...by('main', queued(1), queued(2)),
    ...build('b1', [1, 2], 'failed'),
    ...build('b2', [1], 'failed'),
    ...build('b3', [1], 'passed'),
    ...by('main', integrated(1), blocked(2, { reason: 'checks_failed' })),
  ])
  expect(recorded.good).toEqual({ builds: 2, failed: 1 })
  expect(recorded.builds).toEqual([1_200_000, 1_200_000, 1_200_000])
  expect(drawnFrom(recorded)).toMatchObject({ flake: 0.5, bad: new Set([2]) })
})

test('only the last ones are played again, and a change that was queued twice came once', () => {
  const [early, late] = ['2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z']
  const events = [
    at(early, { ...queued(1), lane: 'main' }),
    at(late, { ...queued(2), lane: 'main' }),
    ...by('main', integrated(1), blocked(2, { reason: 'checks_failed' }), queued(2), integrated(2)),
  ]
  const recorded = read(events, 1)
  expect(recorded.came).toMatchObject([{ title: '#2', at: Date.parse(late), fate: 'landed' }])
})
