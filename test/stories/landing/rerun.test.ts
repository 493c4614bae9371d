/** Stories of a build whose failed jobs GitHub runs again, on the very commit: a flake, a culprit, and where it can not be. */
import { describe, expect, test } from 'vitest'
import type { CiOptions } from '../../../src/twin/ci/ci.ts'
import { type CiJob, rule } from '../../../src/twin/ci/run.ts'
import type { Faults, When } from '../../../src/twin/faults.ts'
import type { Rights } from '../../../src/twin/state.ts'
import { testDatabases } from '../../support/database/database.ts'
import { asStory, type Story } from '../../support/story/story.ts'
import { BUILDS_ONLY, isBuild, type StoryOptions } from '../../support/story/story-scene.ts'

const RERUN = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs'
const text = { 'src/a.ts': 'export const a = 1\n' }
const isFlaky = (job: CiJob): boolean => job.check === 'test' && job.attempt === 1

/** Both checks are required; `test` fails by chance on the first commit that is built, and only once. */
function oneFlake(ci: Partial<CiOptions> = {}): StoryOptions {
  let first: string | undefined
  const flaky = (job: CiJob): boolean => {
    if (!isFlaky(job)) return false
    first ??= job.sha
    return job.sha === first
  }
  const { config } = BUILDS_ONLY
  return { config, required: ['lint', 'test'], ci: { on: isBuild, checks: ['lint', 'test'], flaky, ...ci } }
}

/** What CI did for builds, each commit by a number. */
function jobs({ ci }: Story): string[] {
  const runs = ci.runs()
  const commits = [...new Set(runs.map(({ sha }) => sha))]
  return runs.map(({ sha, check, attempt, conclusion }) =>
    [commits.indexOf(sha) + 1, check, attempt, conclusion].join(' '),
  )
}

const hasEnded = ({ ci }: Story): boolean => ci.runs().every(({ conclusion }) => conclusion !== undefined)

const plans = async (story: Story) =>
  (await story.events('build_planned')).map(({ payload: { purpose, rerun } }) => [purpose, rerun?.jobs.length ?? 0])
const refusals = async (story: Story) => (await story.events('rerun_refused')).map(({ payload }) => payload.reason)
const leavesNothing = ({ repo, until }: Story) =>
  until(async () => Object.keys(await repo.refs('refs/heads/mainkeeper/')).length === 0)

const SAME_COMMIT = ['1 lint 1 success', '1 test 1 failure', '1 test 2 success']
const OTHER_COMMIT = ['1 lint 1 success', '1 test 1 failure', '2 lint 1 success', '2 test 1 success']

test.each(testDatabases())(
  'a job that failed by chance runs again on the very commit, which lands, and the flake is counted (%s)',
  async (database) =>
    asStory(oneFlake(), async (story) => {
      const { repo } = story
      const number = await story.approved('topic', text)
      await story.until(() => story.title(number).startsWith('Confirming'))
      expect(story.title(number)).toMatch(/^Confirming: test failed, re-running 1 failed job of b\d+$/)
      await story.until(() => /re-running 1 failed job of b\d+, `test`, on \w{40}\./.test(summary(story, number)))
      await story.merged(number)

      const [published] = await story.events('build_published')
      expect(await repo.ref('refs/heads/main')).toBe(published?.payload.sha)
      expect(jobs(story)).toEqual(SAME_COMMIT)
      expect(await plans(story)).toEqual([
        ['land', 0],
        ['confirm', 1],
      ])
      expect((await story.events('integration_completed'))[0]?.payload.checks).toMatchObject([
        { context: 'lint', state: 'passed' },
        { context: 'test', state: 'passed' },
      ])
      const { checks } = (await story.store.views.load(repo.fullName, 'main'))?.lane.estimates ?? { checks: {} }
      // What did not run again is not counted again.
      expect(checks).toMatchObject({ lint: { flakes: { yes: 0, no: 1 } }, test: { flakes: { yes: 1 } } })
      await leavesNothing(story)
    })(database),
)

const summary = (story: Story, pull: number): string => story.checkRun(pull)?.summary ?? ''

test(
  'a flake in a batch: the jobs of the failed build run again when it is down to one member, and everybody lands',
  asStory(
    {
      config: `${BUILDS_ONLY.config}ci: { slots: 1 }\nbatch: { wait: 1m }\n`,
      ci: { on: isBuild, run: rule((files, job) => ('src/c.ts' in files && isFlaky(job) ? 'failure' : 'success')) },
    },
    async (story) => {
      const { repo } = story
      const numbers: number[] = []
      for (const name of ['a', 'c']) numbers.push(await story.propose(name, { [`src/${name}.ts`]: name }))
      for (const number of numbers) {
        await repo.as('bob').review(number, 'approve')
        await story.until(() => story.title(number).startsWith('Queued'))
      }
      await story.until(() => numbers.every((number) => repo.pull(number).merged))
      expect((await plans(story)).at(-1)).toEqual(['confirm', 1])
      // The commit that failed with both is the one that landed, under the name that it failed by.
      const again = (await story.events('build_published')).slice(-1)[0]?.payload
      const failed = (await story.events('build_published')).find(({ payload }) => payload.sha === again?.sha)?.payload
      expect(failed?.prefixes).toHaveLength(2)
      expect(again).toMatchObject({ ref: failed?.ref, sha: await repo.ref('refs/heads/main') })
      expect(await story.events('integration_blocked')).toEqual([])
      await leavesNothing(story)
    },
  ),
)

test(
  'who breaks the target fails again on the very commit, and is blamed',
  asStory(
    { ...BUILDS_ONLY, ci: { on: isBuild, run: async () => ({ conclusion: 'failure', log: '' }) } },
    async (story) => {
      const number = await story.approved('topic', text)
      await story.until(() => story.title(number).startsWith('Blocked: test failed'))
      expect(jobs(story)).toEqual(['1 test 1 failure', '1 test 2 failure'])
      expect(story.repo.pull(number).merged).toBe(false)
      await leavesNothing(story)
    },
  ),
)

describe.each(['check_run', 'status'] as const)(
  'a build that is the head itself, whose own checks are waited for (%s)',
  (as) => {
    /** CI passes every head, and fails what is built so many times. */
    function failing(times: number): StoryOptions {
      let left = times
      const run = rule((_, { ref }) => (isBuild(ref) && left-- > 0 ? 'failure' : 'success'))
      return { config: 'mode: live\nland: { method: fast-forward }\n', ci: { as, run } }
    }

    test(
      'fails by chance, keeps its place, is confirmed and lands',
      asStory(failing(1), async (story) => {
        await story.merged(await story.approved('topic', text))
        expect((await plans(story)).map(([purpose]) => purpose)).toEqual(['land', 'confirm'])
        expect(await story.events('candidate_dequeued')).toEqual([])
      }),
    )

    test(
      'fails again, and is blocked with an issue that says so',
      asStory(failing(2), async (story) => {
        const number = await story.approved('topic', text)
        await story.until(() => story.title(number).startsWith('Blocked: test failed'))
        await story.until(() => story.followUp(number)?.state === 'open')
        expect(await story.events('candidate_dequeued')).toEqual([])
        await leavesNothing(story)
      }),
    )
  },
)

describe('another commit is built', () => {
  const RIGHTS: Rights = { metadata: 'read', contents: 'write', pull_requests: 'write', issues: 'write' }
  const permissions: Rights = { ...RIGHTS, checks: 'write', statuses: 'read', administration: 'read', members: 'read' }
  const saying = (message: string) => (faults: Faults) => {
    faults.next({ operation: RERUN, times: 9 }, faults.failBefore(403, { message }))
  }

  /** With how often GitHub is asked. */
  const CASES: readonly [string, StoryOptions, string, number, ((faults: Faults) => void)?][] = [
    ['without the permission', { ...oneFlake(), twin: { permissions } }, 'permission', 0],
    ['where another CI reports', oneFlake({ app: { id: 99, slug: 'other-ci' } }), 'not_actions', 0],
    ['where the run is too old', oneFlake(), 'refused', 1, saying('Unable to retry this workflow run')],
    ['where the run does not end', oneFlake(), 'unfinished', 5, saying('This workflow is already running')],
  ]
  test.each(CASES)('%s, and the log says why', (_, options, reason, times, fault) =>
    asStory(options, async (story) => {
      fault?.(story.twin.faults)
      const asked: string[] = []
      story.twin.faults.on('before', RERUN, (operation) => void asked.push(operation))
      await story.approved('topic', text)
      await story.until(() => jobs(story).length >= OTHER_COMMIT.length && hasEnded(story))
      expect(jobs(story)).toEqual(OTHER_COMMIT)
      expect(await refusals(story)).toEqual([reason])
      expect(asked).toHaveLength(times)
    })(undefined),
  )

  test(
    'while another required job still goes on, for GitHub runs none again before all have ended',
    asStory(
      oneFlake({ neverStart: (job) => isFlaky({ ...job, check: 'test' }) && job.check === 'lint' }),
      async (story) => {
        await story.approved('topic', text)
        await story.until(() => new Set(story.ci.runs().map(({ sha }) => sha)).size === 2)
        expect(await refusals(story)).toEqual(['unfinished'])
        await story.pass(0.1)
        const [first, second] = await story.events('build_published')
        expect(second?.payload).toMatchObject({ tree: first?.payload.tree })
        expect(second?.payload.sha).not.toBe(first?.payload.sha)
      },
    ),
  )
})

test(
  'a run that ends some seconds after its last job is asked for again',
  asStory(oneFlake(), async (story) => {
    const { faults } = story.twin
    const goesOn = faults.failBefore(403, { message: 'This workflow is already running' })
    faults.next({ operation: RERUN, times: 2 }, goesOn)
    await story.approved('topic', text)
    await story.until(() => jobs(story).length >= SAME_COMMIT.length && hasEnded(story))
    expect(jobs(story)).toEqual(SAME_COMMIT)
  }),
)

describe('a bot that dies over it', () => {
  const DEATHS: readonly [When, number][] = [
    ['before', 0],
    ['done', 0],
    // By then it has run again and passed.
    ['done', 5],
  ]
  test.each(DEATHS)(
    'at the request, %s, and comes back after %i minutes, has one re-run and lands the commit',
    (when, away) =>
      asStory(oneFlake(), async (story) => {
        const { repo, twin } = story
        const number = await story.approved('topic', text)
        let stopped: Promise<void> | undefined
        const unsee = twin.faults.on(when, RERUN, () => {
          stopped = story.stopBot()
          unsee()
          return 'killed'
        })
        await story.until(() => stopped !== undefined)
        await stopped
        await story.pass(away)
        await story.startBot()
        await story.merged(number)
        expect(jobs(story)).toEqual(SAME_COMMIT)
        expect(await refusals(story)).toEqual([])
        expect(await repo.ref('refs/heads/main')).toBe((await story.events('build_published'))[0]?.payload.sha)
        await leavesNothing(story)
      })(undefined),
  )
})
