/** Stories of the methods of landing: what stands on main afterwards, that it is what was tested, and what is refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../../cli/asked.ts'
import { asStory, type Story, startStory } from '../../support/story/story.ts'
import { BUILDS_ONLY, type StoryOptions } from '../../support/story/story-scene.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }
const by = (land: string): StoryOptions => ({ ...BUILDS_ONLY, config: `${BUILDS_ONLY.config}land: ${land}\n` })

/** Laws 1 and 2 for the last landing: main stands at a commit whose checks passed on that very commit, with the tree that they saw. */
async function provenTip({ repo, ci, events }: Story): Promise<string> {
  const main = (await repo.ref('refs/heads/main')) ?? ''
  expect(ci.runs().filter((run) => run.sha === main && run.conclusion === 'success')).not.toEqual([])
  const published = (await events('build_published')).find(({ payload }) => payload.sha === main)
  expect(published?.payload.tree).toBe(await repo.tree(main))
  return main
}

const closed = (story: Story, pull: number) => story.until(() => story.repo.pull(pull).state === 'closed')

describe('a squash', () => {
  let story: Story
  let number: number
  let before: string | undefined
  beforeAll(async () => {
    story = await startStory(by('{ method: squash, delete_branch: true }'))
    const { repo } = story
    before = await repo.ref('refs/heads/main')
    number = await story.propose('topic', text)
    await repo.as('carol').commit('topic', { 'src/b.ts': 'export const b = 1\n' }, { message: 'Add b' })
    await story.pass(0.1)
    await repo.as('bob').review(number, 'approve')
    await closed(story, number)
    await story.until(() => story.title(number).startsWith('Landed as '))
    await story.until(async () => (await repo.ref('refs/heads/topic')) === undefined)
  })
  afterAll(() => story.end())

  test('C81 lands as one commit by its author and is closed with a link to it', async () => {
    const { repo } = story
    const main = await provenTip(story)
    const [landed] = await repo.log('refs/heads/main')
    expect(landed).toMatchObject({ sha: main, parents: [before], author: { name: 'alice' } })
    expect(landed?.message).toMatch(
      new RegExp(`^Change topic \\(#${number}\\)\n\nCo-authored-by: carol <[^<>]+@users.noreply.github.com>$`),
    )
    expect(repo.pull(number).merged).toBe(false)
    expect(repo.comments(number).map(({ body }) => body)).toEqual([
      expect.stringMatching(new RegExp(`landed on \`main\` as ${main}\\.`)),
    ])
    expect((await story.events('pull_closed')).map(({ payload }) => payload)).toEqual([
      { pull: number, sha: repo.pull(number).head.sha, landed_sha: main },
    ])
    expect(Object.keys(await repo.refs('refs/heads/mainkeeper/'))).toEqual([])
    expect(story.title(number)).toBe(`Landed as ${main.slice(0, 7)}`)
    const [proof] = await story.events('integration_completed')
    expect(proof?.payload).toMatchObject({ pull: number, landed_sha: main, tree: landed?.tree, method: 'squash' })
  })

  test('C86 has its branch deleted once its pull request is closed', async () => {
    const [concluded] = await story.events('head_branch_concluded')
    expect(concluded?.payload).toMatchObject({ pull: number, result: 'deleted' })
    const types = (await story.store.models.eventsOf({ limit: 1_000 })).map(({ type }) => type)
    expect(types.indexOf('pull_closed')).toBeLessThan(types.indexOf('head_branch_concluded'))
  })

  test('explain --proof tells what its landing rested on, for people and for machines', async () => {
    const { repo, store } = story
    const { sha } = repo.pull(number).head
    const main = (await repo.ref('refs/heads/main')) ?? ''
    const { answers, text: told } = await ask(store, 'explain', { subject: `acme/rocket#${number}`, proof: true })
    const tree = await repo.tree(main)
    const [landed] = await repo.log('refs/heads/main')
    expect(answers).toMatchObject([
      {
        proofs: [
          {
            pull: number,
            sha,
            landed_sha: main,
            base: landed?.parents[0],
            tree,
            tested: { sha: main, tree },
            heads: [number],
            method: 'squash',
            checks: [{ context: 'test', state: 'passed', sha: main }],
            approvals: [{ reviewer: 'bob', permission: 'write', sha }],
            observed_at: expect.any(String),
            landed_at: expect.any(String),
          },
        ],
      },
    ])
    for (const part of [`head      ${sha}`, `passed on ${main}`, `bob (write) of ${sha}`, `tree      ${tree}`])
      expect(told).toContain(part)
  })
})

test(
  'C81 squashes follow each other on what landed before; what one brought already is recorded as integrated and closed, and nothing is built of it again',
  asStory(by('{ method: squash }'), async (story) => {
    const { repo } = story
    const same = await story.propose('same', text)
    const one = await story.approved('one', text)
    await story.pass(0.1)
    const two = await story.approved('two', { 'src/b.ts': 'export const b = 1\n' })
    await closed(story, one)
    await closed(story, two)
    await provenTip(story)
    const [last, first] = await repo.log('refs/heads/main')
    expect([first?.message, last?.message]).toEqual([`Change one (#${one})`, `Change two (#${two})`])
    expect(last?.parents).toEqual([first?.sha])

    await repo.as('bob').review(same, 'approve')
    await closed(story, same)
    expect(await repo.ref('refs/heads/main')).toBe(last?.sha)
    const proof = (await story.events('integration_completed')).at(-1)?.payload
    expect(proof).toMatchObject({ pull: same, landed_sha: last?.sha })
  }),
)

test(
  'a head that is pushed while its squash lands keeps its pull request open',
  asStory(by('{ method: squash }'), async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    const stop = repo.onPush((push) => {
      if (push.ref !== 'refs/heads/main' || push.by !== 'app') return
      stop()
      void repo.as('alice').commit('topic', { 'src/later.ts': 'later' }, { silently: true })
    })
    const before = await repo.ref('refs/heads/main')
    await story.until(async () => (await repo.ref('refs/heads/main')) !== before)
    await story.sweep()
    await story.pass(1)
    expect(await story.events('integration_completed')).toHaveLength(1)
    expect(repo.pull(number).state).toBe('open')
    expect(await story.events('pull_closed')).toEqual([])
    expect(story.title(number)).toBe('Waiting for 1 approval')
  }),
)

test(
  'C81 a rebase lands each commit on the tip, in order, with its author and message',
  asStory(by('{ method: rebase }'), async (story) => {
    const { repo } = story
    const number = await story.propose('topic', text)
    await repo.as('carol').commit('topic', { 'src/b.ts': 'b' }, { message: 'Add b [skip ci]\n\nBecause.' })
    const before = await repo.as('dave').commit('main', { 'README.md': 'moved\n' })
    await repo.as('bob').review(number, 'approve')
    await closed(story, number)

    const main = await provenTip(story)
    const [second, first] = await repo.log('refs/heads/main')
    expect(first).toMatchObject({ parents: [before], message: 'Change topic', author: { name: 'alice' } })
    expect(second).toMatchObject({ sha: main, parents: [first?.sha], author: { name: 'carol' } })
    expect(second?.message).toBe('Add b \n\nBecause.')
    expect(await repo.files(main)).toMatchObject({ 'README.md': 'moved\n', 'src/b.ts': 'b', ...text })
    expect(repo.comments(number)).toHaveLength(1)
  }),
)

test(
  'a merge commit in the branch can not be rebased: it is blocked, and the words name the commit',
  asStory(by('{ method: rebase }'), async (story) => {
    const { repo } = story
    await repo.as('alice').commit('side', { 'src/side.ts': 'side' })
    await repo.as('alice').commit('topic', text)
    const number = await repo.as('alice').openPull({ head: 'topic', title: 'Change topic' })
    await repo.as('alice').merge(await repo.as('alice').openPull({ head: 'side', base: 'topic', title: 'Side' }))
    await repo.as('bob').review(number, 'approve')
    await story.until(() => story.title(number).startsWith('Blocked'))
    expect(story.followUp(number)?.body).toContain(`${repo.pull(number).head.sha} is a merge commit`)
  }),
)

test(
  'C81 a head without the tip can not be fast-forwarded: it is blocked until its branch is brought up to date, and lands itself then',
  asStory(by('{ method: fast-forward }'), async (story) => {
    const { repo } = story
    const number = await story.propose('topic', text)
    const main = await repo.as('dave').commit('main', { 'README.md': 'moved\n' })
    await repo.as('bob').review(number, 'approve')
    await story.until(() =>
      story.title(number).startsWith('Blocked: its branch does not contain the tip of the target'),
    )
    expect(await repo.ref('refs/heads/main')).toBe(main)
    expect(story.followUp(number)?.body).toContain('Bring the branch up to date with the target')

    await repo.as('alice').commit('topic', text, { from: main, force: true })
    await repo.as('bob').review(number, 'approve')
    await story.merged(number)
    expect(await provenTip(story)).toBe(repo.pull(number).head.sha)
    expect(repo.comments(number).map(({ body }) => body)).toEqual([story.sticky(number)?.body])
  }),
)

test(
  'C81 a label chooses the method for its pull request; one that is ruled out, or a second one, holds it back with words',
  asStory(by('{ method: squash }'), async (story) => {
    const { repo } = story
    repo.protect('main', { requiredChecks: [{ context: 'test' }], linearHistory: true })
    const number = await story.propose('topic', text)
    await repo.as('carol').label(number, 'mainkeeper:merge')
    await repo.as('bob').review(number, 'approve')
    await story.until(() =>
      story.title(number).startsWith('Waiting: labelled mainkeeper:merge, but main requires a lin'),
    )
    await repo.as('carol').label(number, 'mainkeeper:rebase')
    await story.until(() => story.title(number).includes('choose different methods'))
    expect(story.checkRun(number)?.summary).toContain('Leave one label that chooses a method')
    await repo.as('carol').unlabel(number, 'mainkeeper:merge')
    await closed(story, number)
    expect((await repo.log(await provenTip(story)))[0]?.message).toBe('Change topic')
  }),
)

test.each([
  [
    'C81 a linear history holds the lane of method merge, with words',
    'merge',
    { linearHistory: true },
    'linear history',
  ],
  ['C82 required signatures hold the lane of method rebase, with words', 'rebase', { signatures: true }, 'signed'],
])('%s', async (_name, method, rule, words) =>
  asStory(by(`{ method: ${method} }`), async (story) => {
    const { repo } = story
    repo.protect('main', { requiredChecks: [{ context: 'test' }], ...rule })
    await story.pass(0.1)
    const main = await repo.ref('refs/heads/main')
    const number = await story.approved('topic', text)
    await story.until(() => story.title(number).startsWith('Held: '))
    expect(story.title(number)).toContain(words)
    expect(story.checkRun(number)?.summary).toContain('land.method')
    expect(await repo.ref('refs/heads/main')).toBe(main)
  })(undefined),
)

test(
  'C83 C85 templates fill the message; what is not for the commit never reaches it',
  asStory(
    {
      config: [
        'mode: live',
        'land:',
        '  message:',
        "    title: '{title} (#{number}) by {author}'",
        "    body: '{body}'",
        "    cut_after: '---'",
        '',
      ].join('\n'),
    },
    async (story) => {
      const { repo } = story
      await repo.as('alice').commit('topic', text)
      const body =
        'Because {title}.\n<!-- mainkeeper-ignore:start -->@everyone<!-- mainkeeper-ignore:end --><!-- template -->\n[skip [skip ci]ci]\n---\nchecklist'
      const number = await repo.as('alice').openPull({ head: 'topic', title: 'Add a [ci skip]', body })
      await repo.as('bob').review(number, 'approve')
      await story.merged(number)
      const [landed] = await repo.log('refs/heads/main')
      expect(landed?.message).toBe(`Add a (#${number}) by alice\n\nBecause {title}.`)
    },
  ),
)

test(
  'C86 the head branch of what landed is deleted once nobody is stacked on it any more, and never one of a fork',
  asStory(by('{ delete_branch: true }'), async (story) => {
    const { repo } = story
    // GitHub does it itself for merges of its own; what it leaves is not left by us.
    repo.settings({ deleteBranchOnMerge: true })
    const below = await story.propose('below', { 'src/b.ts': 'b' })
    const above = await story.propose('above', { 'src/c.ts': 'c' }, { base: 'below', from: 'below' })
    await repo.as('bob').review(below, 'approve')
    const fork = await repo.fork('erin')
    await fork.as('erin').commit('theirs', { 'src/d.ts': 'd' })
    const theirs = await repo.as('erin').openPull({ head: 'erin:theirs', title: 'Theirs' })
    await repo.as('bob').review(theirs, 'approve')
    await story.until(() => repo.pull(below).merged && repo.pull(theirs).merged)
    await story.pass(3)
    // Whoever was stacked on it has the target as its base by then; GitHub would have closed it with its base.
    expect(repo.pull(above)).toMatchObject({ state: 'open', base: 'main' })
    expect(await repo.ref('refs/heads/below')).toBeUndefined()
    expect(await fork.ref('refs/heads/theirs')).toBe(repo.pull(theirs).head.sha)
    expect((await story.events('head_branch_concluded')).map(({ payload }) => payload)).toMatchObject([
      { pull: below, result: 'deleted', reason: 'landed' },
    ])
  }),
)

test(
  'C86 the head branch of what landed is kept while another open pull request comes from it',
  asStory(by('{ delete_branch: true }'), async (story) => {
    const { repo } = story
    await repo.as('dave').push('release', (await repo.ref('refs/heads/main')) ?? '')
    const number = await story.approved('topic', text)
    const backport = await repo.as('alice').openPull({ head: 'topic', base: 'release', title: 'Backport it' })
    await story.merged(number)
    await story.until(async () => (await story.events('head_branch_concluded')).length > 0)
    expect(await repo.ref('refs/heads/topic')).toBe(repo.pull(number).head.sha)
    expect(repo.pull(backport).state).toBe('open')
    expect((await story.events('head_branch_concluded')).map(({ payload }) => payload)).toMatchObject([
      { pull: number, result: 'kept', reason: 'used', message: `#${backport}` },
    ])
  }),
)

test(
  'where signatures are required a squash names no author, so that GitHub signs it; who wrote it is a co-author',
  asStory(by('{ method: squash }'), async (story) => {
    const { repo } = story
    repo.protect('main', { requiredChecks: [{ context: 'test' }], signatures: true })
    await story.pass(0.1)
    const number = await story.approved('topic', text)
    await closed(story, number)
    await provenTip(story)
    const [landed] = await repo.log('refs/heads/main')
    expect(landed?.author.name).toBe('mainkeeper[bot]')
    expect(landed?.message).toMatch(/\n\nCo-authored-by: alice <\d+\+alice@users.noreply.github.com>$/)
  }),
)
