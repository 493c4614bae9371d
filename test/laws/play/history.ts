/**
 * What may happen on GitHub and on the way between GitHub and us, as data that can be drawn, shrunk and printed. It knows
 * neither how an act is played nor what any law expects of it.
 */
import fc from 'fast-check'

export const SLOTS = 4
export const FILES = ['a.txt', 'b.txt', 'c.txt'] as const
/** `red` beside `blue` breaks the build, each alone passes; `bad` breaks it always. */
export const TEXTS = ['plain', 'other', 'red', 'blue', 'bad'] as const
export const REVIEWERS = ['bob', 'carol'] as const
const COMMANDS = ['/merge', '/merge cancel', '/why', '/resume', '/hold', '/release'] as const
const PERMISSIONS = ['read', 'write', 'maintain'] as const

export type Change = Readonly<Record<string, string | null>>

/** An act on a pull request is done by slot: the slot's latest pull request, or nothing where there is none. */
export type Act =
  | { readonly act: 'open'; readonly slot: number; readonly change: Change; readonly draft: boolean }
  | { readonly act: 'push'; readonly slot: number; readonly change: Change }
  | { readonly act: 'approve' | 'request_changes' | 'dismiss'; readonly slot: number; readonly by: string }
  | { readonly act: 'label' | 'unlabel' | 'draft' | 'ready' | 'close' | 'reopen'; readonly slot: number }
  | { readonly act: 'comment'; readonly slot: number; readonly by: string; readonly body: string }
  | { readonly act: 'resume_label'; readonly slot: number }
  | { readonly act: 'foreign_push'; readonly change: Change }
  | { readonly act: 'permission'; readonly who: string; readonly to: (typeof PERMISSIONS)[number] }
  | { readonly act: 'restart' }
  | { readonly act: 'pause'; readonly seconds: number }

export type Fault =
  | { readonly fault: 'lose' | 'repeat' | 'late'; readonly times: number }
  | { readonly fault: 'reorder' }
  | { readonly fault: 'call'; readonly operation: string; readonly when: 'before' | 'after' | 'spurious' }

export type Step = Act | Fault

export interface History {
  /** Whether GitHub itself requires the check on the target as well, or only the configuration does. */
  readonly protected: boolean
  /** Whether the head's own checks are waited for, or the build is left to find out. */
  readonly checks: 'wait' | 'build'
  readonly steps: readonly Step[]
}

/** The writes that a lane depends on, and the reads that it believes. */
export const OPERATIONS = [
  'POST /repos/{owner}/{repo}/merges',
  'POST /repos/{owner}/{repo}/git/refs',
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'POST /repos/{owner}/{repo}/issues',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'POST /repos/{owner}/{repo}/check-runs',
  'graphql:AdvanceTarget',
  'graphql:ObservePulls',
] as const

const slot = fc.integer({ min: 0, max: SLOTS - 1 })
const reviewer = fc.constantFrom(...REVIEWERS)
const change: fc.Arbitrary<Change> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...FILES), fc.constantFrom(...TEXTS)), {
    selector: ([file]) => file,
    minLength: 1,
    maxLength: 2,
  })
  .map((pairs) => Object.fromEntries(pairs.map(([file, text]) => [file, `${text}\n`])))

const open = fc.record({
  act: fc.constant('open' as const),
  slot,
  change,
  draft: fc.nat(5).map((drawn) => drawn === 0),
})

/** What most pull requests come to; without it few histories land anything. */
const approved: fc.Arbitrary<Step[]> = fc
  .tuple(open, reviewer)
  .map(([opened, by]) => [opened, { act: 'approve', slot: opened.slot, by }])

const acts: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 6, arbitrary: open },
  { weight: 8, arbitrary: fc.record({ act: fc.constant('approve' as const), slot, by: reviewer }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('push' as const), slot, change }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constantFrom('request_changes' as const, 'dismiss' as const), slot, by: reviewer }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('label', 'unlabel', 'draft', 'ready', 'close', 'reopen'),
      slot,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('comment' as const),
      slot,
      by: fc.constantFrom('alice', ...REVIEWERS),
      body: fc.constantFrom(...COMMANDS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('resume_label' as const), slot }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('foreign_push' as const), change }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('permission' as const),
      who: reviewer,
      to: fc.constantFrom(...PERMISSIONS),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constant('pause' as const), seconds: fc.constantFrom(5, 30, 90, 240) }),
  },
]

const deliveryFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    fault: fc.constantFrom('lose' as const, 'repeat' as const, 'late' as const),
    times: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ fault: fc.constant('reorder' as const) }),
)

const callFault: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('call' as const),
  operation: fc.constantFrom(...OPERATIONS),
  when: fc.constantFrom('before' as const, 'after' as const, 'spurious' as const),
})

const faults: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 2, arbitrary: deliveryFault },
  { weight: 4, arbitrary: callFault },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('restart' as const) }) },
]

const historyOf = (steps: fc.Arbitrary<Step>, least: number, most: number): fc.Arbitrary<History> =>
  fc
    .record({
      protected: fc.boolean(),
      checks: fc.constantFrom('wait' as const, 'build' as const),
      first: open,
      steps: fc.array(
        fc.oneof({ weight: 3, arbitrary: steps.map((step) => [step]) }, { weight: 1, arbitrary: approved }),
        {
          minLength: least,
          maxLength: most,
        },
      ),
    })
    .map(({ first, steps: rest, ...settings }) => ({ ...settings, steps: [first, ...rest.flat()] }))

/** Anything may happen: acts, lost webhooks, failing calls, restarts. */
export const histories = historyOf(fc.oneof(...acts, ...faults), 4, 24)

/** Acts alone: how they are delivered is drawn beside them. */
export const peacefulHistories = historyOf(fc.oneof(...acts), 4, 20)

/** What may go wrong with deliveries, with the place among the acts at which it begins. */
export const deliveryFaults: fc.Arbitrary<readonly (readonly [at: number, Step])[]> = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 20 }),
    fc.oneof(
      { weight: 4, arbitrary: deliveryFault },
      { weight: 1, arbitrary: fc.record({ act: fc.constant('restart' as const) }) },
    ),
  ),
  { minLength: 1, maxLength: 5 },
)

/** One line for each step, for whoever has to play it again by hand. */
export const tell = (history: History): string =>
  [
    `protected: ${history.protected}, checks: ${history.checks}`,
    ...history.steps.map((step) => JSON.stringify(step)),
  ].join('\n')
