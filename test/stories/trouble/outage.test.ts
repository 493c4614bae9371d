/** Stories of a GitHub that limits one installation, that shows refs as they were, and that refuses for no reason. */
import { expect, test } from 'vitest'
import { createGitHub } from '../../../src/github/octokit.ts'
import { attachCi } from '../../../src/twin/ci/ci.ts'
import { asStory } from '../../support/story/story.ts'
import { failsWhereToldSo } from '../../support/story/story-scene.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }
const MINUTE = 60_000

test(
  'C114 a limit stops one installation, in every process and until it ends; the lanes of another go on',
  asStory(async (story) => {
    const { repo, twin, store, clock } = story
    const ship = await twin.repository('other/ship', { files: { '.github/mainkeeper.yml': 'mode: live\n' } })
    for (const login of ['alice', 'bob']) ship.collaborator(login, 'write')
    ship.protect('main', { requiredChecks: [{ context: 'test' }] })
    const ci = attachCi(ship, { run: failsWhereToldSo, seed: 1 })
    await story.sweep()
    const { models } = store
    const installationOf = async (name: string) =>
      (await models.repositories()).find((known) => known.name === name)?.doc.installation ?? 0
    const [ours, theirs] = [await installationOf('acme/rocket'), await installationOf('other/ship')]
    expect(ours).not.toBe(theirs)

    twin.faults.next({ operation: /^POST .*\/merges$/ }, twin.faults.limit('primary', 1200))
    const limited = await story.approved('topic', text)
    await story.until(async () => (await store.limits.get(ours)) !== null)
    const until = (await store.limits.get(ours)) ?? 0
    expect(until - clock.now()).toBeGreaterThan(19 * MINUTE)
    twin.meter.reset()
    const { id, privateKey } = twin.app
    const options = { appId: id, privateKey, baseUrl: twin.url, now: () => clock.now(), limits: store.limits }
    const replica = createGitHub(options).repository('acme/rocket', ours)
    expect(await replica.readRef('refs/heads/main')).toMatchObject({ failure: 'limited', until })
    await story.stopBot()
    await story.startBot()

    await ship.as('alice').commit('topic', text)
    const free = await ship.as('alice').openPull({ head: 'topic', title: 'Change topic' })
    await ship.as('bob').review(free, 'approve')
    await story.until(() => ship.pull(free).merged)
    expect(clock.now()).toBeLessThan(until)
    expect(twin.meter.snapshot(ours).total).toBe(0)
    expect(repo.pull(limited).merged).toBe(false)

    await story.merged(limited)
    expect(clock.now()).toBeGreaterThanOrEqual(until)
    expect(twin.meter.snapshot(ours).total).toBeGreaterThan(0)
    await ci.stop()
  }),
)

test(
  'refs that are read as they were ten seconds ago, and refusals for no reason, stop no lane',
  asStory(async (story) => {
    const { repo, twin } = story
    twin.faults.staleRefs(10)
    const operation = /AdvanceTarget/
    const message = 'Reference cannot be updated'
    const refused = { data: { updateRefs: null }, errors: [{ type: 'UNPROCESSABLE', message }] }
    twin.faults.next({ operation }, twin.faults.spurious422())
    twin.faults.next({ operation, nth: 2 }, twin.faults.failBefore(200, refused))
    const first = await story.approved('first', text)
    await story.pass(0.1)
    const second = await story.approved('second', { 'src/b.ts': 'export const b = 1\n' })
    await story.merged(first)
    await story.merged(second)
    await story.until(() => [first, second].every((pull) => story.title(pull).startsWith('Landed as ')))
    expect(await story.landed()).toEqual([first, second].map((pull) => repo.pull(pull).head.sha))
    expect(await story.events('integration_blocked')).toEqual([])
    expect(await story.events('lane_held')).toEqual([])
    expect((await story.events('landing_concluded')).map(({ payload }) => payload.result)).toEqual(['landed', 'landed'])
  }),
)

test(
  'what was asked while the bot was down is taken once, by the right that its author has when it is taken up',
  asStory({ config: 'mode: live\nready: { checks: build }\n' }, async (story) => {
    const { repo, clock } = story
    const pull = await story.approved('topic', { 'src/a.ts': 'fail\n' })
    await story.until(() => story.followUp(pull) !== undefined && story.title(pull).includes('see #'))
    await story.stopBot()
    await repo.as('bob').comment(pull, '/resume')
    repo.collaborator('bob', 'read')
    clock.moveTo(clock.now() + 60 * MINUTE)
    await story.startBot()
    await story.until(async () => (await story.events('resume_answered')).length > 0)
    await story.sweep()
    expect((await story.events('resume_answered')).map(({ payload }) => payload)).toMatchObject([
      { pull, result: 'refused', reason: 'permission' },
    ])
  }),
)

test(
  'what CI said of a build while the bot was down is asked for at its start, and not waited for',
  asStory(async (story) => {
    const { clock, repo } = story
    const pull = await story.approved('topic', text)
    await story.until(async () => (await story.events('build_published')).length > 0)
    await story.stopBot()
    await story.until(() => story.ci.runs().every(({ conclusion }) => conclusion !== undefined))
    await story.pass(1)
    const back = clock.now()
    await story.startBot()
    await story.merged(pull)
    expect(clock.now() - back).toBeLessThan(MINUTE)
    expect(repo.pull(pull).merged).toBe(true)
  }),
)
