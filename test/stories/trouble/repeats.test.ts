/** Stories of facts that return to an earlier value, told in disorder: what is known at the end is what GitHub shows. */
import { expect, test } from 'vitest'
import type { LaneView } from '../../../src/core/queue/view.ts'
import { testDatabases } from '../../support/database/database.ts'
import { asStory, type Story } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }
/** Late enough that nothing before it was known by a sweep. */
const sweepEvery = 20 * 60_000
const SEEDS = [1, 2, 3]

async function known({ store, repo }: Story): Promise<LaneView> {
  const view = await store.views.load(repo.fullName, 'main')
  if (!view) throw new Error('there is no lane main')
  return view
}

/** Acts one after the other, in one second or over several, while webhooks take up to a minute each; then all have come. */
async function inDisorder(story: Story, seed: number, acts: readonly (() => unknown)[]): Promise<void> {
  story.twin.faults.reorder()
  for (const act of acts) {
    await act()
    if (seed % 2 === 0) await story.pass(0.05)
  }
  await story.pass(3)
}

for (const seed of SEEDS)
  test(
    `C125 a label added, removed, added and removed is known as GitHub shows it (seed ${seed})`,
    asStory({ seed, sweepEvery, config: 'mode: live\nready:\n  labels:\n    unless: [wip]\n' }, async (story) => {
      const { repo } = story
      const number = await story.propose('topic', text)
      await story.pass(2)
      const bob = repo.as('bob')
      const add = () => bob.label(number, 'wip')
      const remove = () => bob.unlabel(number, 'wip')
      await inDisorder(story, seed, [add, remove, add, remove])
      expect((await known(story)).pulls.get(number)?.seen?.labels).toEqual([])
      await inDisorder(story, seed, [add, remove, add])
      expect((await known(story)).pulls.get(number)?.seen?.labels).toEqual(['wip'])
      await story.sweep()
      expect((await known(story)).pulls.get(number)?.seen?.labels).toEqual(['wip'])
    }),
  )

for (const seed of SEEDS)
  test(
    `C126 a head that goes from A to B to A to B by force is known as it stands (seed ${seed})`,
    asStory({ ...BUILDS_ONLY, seed, sweepEvery }, async (story) => {
      const { repo } = story
      const number = await story.propose('topic', text)
      const a = repo.pull(number).head.sha
      await story.pass(2)
      const alice = repo.as('alice')
      const b = await alice.commit('topic', { 'src/a.ts': 'export const a = 2\n' }, { from: 'main', force: true })
      const push = (sha: string) => () => alice.push('topic', sha, { force: true })
      await inDisorder(story, seed, [push(a), push(b), push(a), push(b)])
      const heads = async () => {
        const view = await known(story)
        return [view.pulls.get(number)?.seen?.sha, view.branches.get('acme/rocket:topic')]
      }
      // Of a branch that goes to and fro no order can be told, so it may be unknown until somebody looks.
      expect((await heads())[0]).toBe(b)
      await story.sweep()
      expect(await heads()).toEqual([b, b])
      await repo.as('bob').review(number, 'approve')
      await story.merged(number)
      expect(await story.landed()).toEqual([b])
    }),
  )

for (const seed of SEEDS)
  test(
    `C127 a check run that is patched and a status that changes to and fro count as they stand (seed ${seed})`,
    asStory({ seed, sweepEvery, required: ['test', 'lint'], ci: { on: () => false } }, async (story) => {
      const { repo } = story
      const number = await story.approved('topic', text)
      const { sha } = repo.pull(number).head
      await story.pass(2)
      const report = { sha, name: 'test', app: { id: 15_368, slug: 'github-actions' }, status: 'completed' } as const
      const run = repo.reportCheckRun({ ...report, conclusion: 'failure', completed_at: story.clock.now() })
      const status = (state: 'failure' | 'success') => () => repo.reportStatus({ sha, context: 'lint', state })
      const rerun = async () => {
        repo.updateCheckRun(run, { status: 'in_progress', started_at: story.clock.now() })
        await story.pass(0.05)
        repo.updateCheckRun(run, { status: 'completed', conclusion: 'success', completed_at: story.clock.now() })
      }
      await inDisorder(story, seed, [status('failure'), status('success'), rerun, status('failure')])
      expect(story.title(number)).toBe('Waiting: lint failed')
      await inDisorder(story, seed, [status('success')])
      expect(story.title(number)).toBe('Testing')
    }),
  )

test(
  'C127 a check run whose conclusion is patched without a webhook is known after a sweep',
  asStory({ ci: { on: () => false } }, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    const { sha } = repo.pull(number).head
    const report = { sha, name: 'test', app: { id: 15_368, slug: 'github-actions' }, status: 'completed' } as const
    const run = repo.reportCheckRun({ ...report, conclusion: 'failure', completed_at: story.clock.now() })
    await story.until(() => story.title(number) === 'Waiting: test failed')
    repo.updateCheckRun(run, { conclusion: 'success', completed_at: story.clock.now() })
    await story.sweep()
    await story.until(() => story.title(number) === 'Testing', 1)
    repo.updateCheckRun(run, { conclusion: 'failure', completed_at: story.clock.now() })
    await story.sweep()
    await story.until(() => story.title(number) === 'Waiting: test failed', 1)
    expect(repo.pull(number).merged).toBe(false)
  }),
)

for (const seed of SEEDS)
  test(
    `C128 an approval by somebody whose right is lost, regained and lost does not count until it is regained (seed ${seed})`,
    asStory({ ...BUILDS_ONLY, seed, sweepEvery }, async (story) => {
      const { repo } = story
      const number = await story.propose('topic', text)
      await story.pass(2)
      const set = (permission: 'read' | 'write') => () => repo.collaborator('bob', permission)
      await inDisorder(story, seed, [
        set('read'),
        set('write'),
        set('read'),
        () => repo.as('bob').review(number, 'approve'),
      ])
      await story.pass(5)
      expect(repo.pull(number).merged).toBe(false)
      expect(story.title(number)).toBe('Waiting for 1 approval')
      await inDisorder(story, seed, [set('write')])
      await story.merged(number)
    }),
  )

test.each(testDatabases())(
  'C133 a dismissal that arrives before the approval which it dismisses leaves it unapproved (%s)',
  asStory({ ...BUILDS_ONLY, sweepEvery }, async (story) => {
    const { repo, twin } = story
    const number = await story.propose('topic', text)
    await story.pass(2)
    twin.faults.delay({ event: 'pull_request_review', action: 'submitted' }, 30_000)
    const review = await repo.as('bob').review(number, 'approve')
    await repo.as('carol').dismiss(number, review, 'not yet')
    await story.pass(10)
    expect((await story.events('review_retracted')).map(({ payload }) => payload.reason)).toEqual(['dismissed'])
    expect((await story.events('review_approved')).length).toBe(1)
    expect(await story.events('candidate_queued')).toEqual([])
    expect(repo.pull(number).merged).toBe(false)
  }),
)
