/** Stories of who may move main: what another's push does to the lane, and what GitHub's own rules refuse. */
import { expect, test } from 'vitest'
import { asStory, type Story } from '../support/story.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }

test(
  'a push by another hand while a build runs is recorded, and the build is made anew on it',
  asStory(async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.testing(number)
    const foreign = await repo.as('dave').commit('main', { 'README.md': 'by hand\n' })
    await story.merged(number)
    const [landed] = await repo.log('refs/heads/main')
    expect(landed?.parents).toEqual([foreign, repo.pull(number).head.sha])
    expect((await story.events('target_moved')).map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ after: foreign, forced: false, pusher: 'dave' }),
    )
    expect(await story.events('lane_held')).toEqual([])
  }),
)

for (const silently of [false, true])
  test(
    `a rewind of main${silently ? ' whose webhook is lost' : ''} holds the lane with evidence, and after a release it goes on from there`,
    asStory(async (story) => {
      const { repo } = story
      const first = (await repo.ref('refs/heads/main')) ?? ''
      const one = await story.approved('one', text)
      await story.merged(one)
      await story.pass(2)
      const landed = (await repo.ref('refs/heads/main')) ?? ''
      repo.protect('main', { requiredChecks: [{ context: 'test' }], allowForcePushes: true })
      await repo.as('dave').push('main', first, { force: true, silently })
      const two = await story.approved('two', { 'src/b.ts': 'b' })
      await story.until(() => story.title(two).startsWith('Held: main was force-pushed'))

      const summary = story.checkRun(two)?.summary
      for (const part of [landed, first, '/release']) expect(summary).toContain(part)
      expect(await repo.ref('refs/heads/main')).toBe(first)
      await repo.as('carol').comment(two, '/release')
      await story.merged(two)
      const [tip] = await repo.log('refs/heads/main')
      expect(tip?.parents[0]).toBe(first)
    }),
  )

type Repo = Story['repo']
const app = [{ actor: 'app' }]
const target = { include: ['refs/heads/main'] }

/** The four rulesets of an installation: only the queue moves main, and only to what is proven and reviewed. */
const rulesets = {
  onlyTheQueue: (repo: Repo) =>
    repo.ruleset({ name: 'A', ...target, rules: [{ type: 'update' }, { type: 'deletion' }], bypass: app }),
  proven: (repo: Repo) =>
    repo.ruleset({
      name: 'B',
      ...target,
      rules: [{ type: 'required_status_checks', checks: [{ context: 'test' }] }, { type: 'non_fast_forward' }],
    }),
  reviewed: (repo: Repo, bypass = app) =>
    repo.ruleset({ name: 'C', ...target, rules: [{ type: 'pull_request', approvals: 1 }], bypass }),
  ownRefs: (repo: Repo) =>
    repo.ruleset({
      name: 'D',
      include: ['refs/heads/mainkeeper/**'],
      rules: [{ type: 'creation' }, { type: 'update' }, { type: 'deletion' }],
      bypass: app,
    }),
}

const squash = 'mode: live\nland: { method: squash }\n'

test(
  'with all four rulesets work lands, and nobody else moves main or writes under mainkeeper/',
  asStory({ config: squash }, async (story) => {
    const { repo } = story
    repo.unprotect('main')
    for (const make of Object.values(rulesets)) make(repo)
    const number = await story.approved('topic', text)
    await story.until(() => repo.pull(number).state === 'closed')
    const main = (await repo.ref('refs/heads/main')) ?? ''
    expect(story.ci.runs().filter((run) => run.sha === main)).toMatchObject([{ conclusion: 'success' }])

    const dave = repo.as('dave')
    await dave.commit('other', { 'src/b.ts': 'b' })
    const other = (await repo.ref('refs/heads/other')) ?? ''
    await expect(dave.push('main', other, { force: true })).rejects.toThrow('Cannot update this protected ref.')
    await expect(dave.push('mainkeeper/queue/main/b1', other)).rejects.toThrow('creations being restricted')
    expect(await repo.ref('refs/heads/main')).toBe(main)
  }),
)

test(
  'without ruleset A and D a foreigner moves main to what is proven and writes under mainkeeper/; with B to nothing else',
  asStory(async (story) => {
    const { repo, twin } = story
    repo.unprotect('main')
    rulesets.proven(repo)
    const main = (await repo.ref('refs/heads/main')) ?? ''
    const head = await repo.as('alice').commit('topic', text)
    await expect(repo.as('dave').push('main', head)).rejects.toThrow('Required status check "test"')
    await expect(repo.as(`${twin.app.slug}[bot]`).push('main', head)).rejects.toThrow('Required status check "test"')
    expect(await repo.ref('refs/heads/main')).toBe(main)
    await story.until(() => story.ci.runs().some((run) => run.sha === head && run.conclusion === 'success'))
    await repo.as('dave').push('main', head)
    await repo.as('dave').push('mainkeeper/queue/main/foreign', head)
    expect(await repo.ref('refs/heads/main')).toBe(head)
  }),
)

test(
  'where ruleset C does not let us pass, work is blocked with the text of GitHub and what to do',
  asStory({ config: squash }, async (story) => {
    const { repo } = story
    repo.unprotect('main')
    rulesets.proven(repo)
    rulesets.reviewed(repo, [])
    const main = await repo.ref('refs/heads/main')
    const number = await story.approved('topic', text)
    await story.until(() => story.followUp(number) !== undefined)
    expect(story.title(number)).toContain('Blocked: a rule of the target refused it')
    expect(story.followUp(number)?.body).toContain('Changes must be made through a pull request.')
    expect(story.followUp(number)?.body).toContain('or let the App pass it, then resume')
    expect(await repo.ref('refs/heads/main')).toBe(main)
  }),
)
