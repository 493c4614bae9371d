/** What a candidate is told of where it stands, by its builds and by whom it waits for. */
import { expect, test } from 'vitest'
import type { Candidate, KnownBuild } from '../../../src/core/queue/plan/known.ts'
import { standingOf } from '../../../src/core/queue/plan/standing.ts'

const candidate = (pull: number, rest: Partial<Candidate> = {}): Candidate => ({
  pull,
  sha: 'head',
  alone: false,
  waits_for: null,
  was_red: false,
  after: [],
  since: 0,
  ...rest,
})

const build = (
  members: readonly number[],
  verdict: KnownBuild['verdict'],
  purpose: KnownBuild['purpose'] = 'land',
) => ({
  build: `${purpose} ${members.join()}`,
  base: 'tip',
  members: members.map((pull) => ({ pull, sha: 'head' })),
  purpose,
  verdict,
})

const FAILED = build([1, 2, 3, 4], 'failed')

const STANDINGS: [string, Candidate, KnownBuild[], ReturnType<typeof standingOf>][] = [
  [
    'with whom it is tested',
    candidate(2),
    [build([1, 2, 3], null), build([1, 2], null)],
    { code: 'testing', build: 'land 1,2', with: [1], failed: null },
  ],
  [
    'that its build failed and a part of it is tested',
    candidate(2),
    [FAILED, build([1, 2], null)],
    { code: 'testing', build: 'land 1,2', with: [1], failed: 'land 1,2,3,4' },
  ],
  [
    'that its build failed and another part is tested first',
    candidate(3),
    [FAILED, build([1, 2], null)],
    { code: 'suspected', failed: 'land 1,2,3,4', with: [1, 2, 4] },
  ],
  [
    'that it is built once more before it is blamed',
    candidate(1),
    [build([1], 'failed'), build([1], null, 'confirm')],
    { code: 'confirming', build: 'confirm 1', failed: 'land 1' },
  ],
  [
    'nothing of a failed build from which somebody left',
    candidate(3),
    [build([3, 9], 'failed')],
    { code: 'waits_its_turn' },
  ],
  ['nothing of a try', candidate(3), [build([3], 'failed', 'try')], { code: 'waits_its_turn' }],
  ['for whom it waits', candidate(2, { waits_for: 1 }), [], { code: 'waits_for_conflict', pull: 1 }],
  ['what has to land first', candidate(2, { after: [1] }), [], { code: 'waits_for_dependency', pulls: [1] }],
  ['that its own build comes later', candidate(2, { alone: true }), [], { code: 'waits_to_be_alone' }],
]

test.each(STANDINGS)('a candidate is told %s', (_, one, builds, standing) => {
  const order = [1, 2, 3, 4].map((pull) => (pull === one.pull ? one : candidate(pull)))
  const queue = { order, find: (pull: number) => order.find((other) => other.pull === pull) }
  expect(standingOf(one, queue, { tip: 'tip', builds, tries: [], now: 0 })).toEqual(standing)
})
