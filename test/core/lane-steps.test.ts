/** What a lane does next, in the moments in which GitHub is slow, silent or says no. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { judge } from '../../src/core/queue/judgement.ts'
import { inOrder } from '../../src/core/queue/order.ts'
import { showCheckRuns } from '../../src/core/queue/rules/surfaces.ts'
import {
  BUILT,
  check,
  commit,
  concluded,
  configWith,
  event,
  examined,
  headOf,
  planned,
  protection,
  published,
  queued,
  readyFacts,
  seen,
} from '../support/facts.ts'
import { viewOf } from '../support/given.ts'
import { ciAsked, decisionOn, liveLane, looked, protectionRead, recordedOn, stepsOn } from '../support/live-lane.ts'

const NOW = {
  soon: '2026-01-05T12:00:50Z',
  later: '2026-01-05T12:02:00Z',
  overdue: '2026-01-05T15:00:00Z',
}

const waiting: NewEvent[] = [...liveLane(), ...readyFacts(12), queued(12), protectionRead]

test('C22 a build is begun on a live look that is not older than a minute, and of the head that the look found', () => {
  expect(stepsOn([...waiting, looked([12])], NOW.soon)).toEqual(['build_planned'])
  expect(stepsOn([...waiting, looked([12])], NOW.later)).toEqual(['observe-pulls'])
  const other = seen(12, { sha: commit('d1'), updated_at: NOW.later })
  expect(stepsOn([...waiting, other, looked([12], NOW.later)], NOW.later)).not.toContain('build_planned')
  expect(recordedOn('build_planned', [...waiting, looked([12])]).members).toEqual([{ pull: 12, sha: headOf(12) }])
})

/** #12 on a build of its own, which CI has. */
const tested: NewEvent[] = [...waiting, looked([12]), planned('b1', [12]), published('b1', [12])]

const reported = (rest: Parameters<typeof check>[0] = {}) =>
  check({ sha: BUILT, branch: 'mainkeeper/queue/main/b1', run: 7, ...rest })

test('C47 C48 of equal priority the first to come is first, whatever its number; the higher priority goes before', () => {
  const order = (...events: NewEvent[]) => inOrder(viewOf([...liveLane(), ...events]).lane).map(({ pull }) => pull)
  expect(order(queued(13), queued(11), queued(12))).toEqual([13, 11, 12])
  expect(order(queued(13), queued(11, { priority: 10 }), queued(12))).toEqual([11, 13, 12])
})

test('C64 one check that failed ends the build while another still runs, and its ref is withdrawn', () => {
  const both = protection({
    required: [
      { context: 'test', app_id: null },
      { context: 'lint', app_id: null },
    ],
  })
  const headPassed = check({ context: 'lint', run: 2 })
  const running = reported({ context: 'lint', run: 8, status: 'in_progress', conclusion: null })
  const failing = [...tested, both, headPassed, protectionRead, running, reported({ conclusion: 'failure' })]
  expect(recordedOn('build_concluded', failing)).toMatchObject({
    verdict: 'failed',
    checks: [
      { context: 'test', state: 'failed' },
      { context: 'lint', state: 'pending' },
    ],
  })
  const dropped = event('candidate_dequeued', { pull: 12, sha: headOf(12), reason: 'cancelled' })
  expect(stepsOn([...failing, concluded('b1', { verdict: 'failed' }), dropped])).toContain('withdraw-build')
})

test('C67 a build that runs too long is timed out, by a look that is younger than its end', () => {
  const running = [...tested, reported({ status: 'in_progress', conclusion: null })]
  const asked = [...running, ciAsked('b1', NOW.overdue)]
  expect(recordedOn('build_concluded', asked, NOW.overdue)).toMatchObject({
    verdict: 'timed_out',
    checks: [{ context: 'test', state: 'timed_out' }],
  })
})

test('C68 after a silence that was ours CI is asked before anything is called late, and what passed counts', () => {
  const running = [...tested, reported({ status: 'in_progress', conclusion: null })]
  expect(stepsOn(running, NOW.overdue)).toEqual(['observe-checks'])
  const found = [...running, reported(), ciAsked('b1', NOW.overdue)]
  expect(recordedOn('build_concluded', found, NOW.overdue)).toMatchObject({ verdict: 'passed' })
})

test('C70 what was cancelled is told as cancelled while its build can not be withdrawn yet, and that is tried again', () => {
  const withdrawn = event('finalize_withdrawn', { pull: 12, sha: headOf(12), by: 'ann', reason: 'cancelled' })
  const left = event('candidate_dequeued', { pull: 12, sha: headOf(12), reason: 'cancelled' })
  const refused = event('effect_failed', {
    effect: 'withdraw-build',
    subject: 'b1',
    failure: 'unavailable',
    message: '502',
    attempt: 1,
    retry_at: NOW.soon,
  })
  const cancelled = [...tested, withdrawn, left]
  expect(stepsOn(cancelled)).toEqual(['withdraw-build'])
  const told = decisionOn([...cancelled, refused])
  expect(told).toMatchObject({
    do: 'perform',
    effects: [{ effect: 'show-check-run', pull: 12, check_run: { title: expect.stringContaining('cancelled') } }],
  })
  expect(stepsOn([...cancelled, refused], NOW.soon)).toEqual(['withdraw-build'])
})

test('C120 what is shown already is not shown again', () => {
  const first = decisionOn([...liveLane(), ...readyFacts(12).filter(({ type }) => type !== 'review_approved')])
  const shown = first.do === 'perform' ? first.effects.find(({ effect }) => effect === 'show-check-run') : undefined
  if (shown?.effect !== 'show-check-run') throw new Error(`nothing is shown, but ${JSON.stringify(first)}`)
  const { pull, sha, content } = shown
  const written = event('check_run_written', { pull, sha, check_run: 5, content })
  const after = [...liveLane(), ...readyFacts(12).filter(({ type }) => type !== 'review_approved'), written]
  expect(stepsOn(after)).toEqual(['wait'])
  expect(stepsOn(after, NOW.later)).toEqual(['wait'])
  expect(stepsOn([...after, seen(12, { draft: true, updated_at: NOW.later })])).not.toEqual(['wait'])
  const another = event('check_run_written', { pull, sha, check_run: 5, content: 'other.words' })
  expect(stepsOn([...after, another], NOW.later)).toEqual(['show-check-run'])
})

/** The check runs that are to be written. */
function shownAt(events: readonly NewEvent[], now?: string) {
  const decision = showCheckRuns(judge(viewOf(events, 'main', now), configWith()))
  const effects = decision?.do === 'perform' ? decision.effects : []
  return effects.flatMap((effect) => (effect.effect === 'show-check-run' ? [effect] : []))
}

test('neither who comes in behind nor that GitHub found no conflict is told to whoever knows its place', () => {
  const first = [...liveLane(), ...readyFacts(12), examined(12, { mergeable: 'unknown' }), queued(12)]
  const told = shownAt(first).map(({ pull, sha, content }) =>
    event('check_run_written', { pull, sha, check_run: 5, content }),
  )
  expect(told).toHaveLength(1)
  const after = [...first, ...told, examined(12, { mergeable: 'yes' }), ...readyFacts(13), queued(13)]
  expect(shownAt(after, NOW.overdue).map(({ pull }) => pull)).toEqual([13])
})

test('that the queue moved on is told once a minute, and the more seldom the further behind somebody is', () => {
  const numbers = Array.from({ length: 12 }, (_, at) => 20 + at)
  const line = [...liveLane(), ...numbers.flatMap((number) => readyFacts(number)), ...numbers.map((n) => queued(n))]
  const first = shownAt(line)
  expect(first.map(({ pull }) => pull)).toEqual(numbers)
  const moved = first.map(({ pull, sha, content }) =>
    event('check_run_written', { pull, sha, check_run: pull, content: content.replace(/\..*/, '.another place') }),
  )
  const told = (now: string) => shownAt([...line, ...moved], now).map(({ pull }) => pull)
  expect(told('2026-01-05T12:00:59Z')).toEqual([])
  expect(told('2026-01-05T12:01:00Z')).toEqual(numbers.slice(0, 5))
  expect(told('2026-01-05T12:02:00Z')).toEqual(numbers.slice(0, 10))
})
