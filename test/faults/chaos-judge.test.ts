/** The judge of `npm run chaos`, on ends that were written down: it has to notice what a run is there to find. */
import { expect, test } from 'vitest'
import { judge, type LaneFacts, type PullFacts, type TargetCommit } from './chaos/judge.ts'

const commit = (sha: string, ...parents: string[]): TargetCommit => ({ sha, parents, message: sha, proven: true })

const pull = (number: number, end: Partial<PullFacts> = {}): PullFacts => ({
  number,
  head: `head-${number}`,
  state: 'closed',
  merged: true,
  wanted: true,
  shown: 'Landed as abc',
  ...end,
})

const lane = (line: readonly TargetCommit[], ...pulls: readonly PullFacts[]): LaneFacts => ({
  name: 'main',
  line,
  pulls,
})

test('chaos: what landed, is blocked, or was taken back has come to an end', () => {
  const squashed = { ...commit('b', 'a'), message: 'Do work (#2)\n\nCo-authored-by: alice' }
  const verdict = judge([
    lane(
      [commit('a', 'first', 'head-1'), squashed],
      pull(1),
      pull(2, { merged: false }),
      pull(3, { state: 'open', merged: false, shown: 'Blocked: merge conflict in a.txt' }),
      pull(4, { state: 'open', merged: false, wanted: false, shown: 'Waiting for an approval' }),
      pull(5, { merged: false, shown: 'Closed without landing' }),
    ),
  ])
  expect(verdict).toEqual({ pulls: 5, landed: 2, blocked: 1, dequeued: 2, lost: [], twice: [], untested: [] })
})

test('chaos: what still waits, or is merged and not on its target, is lost', () => {
  const queued = pull(1, { state: 'open', merged: false, shown: 'Queued' })
  const forgotten = pull(2, { state: 'open', merged: false, shown: '' })
  const left = pull(3, { state: 'open', merged: false, wanted: false, shown: 'Testing' })
  const { lost } = judge([lane([], queued, forgotten, left, pull(4))])
  expect(lost.map((line) => line.split(' is ')[0])).toEqual(['main #1', 'main #2', 'main #3', 'main #4'])
})

test('chaos: a head that is twice on its target, merged or squashed, has landed twice', () => {
  const merged = [commit('a', 'first', 'head-1'), commit('b', 'a', 'head-1')]
  const squashed = [commit('c', 'first'), commit('d', 'c')].map((one) => ({ ...one, message: 'Do work (#1)' }))
  expect(judge([lane(merged, pull(1)), lane(squashed, pull(1))]).twice).toHaveLength(2)
})

test('chaos: a commit on a target that CI had not passed is an untested tree', () => {
  const { untested } = judge([lane([{ ...commit('a', 'first', 'head-1'), proven: false }], pull(1))])
  expect(untested).toEqual(['a is on main, and CI had not passed it'])
})
