/** Tries: what is built on request and never lands, beside what is to land, and what is told of it. */
import { describe, expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { explain } from '../../../src/core/readiness/explain.ts'
import { renderCheckRun } from '../../../src/core/render/check-run.ts'
import { carriedOut, lookedAt, next, people, typed } from '../../support/asking.ts'
import {
  BUILT,
  blocked,
  check,
  commit,
  concluded,
  configWith,
  event,
  headOf,
  held,
  house,
  landing,
  planned,
  published,
  queued,
  readyFacts,
  seen,
  TIP,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const staff = people({ bob: 'write', ann: 'write', tom: 'read', mallory: 'read' })
const shop = (file: Record<string, unknown> = {}): NewEvent[] => [
  ...house(file),
  ...staff,
  ...readyFacts(12).filter(({ type }) => type !== 'review_approved'),
  ...lookedAt(12),
]
const asked = (body = '/try', by = 'bob', events = shop()) => carriedOut([...events, ...typed(by, body)])
const tryOf = (build: string, rest = {}) => planned(build, [12], { purpose: 'try', ...rest })
const TRIED = commit('e7')
const tried = (build = 't1') => [
  tryOf(build),
  published(build, [12], { sha: TRIED, prefixes: [{ pull: 12, sha: TRIED, tree: commit('f7') }] }),
]
const ci = (conclusion: 'success' | 'failure', build = 't1') =>
  check({ sha: TRIED, branch: `mainkeeper/queue/main/${build}`, conclusion, run: 9 })

const landed = event('landing_concluded', {
  build: 'b1',
  result: 'landed',
  target: BUILT,
  tree: commit('f1'),
  message: null,
  concluded_at: '2026-01-05T12:00:00Z',
})

/** The log with everything that is recorded, and every build withdrawn that is to be, until something else is to be done. */
function settled(events: readonly NewEvent[]): NewEvent[] {
  const log = [...events]
  for (let steps = 0; steps < 20; steps++) {
    const decision = decide(viewOf(log))
    const [effect] = decision.do === 'perform' ? decision.effects : []
    if (decision.do === 'record') log.push(...decision.events)
    else if (effect?.effect === 'withdraw-build') log.push(event('build_withdrawn', { build: effect.build }))
    else return log
  }
  throw new Error('it goes on for ever')
}
const told = (log: readonly NewEvent[]) =>
  next(log).filter((one) => (one as { effect?: string }).effect === 'tell-try') as { reply: string }[]
const ends = (log: readonly NewEvent[]) =>
  log.flatMap(({ type, payload }) => (type === 'try_concluded' ? [payload.result] : []))

describe('C100 a try', () => {
  test('C100 is built on the tip of the target, though nobody approved it', () => {
    const { log, result, reply } = asked()
    expect({ result, reply }).toEqual({ result: 'taken', reply: null })
    expect(next(log)).toMatchObject([
      {
        type: 'build_planned',
        payload: { purpose: 'try', base: TIP, parent: null, members: [{ pull: 12, sha: headOf(12) }] },
      },
    ])
  })

  test('C100 of a commit that is not the head is refused, naming the head', () => {
    expect(asked(`/try ${headOf(12).slice(0, 9)}`).result).toBe('taken')
    const { reason, reply, types } = asked('/try 0123456')
    expect(reason).toBe('other_head')
    expect(reply).toContain('that is b12b12b')
    expect(types).not.toContain('try_requested')
  })

  test('C100 is built on the commit that it names, or on the one of the last try; where there was none it is told so', () => {
    const older = commit('ab')
    const named = asked(`/try parent=${older}`).log
    expect(next(named)).toMatchObject([{ payload: { purpose: 'try', base: older } }])
    const last = [...named, tryOf('t1', { base: older }), concluded('t1', { verdict: 'obsolete' })]
    const again = settled(asked('/try parent=last', 'bob', settled(last)).log)
    expect(again.at(-1)).toMatchObject({ type: 'build_planned', payload: { base: older } })
    const none = asked('/try parent=last')
    expect(none).toMatchObject({ result: 'refused', reason: 'not_tried' })
    expect(none.reply).toContain('#12 was not tried yet')
  })

  test('C100 where no check is required would prove nothing, and is told so without holding the lane', () => {
    const unchecked = [
      ...shop(),
      event('protection_observed', { branch: 'main', required: [], rules: [], bypass: 'yes' }),
    ]
    const log = settled([...unchecked, ...typed('bob', '/try')])
    expect(ends(log)).toEqual(['refused'])
    expect(viewOf(log).lane.hold).toBeNull()
    expect(told(log)).toMatchObject([{ reply: expect.stringContaining('no check is required of main') }])
  })

  test('C100 that conflicts is told with the files, and blocks nothing', () => {
    const refusal = event('assembly_refused', {
      build: 't1',
      pull: 12,
      reason: 'merge_conflict',
      files: ['src/a.ts'],
      message: 'merging it conflicts',
    })
    const log = settled([...asked().log, tryOf('t1'), refusal])
    expect(ends(log)).toEqual(['refused'])
    expect(told(log)[0]?.reply).toBe('**b12b12b could not be tried**: merging it conflicts.\n\n- `src/a.ts`')
    expect(viewOf(log).lane.blocks).toEqual({})
  })

  test('of what is stacked on another is built with that on the target, for so it would land', () => {
    const stacked = [...shop(), seen(13, { base: 'topic-12', branch: 'topic-13' })]
    const log = settled(carriedOut([...stacked, ...typed('bob', '/try', 13)]).log)
    expect(log.at(-1)).toMatchObject({ type: 'build_planned', payload: { purpose: 'try', members: [{ pull: 13 }] } })
    expect(ends(settled([...log, seen(13, { base: 'elsewhere', branch: 'topic-13' })]))).toEqual(['withdrawn'])
  })

  test('of what is closed, or in a shadow, is refused', () => {
    const closed = [...shop(), seen(12, { state: 'closed' })]
    expect(asked('/try', 'bob', closed).reason).toBe('not_open')
    expect(asked('/try', 'bob', shop({ mode: 'shadow' }))).toMatchObject({ result: 'refused', reason: 'not_tried' })
  })
})

describe('C101 of two tries', () => {
  test('C101 the second withdraws the first, and says so', () => {
    const running = [...asked().log, ...tried()]
    const { log, reply } = asked('/try', 'ann', running)
    expect(reply).toBe('The try of b12b12b is withdrawn for this one.')
    expect(ends(log)).toEqual(['withdrawn'])
    expect(viewOf(log).lane.builds['t1']).toMatchObject({ spent: true, withdrawn: false })
    expect(Object.values(viewOf(log).lane.tries)).toMatchObject([{ by: 'ann', build: null }])
  })

  test('C101 a cancel withdraws the one that runs, and where none runs it is refused', () => {
    const { log, result, reply } = asked('/try cancel', 'bob', [...asked().log, ...tried()])
    expect({ result, reply }).toEqual({ result: 'taken', reply: 'The try of b12b12b is withdrawn.' })
    expect(next(log)).toEqual([{ effect: 'withdraw-build', build: 't1' }])
    expect(viewOf(log).lane.tries).toEqual({})
    expect(asked('/try cancel')).toMatchObject({
      result: 'refused',
      reason: 'not_tried',
      reply: 'No try of #12 is under way.',
    })
  })

  test('a try of what was closed since is withdrawn, and nobody is told', () => {
    const log = settled([...asked().log, ...tried(), seen(12, { state: 'closed' })])
    expect(ends(log)).toEqual(['withdrawn'])
    expect(told(log)).toEqual([])
  })
})

describe('C16 who may try and may not approve', () => {
  const open = shop({ permissions: { try: 'read' } })

  test('C16 tries, and declares nothing finished', () => {
    expect(asked('/try', 'tom', open).result).toBe('taken')
    expect(asked('/merge', 'tom', open)).toMatchObject({
      result: 'refused',
      reply: '`/merge` needs write permission on this repository.',
    })
  })

  test('C16 and who may not try is told what it needs', () => {
    expect(asked('/try', 'mallory')).toMatchObject({
      result: 'refused',
      reason: 'permission',
      reply: '`/try` needs write permission on this repository.',
    })
    expect(asked('/try cancel', 'mallory', asked().log).reason).toBe('permission')
  })
})

describe('C103 a try and what is to land', () => {
  /** #11 waits to be built, beside the try of #12. */
  const line = (file: Record<string, unknown>) => [
    ...shop(file),
    ...readyFacts(11),
    queued(11),
    ...lookedAt(11, 12),
    ...typed('bob', '/try'),
  ]

  test('C103 what is to land is built first, and the try in a slot that is left', () => {
    const { log } = carriedOut(line({}))
    expect(next(log)).toMatchObject([{ type: 'build_planned', payload: { purpose: 'land', members: [{ pull: 11 }] } }])
    const both = [...log, planned('b1', [11]), published('b1', [11])]
    expect(next(both)).toMatchObject([{ payload: { purpose: 'try', members: [{ pull: 12 }] } }])
    const one = [...carriedOut(line({ ci: { slots: 1 } })).log, planned('b1', [11]), published('b1', [11])]
    expect(next(one)).not.toContainEqual(expect.objectContaining({ type: 'build_planned' }))
  })

  test('C103 a slot that is needed is taken from the try, which is built again afterwards', () => {
    const { log } = carriedOut([...shop({ ci: { slots: 1 } }), ...typed('bob', '/try')])
    const needed = [...log, ...tried(), ...readyFacts(11), queued(11), ...lookedAt(11, 12)]
    expect(next(needed)).toMatchObject([{ type: 'build_concluded', payload: { build: 't1', verdict: 'obsolete' } }])
    const taken = settled(needed)
    expect(taken.findLast(({ type }) => type === 'build_planned')).toMatchObject({ payload: { purpose: 'land' } })
    expect(Object.values(viewOf(taken).lane.tries)).toMatchObject([{ build: null, ended: null }])
  })

  test('C103 the same pull request is tested to land beside its try, and neither takes the other’s end for its own', () => {
    const approvedToo = [...shop(), ...readyFacts(12), queued(12), ...lookedAt(12)]
    const both = [...asked('/try', 'bob', approvedToo).log, planned('b1', [12]), published('b1', [12]), ...tried()]
    const { lane } = viewOf(both)
    expect(lane.entries[12]?.status).toBe('in_progress')
    // The try fails: the candidate goes on. The candidate is blocked: the try goes on.
    const failed = settled([...both, ci('failure')])
    expect(viewOf(failed).lane.entries[12]?.status).toBe('in_progress')
    expect(viewOf(failed).lane.builds['b1']?.spent).toBe(false)
    expect(viewOf([...both, blocked(12)]).lane.builds['t1']?.spent).toBe(false)
  })

  test('C103 a landing moves the target, and the try stays on the commit that it was begun on', () => {
    const both = [
      ...carriedOut(line({})).log,
      planned('b1', [11]),
      published('b1', [11]),
      ...tried(),
      concluded('b1'),
      landing('b1'),
      landed,
    ]
    const { lane } = viewOf(both)
    expect(lane.tip).toBe(BUILT)
    expect(lane.builds['t1']).toMatchObject({ base: TIP, spent: false, verdict: null })
    expect(ends(settled([...both, ci('success')]))).toEqual(['passed'])
  })

  test('C103 nothing of what is to land is built on a try, nor is anybody taken for tested by one', () => {
    const batch = [
      ...shop({ ci: { slots: 4 } }),
      ...readyFacts(12),
      ...readyFacts(11),
      queued(12),
      queued(11),
      ...lookedAt(11, 12),
    ]
    const { log } = asked('/try', 'bob', batch)
    expect(next([...log, ...tried()])).toMatchObject([
      { payload: { purpose: 'land', members: [{ pull: 12 }, { pull: 11 }], parent: null } },
    ])
    const pending = check({ status: 'in_progress', conclusion: null, run: 2 })
    const waiting = [...asked('/try', 'bob', [...shop(), ...readyFacts(12), queued(12)]).log, ...tried(), pending]
    expect(viewOf(waiting).lane.entries[12]?.status).toBe('queued')
    expect(JSON.stringify(next(waiting))).not.toContain('build_planned')
    const over = settled([...waiting, ci('failure')])
    expect(viewOf(over).lane.builds).toEqual({})
  })

  test('C103 what lands itself while it is tried leaves its try where it is', () => {
    const itself = [...asked('/try', 'bob', [...shop(), ...readyFacts(12), queued(12)]).log, ...tried()]
    const proven = [planned('b1', [12]), published('b1', [12]), concluded('b1'), landing('b1')]
    const { lane } = viewOf([...itself, ...proven, landed])
    expect(lane.builds['t1']).toMatchObject({ spent: false })
  })

  test('what is over is not forgotten before its try was told', () => {
    const end = settled([...asked().log, ...tried(), ci('success')])
    const [request = ''] = Object.keys(viewOf(end).lane.tries)
    const failure = event('effect_failed', {
      effect: 'tell-try',
      subject: request,
      failure: 'unavailable',
      message: 'no answer',
      attempt: 1,
      retry_at: '2026-01-05T12:00:02Z',
    })
    const answered = event('command_acknowledged', { pull: 12, comment: Number(request.split(':')[1]) })
    const closed = [...end, answered, seen(12, { state: 'closed' }), failure]
    expect(JSON.stringify(next(settled(closed)))).not.toContain('candidate_settled')
    expect(Object.keys(viewOf(settled(closed)).lane.tries)).toEqual([request])
  })

  test('a held lane tries all the same', () => {
    expect(next(asked('/try', 'bob', [...shop(), held()]).log)).toMatchObject([{ payload: { purpose: 'try' } }])
  })
})

describe('C104 a try that passes', () => {
  test('C104 never lands, though its pull request is ready: it is told, withdrawn and forgotten', () => {
    const ready = [...shop({ ci: { slots: 1 } }), ...readyFacts(12), held({ allow: [] }), queued(12), ...lookedAt(12)]
    const log = settled([...asked('/try', 'bob', ready).log, ...tried(), ci('success')])
    const types = log.map(({ type }) => type)
    expect(types).not.toContain('landing_planned')
    expect(ends(log)).toEqual(['passed'])
    expect(log.findLast(({ type }) => type === 'build_withdrawn')?.payload).toEqual({ build: 't1' })
    expect(viewOf(log).lane.builds).toEqual({})
    expect(told(log)).toMatchObject([
      { reply: `**The try of b12b12b passed**, on \`main\` at ${TIP}, built as ${TRIED}. Nothing landed.` },
    ])
    const [request = ''] = Object.keys(viewOf(log).lane.tries)
    expect(viewOf([...log, event('try_told', { pull: 12, request })]).lane.tries).toEqual({})
  })

  test('C104 is nothing that a build of the same tree could land by', () => {
    const ready = [...shop(), ...readyFacts(12), queued(12), ...lookedAt(12)]
    const log = settled([...asked('/try', 'bob', ready).log, ...tried(), ci('success')])
    expect(log.map(({ type }) => type)).not.toContain('landing_planned')
    expect(viewOf(log).lane.entries[12]?.status).toBe('in_progress')
    expect(Object.values(viewOf(log).lane.builds).find(({ purpose }) => purpose === 'land')).toMatchObject({
      parent: null,
      verdict: null,
    })
  })
})

test.each([
  ['a failure', [ci('failure')], 'The try of b12b12b failed', '- [test: failure](https://ci.example/1)'],
  [
    'a runner that gave up',
    [check({ ...ci('success').payload, conclusion: 'cancelled' })],
    'was cancelled by CI',
    'test',
  ],
])('%s of a try is told with its check, holds no lane and blames nobody', (_, report, words, evidence) => {
  const gone = settled([...asked().log, ...tried(), ...report])
  expect(told(gone)[0]?.reply).toContain(words)
  expect(told(gone)[0]?.reply).toContain(evidence)
  const { hold, blocks, estimates } = viewOf(gone).lane
  expect({ hold, blocks, learned: estimates.trees }).toEqual({ hold: null, blocks: {}, learned: [] })
})

test('a try that CI never begins, or cancels, counts for nothing that is to land, and holds no lane', () => {
  const late = '2026-01-05T12:10:00Z'
  const asleep = event('lane_observed', {
    scope: 'checks',
    pulls: [],
    users: [],
    build: 't1',
    tip: null,
    observed_at: late,
  })
  const silent = ['never_started', 'cancelled', 'cancelled'] as const
  const tired = silent.flatMap((verdict, at) => [planned(`b${at}`, [12]), concluded(`b${at}`, { verdict })])
  const line = [...shop(), ...readyFacts(12), queued(12), ...tired]
  const { log } = asked('/try', 'bob', line)
  const types = (events: readonly NewEvent[], now?: string) =>
    (next(events, now) as { type: string }[]).map(({ type }) => type)
  expect(types([...log, ...tried(), asleep], late)).toEqual(['build_concluded'])
  const cancelled = check({ ...ci('success').payload, conclusion: 'cancelled' })
  expect(types([...log, ...tried(), cancelled])).toEqual(['build_concluded'])
  const over = viewOf([...log, ...tried(), concluded('t1', { verdict: 'never_started' })]).lane
  expect(over.entries[12]).toMatchObject({ unheard: 3, fault: { verdict: 'cancelled', times: 2 } })
})

test('the check run says that a try waits, and then what CI has', () => {
  const shown = (events: readonly NewEvent[]) => {
    const view = viewOf(events)
    const pull = view.pulls.get(12)
    return pull ? renderCheckRun(explain(view, configWith(), pull)) : undefined
  }
  const summary = (events: readonly NewEvent[]) => shown(events)?.summary
  const { log } = asked()
  expect(summary(log)).toContain('A try of b12b12b, asked for by bob, waits for a slot')
  expect(summary([...log, ...tried()])).toContain(
    `A try of b12b12b, asked for by bob, is with CI as ${TRIED}, on ${TIP}.`,
  )
  expect(summary(shop())).not.toContain('try')
  expect(shown([...log, ...readyFacts(12), queued(12), ...tried()])?.title).toBe('Queued, 1st')
})
