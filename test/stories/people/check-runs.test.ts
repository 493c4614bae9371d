/** Stories of check runs that are written for several heads at one moment: in one request, and each by itself where that fails. */
import { expect, test } from 'vitest'
import type { Faults } from '../../../src/twin/faults.ts'
import { asStory, type Story } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

const TOGETHER = 'graphql:UpdateCheckRuns'
const ALONE = /^PATCH .*\/check-runs\//
const options = { ...BUILDS_ONLY, config: `${BUILDS_ONLY.config}ci: { slots: 1 }\nbatch: { wait: 1m }\n` }

/** Three that are queued and told so, and wait for their batch. */
async function queued(story: Story): Promise<number[]> {
  const numbers: number[] = []
  for (const at of [1, 2, 3]) numbers.push(await story.approved(`topic-${at}`, { [`src/${at}.ts`]: 'text\n' }))
  await story.until(() => numbers.every((number) => story.title(number).startsWith('Queued')))
  return numbers
}

const ours = ({ repo }: Story, number: number) =>
  repo.checkRuns(repo.pull(number).head.sha).filter(({ name }) => name === 'mainkeeper')

/** What is written from now on, each document by what it is and each other write by its head. */
function listen({ twin }: Story): { readonly together: () => number; readonly alone: () => number } {
  let [together, alone] = [0, 0]
  twin.faults.on('done', TOGETHER, () => void (together += 1))
  twin.faults.on('done', ALONE, () => void (alone += 1))
  return { together: () => together, alone: () => alone }
}

test(
  'the heads of a batch are told together that it is tested, and that it landed',
  asStory(options, async (story) => {
    const numbers = await queued(story)
    const { together, alone } = listen(story)
    await story.until(() => numbers.every((number) => story.title(number).startsWith('Testing with ')))
    expect([together(), alone()]).toEqual([1, 0])
    await story.until(() => numbers.every((number) => story.title(number).startsWith('Landed as ')))
    expect([together(), alone()]).toEqual([2, 0])
    for (const number of numbers) expect(ours(story, number)).toHaveLength(1)
  }),
)

test.each([
  ['was done', (faults: Faults) => faults.failAfter(502)],
  ['was not done', (faults: Faults) => faults.failBefore(502)],
])('a document that got no answer and %s is told again to each head by itself', (_, fail) =>
  asStory(options, async (story) => {
    const numbers = await queued(story)
    const { together, alone } = listen(story)
    story.twin.faults.next({ operation: TOGETHER }, fail(story.twin.faults))
    await story.until(async () => (await story.events('effect_failed')).length === 3)
    expect(alone()).toBe(0)
    await story.until(() => alone() === 3)
    expect(numbers.map((number) => story.title(number))).toEqual(numbers.map(() => expect.stringMatching(/^Testing/)))
    await story.until(() => numbers.every((number) => story.title(number).startsWith('Landed as ')))
    expect(alone()).toBe(3)
    expect(together()).toBeGreaterThan(0)
    for (const number of numbers) expect(ours(story, number)).toHaveLength(1)
  })(undefined),
)

test(
  'what one of a document is refused is no failure of the others, and what is gone there is looked for by itself',
  asStory(options, async (story) => {
    const numbers = await queued(story)
    const { alone } = listen(story)
    const at = (alias: string, type: string) => ({ type, path: [alias], message: 'Could not be done' })
    const errors = [at('run0', 'NOT_FOUND'), at('run1', 'FORBIDDEN')]
    const data = { run0: null, run1: null, run2: { clientMutationId: null } }
    story.twin.faults.next({ operation: TOGETHER }, story.twin.faults.failBefore(200, { data, errors }))
    await story.until(async () => (await story.events('effect_failed')).length > 0)
    const [gone = 0, refused = 0] = numbers
    expect((await story.events('effect_failed')).map(({ payload }) => payload)).toMatchObject([
      { effect: 'show-check-run', subject: String(refused), failure: 'forbidden' },
    ])
    expect(alone()).toBe(1)
    expect(story.title(gone)).toMatch(/^Testing with /)
    await story.until(() => story.title(refused).startsWith('Testing with '))
    expect(alone()).toBe(2)
  }),
)
