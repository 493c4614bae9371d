/** Stories of builds with several members: what lands together, who is found to break it, and what becomes of the others. */
import { expect, test } from 'vitest'
import { rule } from '../../../src/twin/ci/run.ts'
import { asStory, type Story } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

const { ci } = BUILDS_ONLY
const SERIAL = `${BUILDS_ONLY.config}ci: { slots: 1 }\n`
const PATIENT = `${SERIAL}batch: { wait: 1m }\n`

/** Approves in order, all within the time for which the first waits for others. */
async function together(story: Story, files: readonly Record<string, string>[]): Promise<number[]> {
  const { repo } = story
  const numbers: number[] = []
  for (const [at, change] of files.entries()) numbers.push(await story.propose(`topic-${at + 1}`, change))
  for (const number of numbers) {
    await repo.as('bob').review(number, 'approve')
    await story.until(() => /^(Queued|Testing)/.test(story.title(number)))
  }
  return numbers
}

const heads = ({ repo }: Story, numbers: readonly number[]) => numbers.map((number) => repo.pull(number).head.sha)
const plans = async (story: Story) =>
  (await story.events('build_planned')).map(({ payload }) => payload.members.map(({ pull }) => pull))

test(
  'C89 C97 a batch that fails is split: the good land in order, the culprit is named by a build of its own, nobody else is blamed',
  asStory({ config: PATIENT, ci }, async (story) => {
    const { repo } = story
    const files = ['one', 'two', 'fail', 'four', 'five'].map((text, at) => ({ [`src/${at}.ts`]: text }))
    const numbers = await together(story, files)
    const [, , culprit = 0] = numbers
    const good = numbers.filter((number) => number !== culprit)
    await story.until(() => story.title(numbers[0] ?? 0).startsWith('Testing with '))
    await story.until(() => good.every((number) => repo.pull(number).merged) && story.followUp(culprit) !== undefined)

    expect(await story.landed()).toEqual(heads(story, good))
    const blocks = await story.events('integration_blocked')
    expect(blocks.map(({ payload }) => [payload.pull, payload.reason])).toEqual([[culprit, 'checks_failed']])
    const shown = (await story.events('build_planned')).find(
      ({ payload }) => payload.build === blocks[0]?.payload.build,
    )
    expect(shown?.payload.members.map(({ pull }) => pull)).toEqual([culprit])
    // Every landing moved the target by what had passed as that very commit, several at a time.
    const moves = await story.events('landing_planned')
    expect(moves.length).toBeLessThan(good.length)
  }),
)

test(
  'C90 C99 whoever conflicts with a member ahead of it waits for that one; the rest lands in one build',
  asStory({ config: PATIENT, ci, files: { 'src/a.ts': 'zero\n' } }, async (story) => {
    const { repo } = story
    const numbers = await together(story, [{ 'src/a.ts': 'one\n' }, { 'src/a.ts': 'two\n' }, { 'src/c.ts': 'three' }])
    const [first = 0, second = 0, third = 0] = numbers
    await story.until(() => story.title(second) === `Queued: waits for #${first}, both change the same lines`)
    await story.merged(third)
    expect(await story.landed()).toEqual(heads(story, [first, third]))
    await story.until(() => story.followUp(second) !== undefined)
    expect(story.title(second)).toContain('Blocked: merge conflict in src/a.ts')
    expect(repo.issues()).toHaveLength(1)
  }),
)

test(
  'C92 C93 a member that is pushed to while its batch is tested drops out, and the others land without it',
  asStory({ config: PATIENT, ci }, async (story) => {
    const { repo } = story
    const numbers = await together(story, [{ 'src/a.ts': 'one' }, { 'src/b.ts': 'two' }, { 'src/c.ts': 'three' }])
    const [first = 0, second = 0, third = 0] = numbers
    await story.testing(second)
    await repo.as('alice').commit('topic-2', { 'src/b.ts': 'two again' }, { message: 'Change it' })
    await story.merged(third)
    expect(await story.landed()).toEqual(heads(story, [first, third]))
    expect(story.title(second)).toContain('Waiting for 1 approval')
    await repo.as('bob').review(second, 'approve')
    await story.testing(second)
  }),
)

test(
  'two that pass alone and break together are told apart: the earlier lands, the later is blamed',
  asStory(
    {
      config: PATIENT,
      ci: {
        ...ci,
        run: rule((files) => ('src/a.ts' in files && 'src/b.ts' in files ? 'failure' : 'success')),
      },
    },
    async (story) => {
      const numbers = await together(story, [{ 'src/a.ts': 'one' }, { 'src/x.ts': 'x' }, { 'src/b.ts': 'two' }])
      const [first = 0, other = 0, later = 0] = numbers
      await story.until(() => story.followUp(later) !== undefined)
      expect(await story.landed()).toEqual(heads(story, [first, other]))
    },
  ),
)

test(
  'C54 C55 who asked to be alone is built alone, and no batch adds more than `batch.max`',
  asStory({ config: `${SERIAL}batch: { max: 2, wait: 1m }\n`, ci }, async (story) => {
    const { repo } = story
    const texts = ['one', 'two', 'three', 'four', 'five']
    const numbers = await together(
      story,
      texts.map((text) => ({ [`src/${text}.ts`]: text })),
    )
    const [one, two, three = 0, four, five = 0] = numbers
    await repo.as('bob').comment(three, '/merge alone')
    await story.testing(five)
    expect(await plans(story)).toEqual([[one, two], [three], [four, five]])
  }),
)
