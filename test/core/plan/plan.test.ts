/**
 * The plan in small: which members a build gets, what its result means, and who is in line with whom. Members are numbers,
 * builds are lists of them: `[1, 2, 3]` is the tip and these three.
 */
import { describe, expect, test } from 'vitest'
import { afterLanding } from '../../../src/core/queue/plan/after-landing.ts'
import type { Beliefs, Candidate, KnownBuild, Limits, TryRequest } from '../../../src/core/queue/plan/known.ts'
import { type Plan, plan } from '../../../src/core/queue/plan/plan.ts'

const SHA = 'head'

interface Given {
  readonly queue: readonly (number | (Partial<Candidate> & { readonly pull: number }))[]
  readonly builds?: readonly KnownBuild[]
  readonly tries?: readonly TryRequest[]
  readonly limits?: Partial<Limits>
  readonly beliefs?: Partial<Beliefs>
  readonly tip?: string
  readonly now?: number
}

function planned({ queue, builds = [], tries = [], limits, beliefs, tip = 'tip', now = 0 }: Given): Plan {
  const order = queue.map((one): Candidate => {
    const own = typeof one === 'number' ? { pull: one } : one
    return { sha: SHA, alone: false, waits_for: null, interrupt: false, was_red: false, after: [], since: 0, ...own }
  })
  return plan(
    { order, find: (pull) => order.find((candidate) => candidate.pull === pull) },
    { tip, builds, tries, now },
    { slots: 1, speculation: 0.15, batch_max: 50, batch_wait: 0, ...limits },
    { bad: 0.1, bad_when_red: 0.5, flake: 0, confirm: false, ...beliefs },
  )
}

const build = (members: readonly number[], verdict: KnownBuild['verdict'] = null, rest: Partial<KnownBuild> = {}) => ({
  build: `b${members.join('-')}${rest.purpose === 'confirm' ? 'c' : ''}`,
  base: 'tip',
  members: members.map((pull) => ({ pull, sha: SHA })),
  purpose: 'land' as const,
  verdict,
  ...rest,
})

const starts = ({ start }: Plan) => start.map(({ members }) => members.map(({ pull }) => pull))
const blamed = ({ blame }: Plan) => blame.map(({ member }) => member.pull)
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

describe('the size of a build', () => {
  // ln 2 / −ln(1 − p), and (ln 2 + ln(1 − f)) / −ln(1 − p)
  test.each([
    [0.01, 0, 69],
    [0.02, 0, 34],
    [0.05, 0, 14],
    [0.1, 0, 7],
    [0.2, 0, 3],
    [0.37, 0, 2],
    [0.39, 0, 1],
    [0.02, 0.05, 32],
  ])('with p = %d and f = %d is %d, one by one past 0.38', (bad, flake, size) => {
    const made = planned({ queue: upTo(100), limits: { batch_max: 100 }, beliefs: { bad, flake } })
    expect(starts(made)).toEqual([upTo(size)])
  })

  test('is smaller where somebody was red before', () => {
    expect(starts(planned({ queue: [{ pull: 1, was_red: true }, 2, 3] }))).toEqual([[1]])
  })

  test('C55: is at most what waits and batch.max, and a batch that is not full waits for others as long as batch.wait', () => {
    expect(starts(planned({ queue: upTo(3) }))).toEqual([upTo(3)])
    expect(starts(planned({ queue: upTo(9), limits: { batch_max: 4 } }))).toEqual([upTo(4)])
    const waiting = planned({ queue: [{ pull: 1, since: 1000 }, 2], limits: { batch_wait: 5000 }, now: 3000 })
    expect({ starts: starts(waiting), until: waiting.until }).toEqual({ starts: [], until: 5000 })
    expect(starts(planned({ queue: [1, 2], limits: { batch_wait: 5000 }, now: 5000 }))).toEqual([[1, 2]])
    expect(starts(planned({ queue: upTo(9), limits: { batch_wait: 5000 }, now: 3000 }))).toEqual([upTo(7)])
  })
})

describe('results', () => {
  test('C89 C97: a failed batch is split, its good part lands in order, and the culprit is named by a build of exactly tip and it', () => {
    const failed = build([1, 2, 3, 4], 'failed')
    expect(starts(planned({ queue: upTo(6), builds: [failed] }))).toEqual([[1, 2]])
    const half = planned({ queue: upTo(6), builds: [failed, build([1, 2], 'passed')] })
    expect(half.land?.members.map(({ pull }) => pull)).toEqual([1, 2])
    // The next build starts with the landing, on what lands.
    expect(starts(half)).toEqual([[1, 2, 3]])

    const landed = { from: 'tip', to: 'next', members: build([1, 2]).members }
    const left = afterLanding([failed, build([1, 2], 'passed'), build([1, 2, 3], 'passed')], landed)
    const third = planned({ queue: upTo(6, 3), builds: left, tip: 'next' })
    expect(third.land?.members.map(({ pull }) => pull)).toEqual([3])
    const last = afterLanding(left, { from: 'next', to: 'last', members: build([3]).members })
    const named = planned({ queue: upTo(6, 4), builds: last, tip: 'last' })
    expect(named.blame).toEqual([
      { member: { pull: 4, sha: SHA }, evidence: [failed.build], confirmed: false, partners: [] },
    ])
    // What lies behind a bad set is fresh again.
    expect(starts(named)).toEqual([[5, 6]])
  })

  test('C91: a batch that times out is split like one that failed', () => {
    expect(starts(planned({ queue: upTo(4), builds: [build([1, 2, 3, 4], 'timed_out')] }))).toEqual([[1, 2]])
  })

  test('C92 C93: a member that left or moved voids what was found out with it, and nobody is blamed', () => {
    const failed = build([1, 2, 3], 'failed')
    const left = planned({ queue: [1, 3], builds: [failed] })
    expect({ starts: starts(left), blame: left.blame }).toEqual({ starts: [[1, 3]], blame: [] })
    const moved = planned({ queue: [1, { pull: 2, sha: 'other' }, 3], builds: [build([1, 2, 3])] })
    expect({ starts: starts(moved), cancel: moved.cancel }).toEqual({ starts: [[1, 2, 3]], cancel: ['b1-2-3'] })
  })

  test('a target that somebody else moved voids everything', () => {
    const made = planned({ queue: [1, 2], builds: [build([1], 'failed'), build([2])], tip: 'foreign' })
    expect({ starts: starts(made), blame: made.blame, cancel: made.cancel }).toEqual({
      starts: [[1, 2]],
      blame: [],
      cancel: ['b2'],
    })
  })

  test('a longer build that passes lands whole, whatever shorter builds did, and blames nobody', () => {
    const made = planned({
      queue: upTo(4),
      builds: [build([1], 'failed'), build([1, 2]), build([1, 2, 3], 'passed')],
      limits: { slots: 3 },
    })
    expect(made.land).toEqual({ build: 'b1-2-3', members: build([1, 2, 3]).members, despite: ['b1'] })
    expect(made.blame).toEqual([])
    expect(made.cancel).toEqual(['b1-2'])
  })

  test('of two that passed the longer lands, and the next build stands on it', () => {
    const made = planned({ queue: upTo(4), builds: [build([1], 'passed'), build([1, 2], 'passed')] })
    expect({ land: made.land?.build, starts: starts(made) }).toEqual({ land: 'b1-2', starts: [upTo(4)] })
  })

  test('nobody is blamed by what is only likely: a failure behind a member whose own build still runs waits for that', () => {
    const made = planned({ queue: [1, 2], builds: [build([1]), build([2], 'failed')], limits: { slots: 2 } })
    expect(made.blame).toEqual([])
  })

  test('C72: silence and a cancellation by the runner say nothing, and the build is repeated', () => {
    for (const verdict of ['never_started', 'cancelled'] as const)
      expect(starts(planned({ queue: [1, 2], builds: [build([1, 2], verdict)] }))).toEqual([[1, 2]])
  })

  test('of a pair that fails together the earlier lands and the later is blamed, and a pass without the earlier names it', () => {
    const builds = [build([1, 2], 'failed'), build([1], 'passed'), build([2], 'passed')]
    const after = afterLanding(builds, { from: 'tip', to: 'next', members: build([1]).members })
    const { blame } = planned({ queue: [2, 3], builds: after, tip: 'next' })
    expect(blame).toMatchObject([{ member: { pull: 2 }, evidence: ['b1-2'], partners: [1] }])
  })
})

describe('confirmation', () => {
  const beliefs = { flake: 0.05, confirm: true }

  test('builds the inferred culprit once more, with the same members', () => {
    const made = planned({ queue: [1, 2], builds: [build([1], 'failed')], beliefs })
    expect(made.blame).toEqual([])
    expect(made.start).toMatchObject([{ purpose: 'confirm', members: [{ pull: 1 }] }])
  })

  test('that fails blames it with both builds; that passes lands it', () => {
    const confirm = (verdict: KnownBuild['verdict']) =>
      planned({ queue: [1, 2], builds: [build([1], 'failed'), build([1], verdict, { purpose: 'confirm' })], beliefs })
    expect(confirm('failed').blame).toMatchObject([{ member: { pull: 1 }, evidence: ['b1', 'b1c'], confirmed: true }])
    expect(confirm('passed')).toMatchObject({ blame: [], land: { build: 'b1c' } })
    expect(confirm(null)).toMatchObject({ blame: [], start: [], cancel: [] })
  })
})

describe('slots', () => {
  const likely = { bad: 0.1 }

  test('are filled with the most likely ways that it may end', () => {
    const made = planned({ queue: upTo(30), limits: { slots: 4 }, beliefs: likely })
    expect(starts(made)).toEqual([upTo(7), upTo(3), upTo(14), upTo(1)])
    const chances = made.start.map(({ chance }) => chance)
    expect(chances).toEqual([...chances].sort((a, b) => b - a))
  })

  test('stay free where no way is likely enough: less so where members are added than where a culprit is looked for', () => {
    const likelyOnly = planned({ queue: upTo(30), limits: { slots: 50, speculation: 0.3 }, beliefs: likely })
    const chances = (purpose: string) =>
      likelyOnly.start.flatMap((one) => (one.purpose === purpose ? [one.chance] : []))
    expect(starts(likelyOnly)[0]).toEqual(upTo(7))
    expect(Math.min(...chances('land'))).toBeGreaterThanOrEqual(0.9)
    expect(Math.min(...chances('isolate'))).toBeGreaterThanOrEqual(0.1)
    expect(Math.min(...chances('isolate'))).toBeLessThan(0.3)
    const more = planned({ queue: upTo(30), limits: { slots: 50, speculation: 0.05 }, beliefs: likely })
    expect(more.start.length).toBeGreaterThan(likelyOnly.start.length)
  })

  test('stay free for what can not happen', () => {
    const sure = planned({ queue: upTo(5), limits: { slots: 9, speculation: 0 }, beliefs: { bad: 0 } })
    expect(starts(sure)).toEqual([upTo(5)])
  })

  test('go to no build twice: what is assumed to have failed is assumed on', () => {
    const running = [build(upTo(4)), build(upTo(2))]
    const made = planned({ queue: upTo(4), builds: running, limits: { slots: 9, speculation: 0.01 } })
    const all = [...starts(made), ...running.map(({ members }) => members.map(({ pull }) => pull))]
    expect(new Set(all.map(String)).size).toBe(all.length)
  })

  test('are taken from longer builds of a chain that failed', () => {
    const made = planned({
      queue: upTo(9),
      builds: [build([1, 2, 3], 'failed'), build([1, 2]), build(upTo(6)), build(upTo(9))],
      limits: { slots: 4, speculation: 0.9 },
    })
    expect(made.cancel).toEqual(['b1-2-3-4-5-6', 'b1-2-3-4-5-6-7-8-9'])
  })

  test('that no landing needs go to tries, and are taken back', () => {
    const tries = [{ request: 'r1', pull: 7, sha: 'x' }]
    const idle = planned({ queue: [1], tries, limits: { slots: 2 } })
    expect(idle.start).toMatchObject([{ purpose: 'land' }, { purpose: 'try', request: 'r1', adds: 1 }])
    const trying = build([7], null, { purpose: 'try' })
    expect(planned({ queue: [1], builds: [trying], limits: { slots: 1 } })).toMatchObject({
      start: [{ purpose: 'land' }],
      cancel: ['b7'],
    })
    expect(planned({ queue: [], builds: [trying] }).cancel).toEqual([])
  })

  test('C104 a try that passed lands nothing, and one that failed blames nobody', () => {
    const tried = (verdict: 'passed' | 'failed') =>
      planned({ queue: [1], builds: [build([1], verdict, { purpose: 'try' })] })
    expect(tried('passed')).toMatchObject({ land: null, start: [{ purpose: 'land', members: [{ pull: 1 }] }] })
    expect(tried('failed')).toMatchObject({ blame: [], start: [{ purpose: 'land' }] })
  })
})

describe('who stands where', () => {
  test('C48: a higher priority overtakes what waits and not what is being tested', () => {
    const made = planned({ queue: [9, 1, 2, 3], builds: [build([1, 2], 'failed'), build([1], 'passed')] })
    expect({ land: made.land?.build, starts: starts(made) }).toEqual({ land: 'b1', starts: [[1, 9, 3]] })
    const landed = afterLanding([build([1, 2], 'failed')], { from: 'tip', to: 'next', members: build([1]).members })
    const next = planned({ queue: [9, 2, 3], builds: landed, tip: 'next' })
    expect({ blame: blamed(next), starts: starts(next) }).toEqual({ blame: [2], starts: [[9, 3]] })
    // Once it is tested behind others it stays behind them.
    const behind = planned({ queue: [9, 1, 2], builds: [build([1, 2]), build([1, 2, 9])], limits: { slots: 2 } })
    expect({ cancel: behind.cancel, starts: starts(behind) }).toEqual({ cancel: [], starts: [] })
    // A set that is void holds nobody in front.
    const moved = [9, 1, { pull: 2, sha: 'other' }]
    expect(starts(planned({ queue: moved, builds: [build([1, 2], 'failed')] }))).toEqual([[9, 1, 2]])
  })

  test('C48: who interrupts takes the slots of what runs; whatever runs with it stays', () => {
    const made = planned({ queue: [{ pull: 9, interrupt: true }, 1, 2], builds: [build([1, 2])] })
    expect({ cancel: made.cancel, starts: starts(made) }).toEqual({ cancel: ['b1-2'], starts: [[9, 1, 2]] })
    const after = planned({ queue: [{ pull: 9, interrupt: true }, 1, 2], builds: [build([9, 1, 2])] })
    expect({ cancel: after.cancel, starts: starts(after) }).toEqual({ cancel: [], starts: [] })
  })

  test('whose build the runner cancelled keeps its turn, before those that were built in case it fails', () => {
    const made = planned({
      queue: [1, 2],
      builds: [build([1], 'cancelled'), build([2])],
      limits: { slots: 3, speculation: 0.01 },
    })
    expect({ cancel: made.cancel, starts: starts(made) }).toEqual({ cancel: [], starts: [[1, 2], [1]] })
    const again = planned({ queue: [1, 2], builds: [build([2]), build([1])], limits: { slots: 3, speculation: 0.25 } })
    expect({ cancel: again.cancel, starts: starts(again) }).toEqual({ cancel: [], starts: [[1, 2]] })
  })

  test('C56: after a running build was cancelled the order of the queue holds anew', () => {
    expect(starts(planned({ queue: [2, 1], builds: [build([1, 2], 'obsolete')] }))).toEqual([[2, 1]])
  })

  test('C54: who is alone has a build of its own, in its turn, and stays alone after a split', () => {
    const alone = { pull: 3, alone: true }
    expect(starts(planned({ queue: [1, 2, alone, 4], limits: { slots: 9 } }))).toEqual([[1, 2], [1]])
    expect(starts(planned({ queue: [alone, 4], limits: { slots: 9 } }))).toEqual([[3]])
    expect(starts(planned({ queue: [1, 2, alone, 4], builds: [build([1, 2], 'failed')] }))).toEqual([[1]])
  })

  test('who depends on another comes behind it, and falls with it', () => {
    expect(starts(planned({ queue: [{ pull: 5, after: [2] }, 1, 2, 3] }))).toEqual([[1, 2, 5, 3]])
    expect(starts(planned({ queue: [{ pull: 5, after: [99] }, 1] }))).toEqual([[1]])
    const made = planned({ queue: [2, { pull: 5, after: [2] }, 3], builds: [build([2], 'failed')] })
    expect({ blame: blamed(made), starts: starts(made) }).toEqual({ blame: [2], starts: [[3]] })
  })

  test('C90: who conflicts with a member ahead is left out until that one landed or left', () => {
    expect(starts(planned({ queue: [1, { pull: 2, waits_for: 1 }, 3] }))).toEqual([[1, 3]])
    expect(starts(planned({ queue: [{ pull: 2, waits_for: 1 }, 3] }))).toEqual([[2, 3]])
  })

  test('an empty queue plans nothing', () => {
    expect(planned({ queue: [] })).toEqual({ land: null, blame: [], start: [], cancel: [], until: null })
  })
})
