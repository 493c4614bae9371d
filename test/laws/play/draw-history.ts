/** Histories by chance: which steps there are, how often each is drawn, and how many follow one another. */
import fc from 'fast-check'
import {
  type Act,
  type Change,
  type Crash,
  type Fault,
  FILES,
  type History,
  LONGEST_HANG,
  METHODS,
  OPERATIONS,
  type Placed,
  REVIEWERS,
  SLOTS,
  type Step,
  type Target,
  TEXTS,
} from './history.ts'

const COMMANDS = [
  '/merge',
  '/merge alone',
  '/merge interrupt',
  '/merge priority=high',
  '/merge cancel',
  '/try',
  '/try cancel',
  '/retry',
  '/why',
  '/resume',
  '/resume force',
  '/hold',
  '/hold except #1',
  '/release',
  '/delegate @alice',
  '/undelegate',
  '/merge\n/try\n/hold\n/release',
] as const
const PERMISSIONS = ['read', 'write', 'maintain'] as const

const slot = fc.integer({ min: 0, max: SLOTS - 1 })
const sometimes = fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: slot })
const reviewer = fc.constantFrom(...REVIEWERS)
const target = fc.constantFrom<Target>('main', 'main', 'next')
const change: fc.Arbitrary<Change> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...FILES), fc.constantFrom(...TEXTS)), {
    selector: ([file]) => file,
    minLength: 1,
    maxLength: 2,
  })
  .map((pairs) => Object.fromEntries(pairs.map(([file, text]) => [file, `${text}\n`])))
const oneIn = (times: number) => fc.nat(times - 1).map((drawn) => drawn === 0)

const open = fc.record({
  act: fc.constant('open' as const),
  slot,
  change,
  draft: oneIn(6),
  base: target,
  fork: oneIn(5),
  on: sometimes,
  after: sometimes,
})

/** What most pull requests come to; without it few histories land anything. */
const approved: fc.Arbitrary<Step[]> = fc
  .tuple(open, reviewer)
  .map(([opened, by]) => [opened, { act: 'approve', slot: opened.slot, by }])

const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.WeightedArbitrary<T> => ({ weight, arbitrary })

const settings = {
  protected: fc.boolean(),
  checks: fc.constantFrom('wait' as const, 'build' as const),
  method: fc.constantFrom('merge', 'merge', ...METHODS),
  targets: fc.constantFrom(1 as const, 1 as const, 2 as const),
  ci: fc.constantFrom(60 as const, 60 as const, 200 as const),
  slots: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
  batch: fc.constantFrom(1 as const, 2 as const, 50 as const, 50 as const),
  wait: fc.constantFrom(0 as const, 0 as const, 30 as const, 300 as const),
}

const acts: readonly fc.WeightedArbitrary<Act>[] = [
  weighted(6, open),
  weighted(8, fc.record({ act: fc.constant('approve' as const), slot, by: reviewer })),
  weighted(3, fc.record({ act: fc.constant('push' as const), slot, change, forced: oneIn(3) })),
  weighted(2, fc.record({ act: fc.constantFrom('request_changes' as const, 'dismiss' as const), slot, by: reviewer })),
  weighted(
    4,
    fc.record({
      act: fc.constantFrom('label', 'unlabel', 'draft', 'ready', 'close', 'reopen', 'merge_by_hand'),
      slot,
    }),
  ),
  weighted(1, fc.record({ act: fc.constant('retarget' as const), slot, base: target })),
  weighted(
    4,
    fc.record({
      act: fc.constant('comment' as const),
      slot,
      by: fc.constantFrom('alice', ...REVIEWERS),
      body: fc.constantFrom(...COMMANDS),
    }),
  ),
  weighted(
    2,
    fc.record({ act: fc.constant('resume' as const), slot, via: fc.constantFrom('label', 'comment', 'close') }),
  ),
  weighted(
    2,
    fc.record({
      act: fc.constant('foreign_push' as const),
      target,
      how: fc.constantFrom('fast-forward', 'fast-forward', 'force', 'rewind'),
      change,
    }),
  ),
  weighted(
    1,
    fc.record({ act: fc.constant('configure' as const), target, slots: settings.slots, batch: settings.batch }),
  ),
  weighted(
    1,
    fc.record({
      act: fc.constant('permission' as const),
      who: reviewer,
      to: fc.constantFrom(...PERMISSIONS),
    }),
  ),
  weighted(5, fc.record({ act: fc.constant('pause' as const), seconds: fc.constantFrom(5, 30, 90, 240) })),
]

const deliveryFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    fault: fc.constantFrom('lose' as const, 'repeat' as const, 'late' as const),
    times: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ fault: fc.constant('reorder' as const) }),
)

const operation = fc.constantFrom(...OPERATIONS)

const callFault: fc.Arbitrary<Fault> = fc.oneof(
  weighted(
    4,
    fc.record({
      fault: fc.constant('call' as const),
      operation,
      when: fc.constantFrom('before' as const, 'after' as const, 'spurious' as const),
    }),
  ),
  weighted(
    2,
    fc.record({
      fault: fc.constant('hang' as const),
      operation,
      when: fc.constantFrom('before' as const, 'after' as const),
      seconds: fc.constantFrom(3, LONGEST_HANG),
    }),
  ),
  weighted(
    1,
    fc.record({ fault: fc.constant('limit' as const), operation, kind: fc.constantFrom('primary', 'secondary') }),
  ),
)

const crash: fc.Arbitrary<Crash> = fc.record({
  fault: fc.constant('crash' as const),
  at: fc.constantFrom('request' as const, 'request' as const, 'commit' as const),
  operation: fc.option(operation),
  nth: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 60 })),
  moment: fc.constantFrom('before' as const, 'done' as const),
  seconds: fc.constantFrom(0, 20, 121),
})

const restart = fc.record({ act: fc.constant('restart' as const) })

const faults: readonly fc.WeightedArbitrary<Step>[] = [
  weighted(2, deliveryFault),
  weighted(4, callFault),
  weighted(2, crash),
  weighted(1, restart),
  weighted(1, fc.record({ act: fc.constant('app_may' as const), write: fc.boolean() })),
]

/** Drawn last: what else there is of a history is the same in all. */
const last = {
  mode: fc.constantFrom('exact', 'exact', 'exact', 'native'),
  reports: fc.constantFrom('actions', 'actions', 'actions', 'app', 'status'),
  approvals: fc.constantFrom(1, 1, 1, 1, 2),
  when: fc.constantFrom('non_draft', 'non_draft', 'non_draft', 'non_draft', 'command'),
  opens: fc.constantFrom('always', 'always', 'always', 'always', 'later'),
}

/** Most are short: they are cheap, and a short one that breaks a law says why. */
const historyOf = (steps: fc.Arbitrary<Step>): fc.Arbitrary<History> => {
  const one = fc.oneof(
    weighted(
      3,
      steps.map((step): Step[] => [step]),
    ),
    weighted(1, approved),
  )
  const list = (minLength: number, maxLength: number) => fc.array(one, { minLength, maxLength })
  return fc
    .record({
      ...settings,
      first: approved,
      steps: fc.oneof(weighted(4, list(0, 6)), weighted(1, list(7, 24))),
      ...last,
    })
    .map(({ first, steps: rest, ...set }) => ({
      ...set,
      // GitHub itself never fast-forwards, and the configuration says so.
      mode: set.method === 'fast-forward' ? 'exact' : set.mode,
      steps: [...first, ...rest.flat()],
    }))
}

/** Anything may happen: acts, lost webhooks, failing and hanging calls, limits, restarts, crashes. */
export const histories = historyOf(fc.oneof(...acts, ...faults))

/** Acts alone: what goes wrong is drawn beside them. */
export const peacefulHistories = historyOf(fc.oneof(...acts))

const placed = (steps: fc.Arbitrary<Step>, maxLength: number): fc.Arbitrary<readonly Placed[]> =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), steps), { minLength: 1, maxLength })

/** What may go wrong with deliveries. */
export const deliveryFaults = placed(fc.oneof(weighted(4, deliveryFault), weighted(1, restart)), 5)

export const crashes = placed(crash, 2)
