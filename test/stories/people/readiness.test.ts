/** Stories of what a pull request has to wait for beyond checks and reviews, and of what ends the waiting. */
import { expect, test } from 'vitest'
import { asStory } from '../../support/story/story.ts'

/** All but the right to change workflows. */
const RIGHTS = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'read',
  administration: 'read',
  members: 'read',
} as const

const text = { 'src/a.ts': 'export const a = 1\n' }

test(
  'C40 C41 an owner’s approval through a team, an open conversation, and the right to change workflows, each waited for in words',
  asStory(
    {
      config: 'mode: live\nready:\n  approvals: { code_owners: true }\n  conversations: resolved\n',
      files: { '.github/CODEOWNERS': 'src/ @acme/core\n' },
      twin: { permissions: RIGHTS },
    },
    async (story) => {
      const { repo } = story
      repo.team('core', ['carol'])
      const number = await story.propose('topic', { ...text, '.github/workflows/ci.yml': 'on: push\n' })
      const thread = await repo.as('bob').openThread(number)
      await repo.as('bob').review(number, 'approve')
      await story.until(() => story.title(number) === 'Waiting for 1 conversation to be resolved (+1 more)')
      const asked = story.clock.now()
      await repo.as('bob').resolveThread(number, thread)
      await story.until(() => story.title(number) === 'Waiting for an owner of src/a.ts (+1 more)')
      // The webhook ended the waiting, not the next sweep.
      expect(story.clock.now() - asked).toBeLessThan(60_000)
      expect(story.checkRun(number)?.summary).toContain('src/a.ts needs @\u200Bacme/core')
      await repo.as('carol').review(number, 'approve')
      await story.until(() => story.title(number).startsWith('Waiting: it changes files under .github/workflows'))
      await story.pass(1)
      repo.permissions({ ...RIGHTS, workflows: 'write' })
      await story.merged(number)
    },
  ),
)

test(
  'a stack lands from below: the upper one waits, gets main as its base, and is to be approved against it',
  asStory({ config: 'mode: live\nland: { delete_branch: true }\n' }, async (story) => {
    const { repo } = story
    const lower = await story.propose('lower', text)
    const upper = await story.propose('upper', { 'src/b.ts': 'b\n' }, { base: 'lower', from: 'lower' })
    await repo.as('bob').review(upper, 'approve')
    await story.until(() => story.title(upper).startsWith(`Waiting for #${lower} to land`))
    const needs = await story.propose('needs', { 'src/c.ts': 'c\n' })
    await repo.as('alice').edit(needs, { body: `Depends on #${upper}` })
    await repo.as('bob').review(needs, 'approve')
    await story.until(() => story.title(needs) === `Waiting for #${upper} to land`)
    await repo.as('bob').review(lower, 'approve')
    await story.merged(lower)
    await story.until(() => repo.pull(upper).base === 'main')
    await story.until(() => story.title(upper) === 'Waiting for 1 approval')
    expect(story.checkRun(upper)?.summary).toContain('bob approved it against another base')
    expect(repo.pull(upper).state).toBe('open')
    await story.pass(1)
    await repo.as('bob').review(upper, 'approve')
    await story.merged(upper)
    await story.merged(needs)
    expect(await story.landed()).toEqual([lower, upper, needs].map((number) => repo.pull(number).head.sha))
    await story.until(async () => (await repo.ref('refs/heads/lower')) === undefined)
  }),
)

test(
  'C52 declared by auto-merge, it waits for the merge window and for signed commits, and a head that is signed lands in it',
  asStory(
    {
      config:
        "mode: live\nready: { when: auto_merge }\nwindows: [{ opens: '30 4 * * *', closes: '30 5 * * *', zone: America/New_York }]\n",
      signatures: true,
    },
    async (story) => {
      const { repo, clock } = story
      const number = await story.approved('topic', text)
      await story.until(() => story.title(number).startsWith('Waiting: not declared finished: switching auto-merge on'))
      await repo.as('alice').enableAutoMerge(number)
      await story.until(() => story.title(number).startsWith('Waiting: 1 commit has no valid signature'))
      await repo.as('alice').commit('topic', text, { force: true, from: 'main', signed: true })
      await repo.as('bob').review(number, 'approve')
      await story.until(() => story.title(number).startsWith('Held: no merge window is open'))
      const hour = () => new Date(clock.now()).toLocaleTimeString('en-GB', { timeZone: 'America/New_York' })
      await story.merged(number, 2 * 60)
      expect(hour() >= '04:30' && hour() < '05:30').toBe(true)
      expect((await story.events('finalize_withdrawn')).map(({ payload }) => payload.reason)).toEqual(['pushed'])
    },
  ),
)
