/** Stories of a bot that is stopped and of a GitHub that fails: the end is the same, and nothing is done twice. */
import { expect, test } from 'vitest'
import type { When } from '../../../src/twin/faults.ts'
import { testDatabases } from '../../support/database/database.ts'
import { asStory } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }

/** When the bot is told to stop, on the way of each of three pull requests: by a call of GitHub that it makes. */
const MOMENTS: readonly (readonly [When, RegExp][])[] = [
  [
    ['before', /^POST .*\/merges$/],
    ['before', /AdvanceTarget/],
  ],
  [
    ['answered', /^POST .*\/git\/refs$/],
    ['answered', /AdvanceTarget/],
  ],
  [['answered', /check-runs/]],
]

test.each(testDatabases())(
  'C112 a bot that is stopped in the middle goes on where it was when it is started again (%s)',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo, twin, ci } = story
    const numbers: number[] = []
    for (const [index, moments] of MOMENTS.entries()) {
      const number = await story.approved(`topic-${index}`, { [`src/${index}.ts`]: 'text\n' })
      numbers.push(number)
      for (const [when, operation] of moments) {
        let stopped: Promise<void> | undefined
        const unsee = twin.faults.on(when, operation, () => void (stopped ??= story.stopBot()))
        await story.until(() => stopped !== undefined)
        unsee()
        await stopped
        await story.pass(0.5)
        await story.startBot()
      }
      await story.merged(number, 15)
    }
    await story.until(() => numbers.every((number) => story.title(number).startsWith('Landed as ')))
    expect(await story.landed()).toEqual(numbers.map((number) => repo.pull(number).head.sha))
    expect(Object.keys(await repo.refs('refs/heads/mainkeeper/'))).toEqual([])
    for (const number of numbers)
      expect(repo.checkRuns(repo.pull(number).head.sha).filter(({ name }) => name === 'mainkeeper')).toHaveLength(1)
    expect(ci.runs().filter(({ ref }) => ref.includes('mainkeeper/queue')).length).toBeLessThanOrEqual(
      numbers.length + 1,
    )
  }),
)

test(
  'a bot that is stopped while a pull request is blocked opens one issue and one comment',
  asStory({ ...BUILDS_ONLY, files: { 'src/a.ts': '0\n' } }, async (story) => {
    const { repo, twin } = story
    const first = await story.approved('first', { 'src/a.ts': '1\n' })
    await story.pass(0.1)
    const second = await story.approved('second', { 'src/a.ts': '2\n' })
    let stopped: Promise<void> | undefined
    const operations = [/^POST .*\/issues$/, /^POST .*\/comments$/]
    for (const operation of operations) {
      const unsee = twin.faults.on('done', operation, () => {
        unsee()
        stopped = story.stopBot()
      })
    }
    for (const _ of operations) {
      await story.until(() => stopped !== undefined)
      await stopped
      stopped = undefined
      await story.startBot()
    }
    await story.until(() => story.sticky(second)?.body.includes('What to do is in #') === true)
    await story.sweep()
    expect(repo.pull(first).merged).toBe(true)
    expect(repo.issues()).toHaveLength(1)
    expect(repo.comments(second)).toHaveLength(1)
  }),
)

test(
  'C57 when all is done no lease is held, and nothing is asked of GitHub until the next sweep',
  asStory(BUILDS_ONLY, async (story) => {
    const { twin, store } = story
    const number = await story.approved('topic', text)
    await story.merged(number)
    await story.sweep()
    await story.pass(1)
    twin.meter.reset()
    await story.pass(3)
    expect(twin.meter.snapshot().total).toBe(0)
    expect(await store.leases.claimNext('nobody')).toEqual({ result: 'idle', next: story.clock.nextDue() })
  }),
)

test(
  'C62 errors of GitHub while a build is made pause the lane, blame nobody, and it goes on',
  asStory(BUILDS_ONLY, async (story) => {
    const { twin } = story
    twin.faults.next({ operation: /^POST .*\/merges$/, times: 2 }, twin.faults.failBefore(500))
    twin.faults.next({ operation: /^POST .*\/git\/refs$/, nth: 2, times: 2 }, twin.faults.failAfter(502))
    const number = await story.approved('topic', text)
    await story.merged(number)
    expect((await story.events('effect_failed')).length).toBeGreaterThanOrEqual(3)
    expect(await story.events('integration_blocked')).toEqual([])
  }),
)

test(
  'C114 a secondary limit in the middle of a build is waited for',
  asStory(BUILDS_ONLY, async (story) => {
    const { twin, clock } = story
    twin.faults.next({ operation: /^POST .*\/merges$/ }, twin.faults.limit('secondary', 300))
    const number = await story.approved('topic', text)
    await story.until(async () => (await story.events('effect_failed')).length > 0)
    const limited = clock.now()
    await story.merged(number)
    expect(clock.now() - limited).toBeGreaterThan(300_000)
    expect((await story.events('effect_failed'))[0]?.payload.failure).toBe('limited')
  }),
)

test(
  'an advance whose answer is lost after main moved is settled by what stands on main',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo, twin } = story
    twin.faults.next({ operation: /AdvanceTarget/ }, twin.faults.failAfter(502))
    const number = await story.approved('topic', text)
    await story.merged(number)
    await story.until(() => story.title(number).startsWith('Landed as '))
    expect(await story.landed()).toEqual([repo.pull(number).head.sha])
    expect(await story.events('integration_completed')).toHaveLength(1)
  }),
)

const onPostgres = testDatabases().filter((kind) => kind === 'postgres')

test.each(onPostgres)(
  'a database that drops every connection in mid-turn loses nothing: the work goes on when it is back (%s)',
  asStory({}, async (story) => {
    const { repo, twin, store } = story
    let dropped: Promise<unknown> | undefined
    const drop = () =>
      store.database.query((db) =>
        db.execute(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        ),
      )
    const unsee = twin.faults.on('done', /^POST .*\/merges$/, () => void (dropped ??= drop()))
    const number = await story.approved('topic', text)
    await story.until(() => dropped !== undefined)
    unsee()
    await dropped
    await story.merged(number, 15)
    expect(await story.landed()).toEqual([repo.pull(number).head.sha])
  }),
)
