/** Stories of what changes around a queue: its repository's name, its default branch, the installation, a pull request's base. */
import { expect, test } from 'vitest'
import { asStory, type Story } from '../../support/story/story.ts'
import { REPOSITORY } from '../../support/story/story-scene.ts'

const heads = ({ repo }: Story, numbers: readonly number[]) => numbers.map((number) => repo.pull(number).head.sha)

const waiting = async ({ store }: Story, repository: string, target = 'main'): Promise<number[]> =>
  (await store.models.queue(repository, target)).flatMap(({ status, pull }) => (status === 'queued' ? [pull] : []))

test(
  'a renamed repository keeps its hold and its queue, rests while the installation is suspended, and lands all in order',
  asStory(async (story) => {
    const { repo, twin } = story
    const second = await story.propose('second', { 'src/b.ts': 'b\n' })
    const first = await story.approved('first', { 'src/a.ts': 'a\n' })
    await repo.as('carol').comment(first, '/hold until we are renamed')
    await story.until(() => story.title(first) === 'Held: until we are renamed')
    await repo.as('bob').review(second, 'approve')
    await story.until(() => story.title(second) === 'Held: until we are renamed')
    expect(await waiting(story, REPOSITORY)).toEqual([first, second])

    repo.rename('shuttle')
    await story.until(async () => (await waiting(story, 'acme/shuttle')).length === 2)
    expect((await story.store.models.repositories()).map(({ name }) => name)).toEqual(['acme/shuttle'])
    expect((await story.store.views.load('acme/shuttle', 'main'))?.lane.hold).toMatchObject({ by: 'carol' })

    twin.suspend('acme', true)
    await story.pass(1)
    await repo.as('carol').comment(first, '/release')
    await story.pass(1)
    expect(await waiting(story, 'acme/shuttle')).toEqual([first, second])
    twin.suspend('acme', false)
    await story.merged(second, 60)
    expect(await story.landed()).toEqual(heads(story, [first, second]))
  }),
)

test(
  'a pull request with another base leaves one queue and enters the other; another default branch keeps the queues',
  asStory({ config: 'mode: live\ntargets: [main, next]\n' }, async (story) => {
    const { repo, twin } = story
    repo.protect('next', { requiredChecks: [{ context: 'test' }] })
    const dave = repo.as('dave')
    const start = (await repo.ref('refs/heads/main')) ?? ''
    await dave.push('next', start)
    const stays = await story.approved('stays', { 'src/a.ts': 'a\n' })
    await repo.as('carol').comment(stays, '/hold')
    await story.until(() => story.title(stays).startsWith('Held'))
    const moves = await story.approved('moves', { 'src/b.ts': 'b\n' })
    await story.until(() => story.title(moves).startsWith('Held'))
    await repo.as('alice').edit(moves, { base: 'next' })
    // An approval is of a head against a base (ADR 13).
    await story.pass(1)
    await repo.as('bob').review(moves, 'approve')
    await story.merged(moves)
    expect(await repo.ref('refs/heads/main')).toBe(start)
    expect(await story.events('candidate_dequeued')).toMatchObject([
      { lane: 'main', payload: { pull: moves, reason: 'base_changed' } },
    ])

    repo.settings({ defaultBranch: 'next' })
    await story.pass(1)
    expect(await waiting(story, REPOSITORY)).toEqual([stays])
    twin.uninstall(REPOSITORY)
    await story.pass(1)
    await repo.as('carol').comment(stays, '/release')
    await story.pass(1)
    expect(await waiting(story, REPOSITORY)).toEqual([stays])
  }),
)
