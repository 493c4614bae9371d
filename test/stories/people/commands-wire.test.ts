/** Stories of commands that come by other ways than a comment, and of tries: from the webhook to what people see. */
import { expect, test } from 'vitest'
import type { CiRun } from '../../../src/twin/ci/run.ts'
import { asStory, type Story } from '../../support/story/story.ts'

/** CI that passes every head and fails every build. */
const buildsFail: CiRun = async (_, job) => ({
  conclusion: job.ref.startsWith('refs/heads/mainkeeper/') ? 'failure' : 'success',
  log: '',
})

/** What the bot said on a pull request in answer to somebody, without its marker. */
const said = ({ repo, twin }: Story, number: number): string[] =>
  repo
    .comments(number)
    .filter(({ author, body }) => author === twin.app.botLogin && body.startsWith('<!-- mainkeeper:reply'))
    .map(({ body }) => body.split('\n').slice(1).join('\n'))

test(
  'C10 a command in a description, in a review and behind the button Why is carried out with the rights of who gave it',
  asStory({ config: 'mode: live\nready:\n  when: command\n', ci: { run: buildsFail } }, async (story) => {
    const { repo } = story
    const alice = repo.as('alice')
    await alice.commit('topic', { 'src/a.ts': 'a\n' }, { message: 'Change topic' })
    const number = await alice.openPull({ head: 'topic', title: 'Change topic', body: 'Soon.\n\n/merge\n/hold now' })
    // By its author: `/merge` is taken, `/hold` needs more.
    await story.until(() => said(story, number).length > 0, 5)
    expect(said(story, number)[0]).toContain('is declared finished')
    expect(said(story, number)[0]).toContain('`/hold` needs maintain permission')
    expect((await story.events('command_answered')).map(({ payload }) => payload.on)).toEqual([
      'description',
      'description',
    ])
    await repo.as('carol').review(number, 'approve', { body: 'Fine.\n\n/merge priority=high' })
    await story.until(() => said(story, number).length > 1, 5)
    expect(said(story, number)[1]).toContain('is declared finished')
    await story.until(() => story.checkRun(number)?.conclusion === 'action_required')
    await repo.as('mallory').pressButton(story.checkRun(number)?.id ?? 0, 'why')
    await story.until(() => said(story, number).length > 2, 5)
    expect(said(story, number)[2]).toContain('**Blocked: test failed')
    // A review takes no reaction, so what is taken is said.
    await repo.as('carol').review(number, 'comment', { body: '/hold for today' })
    await story.until(() => said(story, number).length > 3, 5)
    expect(said(story, number)[3]).toBe('Done.')
  }),
)

test(
  'C100 C103 C104 a try is built beside what lands, is told, and leaves the target and no ref behind',
  asStory({ config: 'mode: live\nci: { slots: 3 }\n' }, async (story) => {
    const { repo } = story
    const lands = await story.approved('lands', { 'src/lands.ts': 'lands\n' })
    const tried = await story.propose('tried', { 'src/tried.ts': 'tried\n' })
    await story.testing(lands)
    const head = repo.pull(tried).head.sha
    await repo.as('bob').comment(tried, `/try ${head.slice(0, 8)}`)
    await repo.as('bob').comment(lands, '/try')
    const built = async () => Object.values(await repo.refs('refs/heads/mainkeeper/queue/'))
    await story.until(async () => (await built()).length === 3, 5)
    // What is tried of #1 is another commit than what is to land of it, so that no check of one speaks for the other.
    expect(new Set(await built()).size).toBe(3)
    await story.merged(lands)
    const ends = () => repo.comments(tried).filter(({ body }) => body.startsWith('<!-- mainkeeper:try'))
    await story.until(() => ends().length > 0)
    expect(ends()[0]?.body).toContain(`**The try of ${head.slice(0, 7)} passed**`)
    // A commit that the target does not hold is nothing to try on.
    await repo.as('bob').comment(tried, `/try parent=${head}`)
    await story.until(() => ends().length > 1)
    expect(ends()[1]?.body).toContain(`${head} is no commit of main`)
    await story.pass(10)
    expect(await story.landed()).toEqual([repo.pull(lands).head.sha])
    expect(repo.pull(tried).merged).toBe(false)
    expect(await repo.refs('refs/heads/mainkeeper/')).toEqual({})
  }),
)
