/** What becomes of a lane's builds when one of them lands, or one of their members leaves. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { commit, event, headOf, NOON, readyFacts, TIP } from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const queued = (pull: number): NewEvent[] => [
  ...readyFacts(pull),
  event('candidate_queued', {
    pull,
    branch: `topic-${pull}`,
    sha: headOf(pull),
    ready_at: NOON,
    priority: 0,
    alone: false,
    resumed: false,
  }),
]
const members = (pulls: readonly number[]) => pulls.map((pull) => ({ pull, sha: headOf(pull) }))
/** The commits of one chain: each member has the same one in every build. */
const prefixes = (pulls: readonly number[], chain: string) =>
  pulls.map((pull) => ({ pull, sha: commit(`${chain}${pull}`), tree: commit(`e${pull}`) }))

function built(build: string, pulls: readonly number[], chain = 'a'): NewEvent[] {
  const made = prefixes(pulls, chain)
  const last = made.at(-1)
  if (!last) throw new Error('a build has members')
  return [
    event('build_planned', {
      build,
      base: TIP,
      parent: null,
      members: members(pulls),
      attempt: 1,
      purpose: 'land',
      method: 'merge',
      planned_at: NOON,
    }),
    event('build_published', {
      build,
      sha: last.sha,
      tree: last.tree,
      prefixes: made,
      ref: `refs/heads/mainkeeper/queue/main/${build}`,
      published_at: NOON,
    }),
  ]
}

const concluded = (build: string, verdict: 'passed' | 'failed') =>
  event('build_concluded', { build, verdict, checks: [], concluded_at: NOON })

const landing = (build: string, pull: number): NewEvent[] => [
  event('landing_planned', { build, from: TIP, to: commit(`a${pull}`), observed_at: NOON, planned_at: NOON }),
  event('landing_concluded', {
    build,
    result: 'landed',
    target: commit(`a${pull}`),
    tree: commit(`e${pull}`),
    message: null,
    concluded_at: NOON,
  }),
]

const builds = (events: readonly NewEvent[]) => viewOf(events).lane.builds
const all = [1, 2, 3].flatMap(queued)

test('a longer build of the very commits that landed goes on with the rest of its members', () => {
  const after = builds([
    ...all,
    ...built('b1', [1, 2]),
    ...built('b2', [1, 2, 3]),
    concluded('b1', 'passed'),
    ...landing('b1', 2),
  ])
  expect(after['b2']).toMatchObject({
    base: commit('a2'),
    members: members([3]),
    published: { prefixes: prefixes([3], 'a') },
    spent: false,
  })
})

test('a longer build of other commits is of no use on the new tip', () => {
  const after = builds([
    ...all,
    ...built('b1', [1]),
    ...built('b2', [1, 2], 'd'),
    concluded('b1', 'passed'),
    ...landing('b1', 1),
  ])
  expect(after['b2']).toMatchObject({ base: TIP, members: members([1, 2]) })
})

test('a build of which all landed stays until what it left on GitHub is deleted', () => {
  const once = [
    ...all,
    ...built('b1', [1, 2]),
    concluded('b1', 'failed'),
    ...built('b2', [1, 2]),
    concluded('b2', 'passed'),
  ]
  const after = [...once, ...landing('b2', 2)]
  expect(builds(after)['b1']).toMatchObject({ spent: true, withdrawn: false })
  expect(builds([...after, event('build_withdrawn', { build: 'b1' })])['b1']).toBeUndefined()
})

test('a failure is remembered after its refs are gone, until one of its members leaves', () => {
  const failed = [...all, ...built('b1', [1, 2]), concluded('b1', 'failed'), event('build_withdrawn', { build: 'b1' })]
  expect(builds(failed)['b1']).toMatchObject({ verdict: 'failed', withdrawn: true })
  const left = event('candidate_dequeued', { pull: 2, sha: headOf(2), reason: 'closed' })
  expect(builds([...failed, left])['b1']).toBeUndefined()
})

test('whoever conflicts with a member ahead waits for it, and is free when that one leaves', () => {
  const refused = event('assembly_refused', {
    build: 'b1',
    pull: 2,
    reason: 'conflict_with_member',
    with: 1,
    files: ['src/a.ts'],
    message: 'merging conflicts',
  })
  const waiting = [...all, ...built('b1', [1, 2]), refused]
  expect(viewOf(waiting).lane.entries[2]).toMatchObject({ waits_for: 1 })
  const left = event('candidate_dequeued', { pull: 1, sha: headOf(1), reason: 'closed' })
  expect(viewOf([...waiting, left]).lane.entries[2]).toMatchObject({ waits_for: null, status: 'queued' })
})
