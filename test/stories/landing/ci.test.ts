/** Stories of what CI does and does not say: late, never, in other words, or not asked at all. */
import { beforeEach, expect, test } from 'vitest'
import { testDatabases } from '../../support/database/database.ts'
import { asStory } from '../../support/story/story.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }
const isBuild = (ref: string): boolean => ref.startsWith('refs/heads/mainkeeper/queue/')
const isHead = (ref: string): boolean => ref.startsWith('refs/heads/') && !ref.startsWith('refs/heads/mainkeeper/')

let deaf = true
beforeEach(() => {
  deaf = true
})

test(
  'C72 CI that never starts is given a new commit once, then the lane is held and nobody is blamed',
  asStory({ ci: { on: (ref) => isHead(ref) || (isBuild(ref) && !deaf) } }, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.until(() => story.title(number).startsWith('Held: '), 60)

    expect(story.title(number)).toBe('Held: test did not appear within 10m, twice')
    const published = await story.events('build_published')
    expect(new Set(published.map(({ payload }) => payload.sha)).size).toBe(2)
    expect(new Set(published.map(({ payload }) => payload.tree)).size).toBe(1)
    expect((await story.events('lane_held'))[0]?.payload).toMatchObject({ reason: 'ci_silent', by: 'mainkeeper' })
    expect(await story.events('integration_blocked')).toEqual([])
    deaf = false
    await repo.as('carol').comment(number, '/release')
    await story.testing(number)
  }),
)

test(
  'C67 a build that does not end in time is blocked, and not started again by itself',
  asStory(
    { config: 'mode: live\nci:\n  timeout: 10m\n', ci: { neverStart: (job) => isBuild(job.ref) } },
    async (story) => {
      const number = await story.approved('topic', text)
      // A culprit is built once more, as another commit, before it is blamed.
      await story.until(() => story.title(number).startsWith('Blocked: '), 30)
      expect(story.title(number)).toContain('test did not finish within 10m')
      await story.pass(20)
      const purposes = (await story.events('build_planned')).map(({ payload }) => payload.purpose)
      expect(purposes).toEqual(['land', 'confirm'])
      expect(story.repo.pull(number).merged).toBe(false)
    },
  ),
)

test(
  'C37 a build that the runner cancels is built again as a new commit, and nobody is blamed',
  asStory({ ci: { cancel: (job) => isBuild(job.ref) && deaf } }, async (story) => {
    const number = await story.approved('topic', text)
    await story.until(() => story.ci.runs().some(({ ref, conclusion }) => isBuild(ref) && conclusion === 'cancelled'))
    deaf = false
    await story.merged(number)
    const [first, second] = await story.events('build_published')
    expect(first?.payload.sha).not.toBe(second?.payload.sha)
    expect(await story.events('integration_blocked')).toEqual([])
  }),
)

test(
  'builds that are cancelled again and again hold the lane',
  asStory({ ci: { cancel: (job) => isBuild(job.ref) } }, async (story) => {
    const number = await story.approved('topic', text)
    await story.until(() => story.title(number) === 'Held: test was cancelled 3 times in a row', 60)
    expect(await story.events('build_planned')).toHaveLength(3)
  }),
)

test.each(testDatabases())(
  'C43 a commit status answers for a required context as well as a check run (%s)',
  asStory({ ci: { as: 'status' } }, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.merged(number)
    const main = (await repo.ref('refs/heads/main')) ?? ''
    expect(repo.statuses(main).at(-1)).toMatchObject({ context: 'test', state: 'success' })
  }),
)

test(
  'C35 a required status that fails on the build is named',
  asStory(
    {
      ci: { as: 'status', run: async (_, job) => ({ conclusion: isBuild(job.ref) ? 'failure' : 'success', log: '' }) },
    },
    async (story) => {
      const number = await story.approved('topic', text)
      await story.until(() => story.title(number).startsWith('Blocked: test failed'))
      expect(story.repo.pull(number).merged).toBe(false)
    },
  ),
)

test(
  'C36 a check that is not required may fail',
  asStory(
    {
      ci: {
        checks: ['test', 'lint'],
        run: async (_, job) => ({ conclusion: job.check === 'lint' ? 'failure' : 'success', log: '' }),
      },
    },
    async (story) => {
      const number = await story.approved('topic', text)
      await story.until(() => story.repo.pull(number).merged)
    },
  ),
)

test(
  'C33 a head whose own checks fail waits, and lands once they pass on a re-run',
  asStory({ ci: { flaky: (job) => isHead(job.ref) && job.attempt === 1 } }, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.until(() => story.title(number).includes('test failed'))
    await story.pass(5)
    expect(await story.events('candidate_queued')).toEqual([])
    story.ci.rerun(repo.pull(number).head.sha)
    await story.merged(number)
  }),
)

test(
  'C43 where nothing is required nothing lands, until something is: then the lane goes on by itself',
  asStory({ required: [] }, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.until(() => story.title(number).startsWith('Held: No check is required of main'))
    await story.sweep()
    expect(repo.pull(number).merged).toBe(false)
    expect((await story.events('lane_held'))[0]?.payload.reason).toBe('no_required_checks')
    repo.protect('main', { requiredChecks: [{ context: 'test' }] })
    await story.merged(number)
    expect((await story.events('integration_completed'))[0]?.payload.checks).toMatchObject([
      { context: 'test', state: 'passed' },
    ])
  }),
)

test(
  'C43 a configuration that says that nothing is required lands without a check',
  asStory({ required: [], config: 'mode: live\nchecks:\n  required: []\n' }, async (story) => {
    const number = await story.approved('topic', text)
    await story.until(() => story.repo.pull(number).merged)
  }),
)

test(
  'C43 what a ruleset alone requires has to pass',
  asStory({ required: [] }, async (story) => {
    const { repo } = story
    repo.ruleset({
      name: 'proven',
      include: ['~DEFAULT_BRANCH'],
      rules: [{ type: 'required_status_checks', checks: [{ context: 'test' }] }],
    })
    const number = await story.approved('topic', text)
    await story.merged(number)
    const main = await repo.ref('refs/heads/main')
    expect(story.ci.runs().filter((run) => run.sha === main)).toMatchObject([{ conclusion: 'success' }])
  }),
)
