/** A holder of a lane that is paused inside its own act, and wakes when another has taken over. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { publishedRef } from '../../src/core/ids.ts'
import type { LaneView } from '../../src/core/queue/view.ts'
import { assembleBuild } from '../../src/effects/assemble-build.ts'
import { perform } from '../../src/effects/perform.ts'
import type { Scene } from '../../src/effects/scene.ts'
import { withdrawBuild } from '../../src/effects/withdraw-build.ts'
import { createGitHub } from '../../src/github/octokit.ts'
import { VirtualClock } from '../../src/twin/clock.ts'
import { startTwin, type Twin } from '../../src/twin/twin.ts'
import type { TwinRepository } from '../../src/twin/twin-repository.ts'
import { concluded, event, NOON, REPOSITORY, targetMoved } from '../support/facts.ts'
import { testFence } from '../support/fence.ts'
import { viewOf } from '../support/given.ts'

let twin: Twin
let repo: TwinRepository
beforeEach(async () => {
  twin = await startTwin({ clock: new VirtualClock() })
  repo = await twin.repository(REPOSITORY)
})
afterEach(() => twin.stop())

const ASSEMBLE = { effect: 'assemble-build', build: 'b1' } as const

/** A holder with a connection of its own, as another process would have. */
async function holder(epoch: number, view: LaneView): Promise<Scene> {
  const { id: appId, privateKey } = twin.app
  const github = createGitHub({ appId, privateKey, baseUrl: twin.url, now: () => twin.clock.now() })
  const [installed] = (await github.listRepositories().then((answer) => (answer.ok ? answer.value : []))) ?? []
  const port = github.repository(REPOSITORY, installed?.installation ?? 0)
  const fence = testFence({ repository: REPOSITORY, epoch })
  return { port, bot: twin.app.botLogin, view, fence, now: () => twin.clock.now() }
}

/** A pull request of one file: its number and head. */
async function proposed(branch: string, files: Record<string, string>): Promise<{ pull: number; sha: string }> {
  const alice = repo.as('alice')
  const sha = await alice.commit(branch, files)
  return { pull: await alice.openPull({ head: branch, title: branch }), sha }
}

const planned = (base: string, members: { pull: number; sha: string }[]): NewEvent<'build_planned'> =>
  event('build_planned', {
    build: 'b1',
    base,
    parent: null,
    members,
    attempt: 1,
    purpose: 'land',
    method: 'merge',
    planned_at: NOON,
  })

test('C129 what a paused holder merges when it wakes inside its assembly is in no build of its successor', async () => {
  const base = (await repo.ref('refs/heads/main')) ?? ''
  const wanted = await proposed('wanted', { 'a.txt': 'a\n' })
  const other = await proposed('other', { 'b.txt': 'b\n' })
  // The predecessor judged an older log, in which the build had another member as well.
  const predecessor = await holder(1, viewOf([targetMoved({ after: base }), planned(base, [other, wanted])]))
  const successor = await holder(2, viewOf([targetMoved({ after: base }), planned(base, [wanted])]))

  const paused = twin.faults.next({ operation: /^POST .*\/merges$/ }, twin.faults.hangBefore())
  const late = assembleBuild(ASSEMBLE, predecessor).then(
    (came) => came.map(({ type }) => type),
    (error: unknown) => String(error),
  )
  await paused.reached
  const came = await assembleBuild(ASSEMBLE, successor)
  expect(came.map(({ type }) => type)).toEqual(['build_published'])
  const published = await repo.ref(publishedRef('main', 'b1'))
  paused.release()
  await late

  expect(await repo.ref(publishedRef('main', 'b1'))).toBe(published)
  const [tip] = await repo.log(published ?? '')
  expect(tip?.parents).toEqual([base, wanted.sha])
  expect(await repo.isAncestor(other.sha, published ?? '')).toBe(false)
})

test('a re-run that was withdrawn can not be landed by a holder that was paused before its advance', async () => {
  const base = (await repo.ref('refs/heads/main')) ?? ''
  const wanted = await proposed('wanted', { 'a.txt': 'a\n' })
  const begun = [targetMoved({ after: base }), planned(base, [wanted])]
  const [made] = await assembleBuild(ASSEMBLE, await holder(1, viewOf(begun)))
  if (made?.type !== 'build_published') throw new Error(`not published: ${JSON.stringify(made)}`)
  const job = { context: 'test', app_id: 1, run: 7, workflow: 77 }
  const passed = [
    ...begun,
    made,
    concluded('b1', { verdict: 'failed' }),
    event('build_planned', {
      ...planned(base, [wanted]).payload,
      build: 'b2',
      purpose: 'confirm',
      rerun: { build: 'b1', jobs: [job] },
    }),
    event('build_published', { ...made.payload, build: 'b2' }),
    concluded('b2'),
  ]
  const landing = event('landing_planned', {
    build: 'b2',
    from: base,
    to: made.payload.sha,
    observed_at: NOON,
    planned_at: NOON,
  })
  const predecessor = await holder(1, viewOf([...passed, landing]))
  await withdrawBuild({ effect: 'withdraw-build', build: 'b2' }, await holder(2, viewOf(passed)))
  await perform({ effect: 'advance-target', build: 'b2', advance: true }, predecessor)
  expect(await repo.ref('refs/heads/main')).toBe(base)
})

test('C130 a member that conflicts only with one ahead of it is told apart from one that conflicts with the target', async () => {
  const base = (await repo.ref('refs/heads/main')) ?? ''
  const first = await proposed('first', { 'a.txt': 'one\n' })
  const second = await proposed('second', { 'a.txt': 'two\n' })
  const scene = await holder(1, viewOf([targetMoved({ after: base }), planned(base, [first, second])]))
  expect(await assembleBuild(ASSEMBLE, scene)).toMatchObject([
    { type: 'assembly_refused', payload: { pull: second.pull, reason: 'conflict_with_member', files: ['a.txt'] } },
  ])
  expect(Object.keys(await repo.refs('refs/heads/mainkeeper/'))).toEqual([])
})
