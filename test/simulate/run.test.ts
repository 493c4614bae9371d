/** A lane on virtual time keeps the laws of the real one, and the same seed plays the same. */
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { catalogue, definitionOf, type LoggedEvent } from '../../src/core/events.ts'
import { decide } from '../../src/core/queue/decide.ts'
import { evolveLane } from '../../src/core/queue/fold/evolve-lane.ts'
import { emptyLane } from '../../src/core/queue/lane.ts'
import { newMemory } from '../../src/core/queue/memory.ts'
import { memoryLog } from '../../src/simulate/memory-log.ts'
import { run } from '../../src/simulate/run.ts'
import type { Arrival, Content } from '../../src/simulate/world.ts'
import { configWith } from '../support/facts.ts'
import { ofType, played, SERIAL } from './played.ts'

const MINUTE = 60_000

test('the same seed plays the same, and another one does not', async () => {
  const workload = { count: 30, rate: 6, bad: 0.1, flake: 0.05, spread: 'lognormal' as const }
  const [first, again, other] = [await played(workload), await played(workload), await played(workload, {}, 2)]
  expect(isDeepStrictEqual(again.log, first.log)).toBe(true)
  expect(other.result.waits).not.toEqual(first.result.waits)
})

test('every event is one that the log would take', async () => {
  const { log } = await played({ count: 15, bad: 0.2, flake: 0.1 })
  for (const { type, payload } of log) {
    expect(catalogue).toHaveProperty(type)
    expect(definitionOf(type).payload.safeParse(payload).error?.issues, type).toBeUndefined()
  }
})

test.each([1, 2, 3])(
  'only trees that passed land, one on the other, and who breaks them does not (seed %i)',
  async (seed) => {
    const file = { ci: { slots: 4 } }
    const { result, log, bad } = await played({ count: 40, rate: 12, bad: 0.15, flake: 0.05 }, file, seed)
    const passed = new Set(result.builds.filter(({ verdict }) => verdict === 'success').map(({ commit }) => commit))
    let tip = ofType(log, 'target_moved')[0]?.payload.after
    for (const { payload } of ofType(log, 'landing_planned')) {
      expect(passed).toContain(payload.to)
      expect(payload.from).toBe(tip)
      tip = payload.to
    }
    expect(result.finalTip).toBe(tip)
    expect(result.landings.filter(({ pull }) => bad.has(pull))).toEqual([])
    expect(result.landings.length + result.blocked.length).toBe(40)
    expect(result.left).toEqual([])
  },
)

test('never more builds run at once than there are slots', async () => {
  const { result } = await played({ count: 30, rate: 20, bad: 0.1, spread: 'lognormal' }, { ci: { slots: 3 } })
  const steps = result.builds.flatMap(({ published, ended }) =>
    ended === null
      ? []
      : ([
          [published, 1],
          [ended, -1],
        ] as const),
  )
  let running = 0
  for (const [, step] of steps.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    running += step
    expect(running).toBeLessThanOrEqual(3)
  }
  expect(result.builds.length).toBeGreaterThan(3)
})

test('serial without breaks is one build for each landing, one after the other', async () => {
  const { result } = await played({ count: 8 }, SERIAL)
  expect(result.builds).toHaveLength(8)
  expect(result.waits.map((wait) => wait / MINUTE)).toEqual([30, 60, 90, 120, 150, 180, 210, 240])
})

test('a batch lands together', async () => {
  const { result } = await played({ count: 8 }, { ci: { slots: 1 } })
  expect(result.builds.map(({ members }) => members.length)).toEqual([8])
})

test('nothing is built or landed while no window is open', async () => {
  // It begins on a Monday at eight.
  const windows = [{ opens: '0 12 * * *', closes: '0 14 * * *', zone: 'UTC' }]
  const { result } = await played({ count: 12 }, { ...SERIAL, windows })
  expect(result.landings).toHaveLength(12)
  for (const { at } of result.landings) expect([12, 13, 14]).toContain(new Date(at).getUTCHours())
  for (const { published } of result.builds) expect([12, 13]).toContain(new Date(published).getUTCHours())
})

test('what is kept between judgements changes none of them', async () => {
  const windows = [{ opens: '0 6 * * *', closes: '0 20 * * *', zone: 'UTC' }]
  const { log } = await played({ count: 15, rate: 4, bad: 0.2, flake: 0.1 }, { ci: { slots: 3 }, windows })
  const copy = memoryLog('simulated/repository', 'main')
  const memory = newMemory()
  for (const { lane, ...event } of log) {
    copy.append([{ ...event, ...(lane === null ? {} : { lane }) }])
    const view = copy.view(Date.parse(event.occurred_at))
    expect(decide(view, memory)).toEqual(decide(structuredClone(view)))
  }
})

test('a lane forgets when CI was asked about builds that it forgot', async () => {
  const { log } = await played({ count: 20, rate: 6, bad: 0.2 }, { ci: { slots: 2 } })
  let lane = emptyLane('simulated/repository', 'main')
  const kept = new Set<string>()
  for (const event of log) {
    lane = evolveLane(lane, event)
    if (event.type !== 'lane_observed' || event.payload.scope !== 'checks') continue
    for (const build of Object.keys(lane.observed.checks)) if (!(build in lane.builds)) kept.add(build)
  }
  expect(lane.builds_planned).toBeGreaterThan(5)
  expect([...kept]).toEqual([])
})

const at = Date.UTC(2026, 0, 5, 8)
const arrival = (pull: number, rest: Partial<Arrival> = {}): Arrival => ({
  pull,
  sha: String(pull).padStart(40, 'a'),
  title: `Change ${pull}`,
  author: 'ann',
  at,
  ...rest,
})

/** Commits that list what they hold; of `pairs` the second can't be put on what holds the first. */
function holding(
  pairs: readonly (readonly [number, number])[],
): Content & { holds(commit: string): readonly number[] } {
  const held = new Map<string, readonly number[]>([['b'.repeat(40), []]])
  return {
    tip: 'b'.repeat(40),
    holds: (commit) => held.get(commit) ?? [],
    async merge(base, { pull }, attempt) {
      const before = held.get(base) ?? []
      if (before.includes(pull)) return base
      if (pairs.some(([first, second]) => second === pull && (first === 0 || before.includes(first))))
        return { conflict: [`file-${pull}`] }
      const commit = `c${[...before, pull].join('f')}e${attempt}`.padEnd(40, '0')
      held.set(commit, [...before, pull])
      return commit
    },
    test: async () => ({ conclusion: 'success', ms: 30 * MINUTE }),
  }
}

const policy = { name: 'test', config: configWith({ ci: { slots: 1 } }) }

test('a conflict with the target blocks, one with another waits until that landed and blocks then', async () => {
  const content = holding([
    [0, 2],
    [1, 3],
  ])
  const result = await run([arrival(1), arrival(2), arrival(3), arrival(4)], content, policy)
  expect(content.holds(result.finalTip)).toEqual([1, 4])
  expect(result.blocked.map(({ pull, reason, evidence }) => [pull, reason, evidence])).toEqual([
    [2, 'merge_conflict', ['file-2']],
    [3, 'merge_conflict', ['file-3']],
  ])
  expect(result.conflicts.map((conflict) => [conflict.pull, conflict.with])).toEqual([
    [2, null],
    [3, 1],
    [3, null],
  ])
})

test('a push past the queue moves the target, and what was built is built again on it', async () => {
  const content = holding([[5, 6]])
  const pushes = [
    arrival(5, { direct: true, at: at + 10 * MINUTE }),
    arrival(6, { direct: true, at: at + 11 * MINUTE }),
  ]
  const result = await run([arrival(1), ...pushes], content, policy)
  expect(content.holds(result.finalTip)).toEqual([5, 1])
  expect(result.builds.map(({ verdict }) => verdict)).toEqual([null, 'success'])
  expect(result.landings.map(({ wait }) => wait / MINUTE)).toEqual([40])
  expect(result.refused).toEqual([6])
})

test('what the target holds already lands without a build', async () => {
  const content = holding([])
  const result = await run([arrival(1, { direct: true }), arrival(1, { at: at + MINUTE })], content, policy)
  expect(result.landings).toMatchObject([{ pull: 1, build: null, wait: 0 }])
  expect(result.builds).toEqual([])
})

test('a build that failed for nothing is built once more before anybody is blamed', async () => {
  let asked = 0
  const flaky: Content = {
    ...holding([]),
    test: async () => ({ conclusion: (asked += 1) === 1 ? 'failure' : 'success', ms: 30 * MINUTE }),
  }
  const result = await run([arrival(1)], flaky, policy)
  expect(result.landings).toHaveLength(1)
  expect(result.builds.map(({ purpose, verdict }) => [purpose, verdict])).toEqual([
    ['land', 'failure'],
    ['confirm', 'success'],
  ])
  expect(result.builds[1]?.commit).not.toBe(result.builds[0]?.commit)
})

test('it ends when it is told to, and when a lane is held for good', async () => {
  const stop = new AbortController()
  const told = await run(
    Array.from({ length: 20 }, (_, index) => arrival(index + 1)),
    holding([]),
    { name: 'serial', config: configWith(SERIAL) },
    { signal: stop.signal, onProgress: (done) => done === 3 && stop.abort() },
  )
  expect(told).toMatchObject({ complete: false })
  expect(told.landings.length).toBeLessThan(20)
  const silent: Content = {
    ...holding([]),
    test: async () => ({ conclusion: 'success', ms: Number.POSITIVE_INFINITY }),
  }
  const held = await run([arrival(1)], silent, policy)
  expect(held.landings).toEqual([])
  expect(held.blocked.map(({ reason }) => reason)).toEqual(['checks_timed_out'])
})

test('requests to GitHub are counted by what they were made for', async () => {
  const { result, log } = await played({ count: 3 }, { ci: { slots: 1 } })
  // A scratch ref, three merges, its deletion, the published ref.
  expect(result.requests).toMatchObject({ 'assemble-build': 6, 'advance-target': 2 })
  // The first of each pull request is looked for and made; that they landed is told to all of them at once.
  expect(ofType(log, 'check_run_written')).toHaveLength(3 + 3)
  expect(result.requests['show-check-run']).toBe(3 * 2 + 1)
  const blocked = await played({ count: 1, bad: 0.9 }, { ci: { slots: 1 } })
  const [opened, updated] = (['follow_up_opened', 'follow_up_updated'] as const).map(
    (type) => ofType(blocked.log, type).length,
  )
  expect([opened, blocked.result.requests['show-follow-up']]).toEqual([1, 4 + (updated ?? 0)])
})

test('an observation that says nothing new is not recorded again', async () => {
  const { log } = await played({ count: 3 }, SERIAL)
  const permissions = ofType(log, 'permission_observed')
  expect(permissions).toHaveLength(1)
  const things = new Set<string>()
  let last: LoggedEvent | undefined
  for (const event of log) {
    if (definitionOf(event.type).kind === 'observation' && last && last.type === event.type)
      things.add(
        JSON.stringify([event.type, event.payload]) === JSON.stringify([last.type, last.payload]) ? event.type : '',
      )
    last = event
  }
  things.delete('')
  expect([...things]).toEqual([])
})
