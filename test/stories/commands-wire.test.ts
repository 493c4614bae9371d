/** Stories of commands that come by other ways than a comment, and of tries: from the webhook to what people see. */
import { expect, test } from 'vitest'
import type { CiRun } from '../../src/twin/ci/run.ts'
import { asStory, type Story } from '../support/story.ts'

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
  }),
)
