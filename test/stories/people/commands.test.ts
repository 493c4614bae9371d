/** Stories of people who ask for something in a comment: what is done, who may, and what is answered. */
import { expect, test } from 'vitest'
import { testDatabases } from '../../support/database/database.ts'
import { asStory, type Story } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }

/** Comments, waits until it was answered by a reaction, and gives the reaction and the words that were said. */
async function ask(story: Story, login: string, pull: number, words: string) {
  const { repo } = story
  const asked = await repo.as(login).comment(pull, words)
  const comment = () => repo.comments(pull).find(({ id }) => id === asked)
  await story.until(() => (comment()?.reactions.length ?? 0) > 0, 5)
  const reply = () =>
    repo.comments(pull).find(({ body }) => body.startsWith(`<!-- mainkeeper:reply comment=${asked} -->`))
  return { reactions: comment()?.reactions, reply: reply()?.body.split('\n').slice(1).join('\n') ?? null }
}

test.each(testDatabases())(
  'C50 a held branch lands nothing, says so, and goes on when somebody who may releases it (%s)',
  asStory(async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    expect(await ask(story, 'carol', number, '/hold release day')).toEqual({ reactions: ['+1'], reply: null })
    await story.pass(5)
    expect(repo.pull(number).merged).toBe(false)
    expect(story.title(number)).toBe('Held: release day')

    const refused = await ask(story, 'bob', number, '/release')
    expect(refused).toEqual({ reactions: ['-1'], reply: '`/release` needs maintain permission on this repository.' })
    await story.pass(5)
    expect(repo.pull(number).merged).toBe(false)
    await repo.as('carol').comment(number, '/release')
    await story.merged(number)
  }),
)

test(
  'C30 `/merge cancel` takes a candidate out while it is tested, and `/merge` brings it back',
  asStory(async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.testing(number)
    expect(await ask(story, 'alice', number, '/merge cancel')).toEqual({ reactions: ['+1'], reply: null })
    await story.pass(5)
    expect(repo.pull(number).merged).toBe(false)
    expect(Object.keys(await repo.refs('refs/heads/mainkeeper/'))).toEqual([])
    expect(story.title(number)).toContain('it was cancelled')
    await repo.as('alice').comment(number, '/merge')
    await story.merged(number)
  }),
)

test(
  'C05 `/why` and `/help` in one comment are answered in one reply',
  asStory(async (story) => {
    const number = await story.propose('topic', text)
    const { reactions, reply } = await ask(story, 'mallory', number, '/why\n/help')
    expect(reactions).toEqual(['+1'])
    expect(reply).toContain('`review_approved` unmet: 1 approval of ')
    expect(reply).toContain('`/resume [force]` takes blocked work up again')
  }),
)

test(
  'C06 a command with a slip gets one reply that says what was meant, and nothing is done',
  asStory(async (story) => {
    const number = await story.propose('topic', text)
    const { reactions, reply } = await ask(story, 'carol', number, '/merg')
    expect(reactions).toEqual(['-1'])
    expect(reply).toContain('did you mean /merge?')
    expect(await story.events('lane_held')).toEqual([])
  }),
)

test(
  'C15 in command mode nothing is queued until somebody who may says `/merge`',
  asStory({ config: 'mode: live\nready:\n  when: command\n' }, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.pass(5)
    expect(story.title(number)).toContain('the command /merge does so')
    const refused = await ask(story, 'mallory', number, '/merge')
    expect(refused).toEqual({ reactions: ['-1'], reply: '`/merge` needs write permission on this repository.' })
    await story.pass(5)
    expect(repo.pull(number).merged).toBe(false)
    const head = repo.pull(number).head.sha
    const taken = await ask(story, 'bob', number, `/merge ${head.slice(0, 8)}`)
    expect(taken.reactions).toEqual(['+1'])
    expect(taken.reply).toContain(`${head.slice(0, 7)} is declared finished`)
    await story.merged(number)
  }),
)

test(
  'C31 `/merge` of a commit that is not the head is refused, naming the head',
  asStory({ config: 'mode: live\nready:\n  when: command\n' }, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    const { reactions, reply } = await ask(story, 'bob', number, '/merge 0123456789')
    expect(reactions).toEqual(['-1'])
    expect(reply).toContain(repo.pull(number).head.sha.slice(0, 7))
  }),
)

test(
  'C48 a priority that is given late overtakes what waits, not what is tested',
  asStory({ ...BUILDS_ONLY, config: `${BUILDS_ONLY.config}ci: { slots: 1 }\nbatch: { max: 1 }\n` }, async (story) => {
    const { repo } = story
    const numbers: number[] = []
    for (const name of ['one', 'two', 'three']) numbers.push(await story.propose(name, { [`src/${name}.ts`]: name }))
    const [one = 0, two = 0, three = 0] = numbers
    for (const number of numbers) {
      await repo.as('bob').review(number, 'approve')
      await story.pass(0.1)
    }
    expect(story.title(one)).toBe('Testing')
    expect(story.title(three)).toBe('Queued, 3rd')
    await repo.as('bob').comment(three, '/merge priority=high')
    await story.testing(three)
    expect(await story.landed()).toEqual([repo.pull(one).head.sha])
    expect(story.title(two)).toBe('Queued, 2nd')
    await story.until(() => numbers.every((number) => repo.pull(number).merged))
    expect(await story.landed()).toEqual([one, three, two].map((number) => repo.pull(number).head.sha))
  }),
)

test(
  'C13 a command that an edit adds is not carried out',
  asStory(async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    const comment = await repo.as('carol').comment(number, 'looks fine')
    await repo.as('carol').editComment(comment, '/hold now')
    await story.merged(number)
    expect(await story.events('command_requested')).toEqual([])
  }),
)

test(
  'C110 a command whose webhook is lost is found by the sweep and carried out once',
  asStory(async (story) => {
    const { repo } = story
    const number = await story.propose('topic', text)
    await story.sweep()
    const asked = await repo.as('carol').comment(number, '/why', { silently: true })
    await story.sweep()
    await story.sweep()
    const replies = repo.comments(number).filter(({ body }) => body.includes(`reply comment=${asked}`))
    expect(replies).toHaveLength(1)
    expect(await story.events('command_requested')).toHaveLength(1)
  }),
)

test(
  'a command that arrives before its pull request is known is answered once that is',
  asStory(async (story) => {
    story.twin.faults.delay({ event: 'pull_request' }, 30_000)
    const number = await story.propose('topic', text)
    const { reactions } = await ask(story, 'carol', number, '/why')
    expect(reactions).toEqual(['+1'])
  }),
)
