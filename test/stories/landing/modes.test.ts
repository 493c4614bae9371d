/** Stories of the modes: a shadow that people merge beside, its cutover, pausing, and the way back. */
import { expect, test } from 'vitest'
import { cutoverVerb } from '../../../src/cli/verbs/cutover.ts'
import type { CutoverAnswer } from '../../../src/cli/words/cutover.ts'
import { rule } from '../../../src/twin/ci/run.ts'
import { asStory, type Story } from '../../support/story/story.ts'
import { REPOSITORY } from '../../support/story/story-scene.ts'

const DAY = 86_400_000

/** CI that passes `one` and `two` alone and fails them together. */
const apart = rule((files) => ('one' in files && 'two' in files ? 'failure' : 'success'))

const setMode = ({ repo }: Story, mode: string) =>
  repo.as('dave').commit('main', { '.github/mainkeeper.yml': `mode: ${mode}\n` }, { message: `Mode ${mode}` })

async function cutover(
  { store, clock }: Story,
  rest: { accept?: string } = {},
): Promise<CutoverAnswer['lanes'][number]> {
  const desk = {
    store,
    now: () => clock.now(),
    signal: new AbortController().signal,
    sleep: async () => {},
    progress: () => {},
    shared: true,
  }
  for await (const { lanes } of cutoverVerb.query(desk, { repository: REPOSITORY, ...rest })) {
    const [lane] = lanes
    if (lane) return lane
  }
  throw new Error('there is no lane')
}

/** What the bot wrote, by method and path less its ids; reads and tokens are left out. */
const writes = ({ twin }: Story): string[] =>
  Object.keys(twin.meter.snapshot().requests).filter(
    (request) => /^(POST|PATCH|PUT|DELETE)/.test(request) && !/graphql|access_tokens/.test(request),
  )

const placesOf = async (story: Story): Promise<number[]> =>
  (await story.store.models.queue(REPOSITORY, 'main')).flatMap(({ status, place }) =>
    status === 'queued' && place !== null ? [place] : [],
  )

test(
  'a shadow writes neutral check runs alone, is compared with what people merged, and lands once somebody accepted it',
  asStory({ config: 'mode: shadow\n', ci: { run: apart, on: (ref) => !ref.includes('scratch') } }, async (story) => {
    const { repo, clock } = story
    const one = await story.approved('first', { one: '1\n' })
    await story.until(() => story.title(one) === 'Shadow: would land, 1st')
    const two = await story.approved('second', { two: '2\n' })
    const other = await story.propose('third', { 'src/c.ts': 'c\n' })
    await repo.as('alice').comment(other, '/why')
    await story.until(() => story.title(two) === 'Shadow: would land, 2nd')
    await story.until(() => story.title(other) === 'Shadow: waiting for 1 approval')
    expect(story.checkRun(one)).toMatchObject({ status: 'completed', conclusion: 'neutral', actions: [] })
    await repo.as('bob').merge(one)
    await repo.as('bob').merge(two)
    await story.pass(3)
    expect(writes(story).every((request) => request.includes('check-runs'))).toBe(true)
    expect(repo.comments(other)).toHaveLength(1)
    expect(Object.keys(await repo.refs('refs/heads/mainkeeper/'))).toEqual([])

    expect((await cutover(story)).comparison).toMatchObject({
      merged: [
        { pull: one, as: 'agreed' },
        { pull: two, as: 'caught', merged_as: repo.pull(two).mergeCommit, checks: ['test'] },
      ],
      agreement: 100,
      against: ['too_little_seen'],
    })
    await setMode(story, 'live')
    await repo.as('dave').commit('main', { two: null })
    await repo.as('bob').review(other, 'approve')
    await story.until(() => story.title(other) === 'Shadow: would land, 1st')
    await story.stopBot()
    clock.moveTo(clock.now() + 14 * DAY)
    await story.startBot()
    await story.pass(3)
    expect(repo.pull(other).merged).toBe(false)

    await cutover(story, { accept: 'carol' })
    await story.merged(other, 90)
    expect(await story.events('cutover_accepted')).toMatchObject([{ payload: { by: 'carol', merged: 2, agreed: 1 } }])
  }),
)

test(
  'pausing keeps the queue, going back to shadow takes a build back and keeps every place',
  asStory(async (story) => {
    const { repo } = story
    await setMode(story, 'paused')
    const first = await story.approved('first', { 'src/a.ts': 'a\n' })
    await story.until(() => story.title(first).startsWith('Queued, while Mainkeeper is paused'))
    const second = await story.approved('second', { 'src/b.ts': 'b\n' })
    await story.until(() => story.title(second) === 'Queued, while Mainkeeper is paused, 2nd')
    const places = await placesOf(story)
    await setMode(story, 'live')
    await story.testing(first)
    const main = await setMode(story, 'shadow')
    await story.until(() => story.title(second) === 'Shadow: would land, 2nd')
    await story.pass(3)
    expect(await repo.ref('refs/heads/main')).toBe(main)
    expect(Object.keys(await repo.refs('refs/heads/mainkeeper/'))).toEqual([])
    expect(story.title(first)).toBe('Shadow: would land, 1st')
    expect(await placesOf(story)).toEqual(places)
    await setMode(story, 'off')
    await story.pass(1)
    await setMode(story, 'live')
    await story.merged(second, 60)
    expect(await story.landed()).toEqual([first, second].map((number) => repo.pull(number).head.sha))
  }),
)
