/** Stories of who may move main: what another's push does to the lane, and what GitHub's own rules refuse. */
import { expect, test } from 'vitest'
import { asStory, type Story } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }

test(
  'a push by another hand while a build runs is recorded, and the build is made anew on it',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo, ci } = story
    const number = await story.approved('topic', text)
    await story.testing(number)
    const foreign = await repo.as('dave').commit('main', { 'README.md': 'by hand\n' })
    await story.merged(number)
    const [landed] = await repo.log('refs/heads/main')
    expect(landed?.parents).toEqual([foreign, repo.pull(number).head.sha])
    expect(ci.runs().filter((run) => run.sha === landed?.sha)).toMatchObject([{ conclusion: 'success' }])
    expect((await story.events('target_moved')).map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ after: foreign, forced: false, pusher: 'dave' }),
    )
    expect(await story.events('lane_held')).toEqual([])
  }),
)

for (const silently of [false, true])
  test(
    `a rewind of main${silently ? ' whose webhook is lost' : ''} holds the lane with evidence, and after a release it goes on from there`,
    asStory(BUILDS_ONLY, async (story) => {
      const { repo } = story
      const first = (await repo.ref('refs/heads/main')) ?? ''
      const one = await story.approved('one', text)
      await story.until(() => story.title(one).startsWith('Landed as '))
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
      include: ['refs/heads/mainkeeper/**/*'],
      rules: [{ type: 'creation' }, { type: 'update' }, { type: 'deletion' }],
      bypass: app,
    }),
}

const squash = { ...BUILDS_ONLY, config: `${BUILDS_ONLY.config}land: { method: squash }\n` }

test(
  'with all four rulesets work lands, and nobody else moves main or writes under mainkeeper/',
  asStory(squash, async (story) => {
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

/** Everything but one of the four. */
function lacking({ repo }: Story, missing: keyof typeof rulesets): void {
  repo.unprotect('main')
  for (const [name, make] of Object.entries(rulesets)) if (name !== missing) make(repo)
}

test(
  'lacking only ruleset A, others merge what is proven and reviewed: it is recorded, and our build is made anew on it',
  asStory(async (story) => {
    const { repo } = story
    lacking(story, 'onlyTheQueue')
    const theirs = await story.propose('theirs', { 'src/b.ts': 'b' }, { draft: true })
    await repo.as('bob').review(theirs, 'approve')
    const ours = await story.approved('ours', text)
    await story.testing(ours)
    await expect(repo.as('dave').commit('main', { 'src/c.ts': 'c' })).rejects.toThrow('through a pull request')
    await repo.as('alice').readyForReview(theirs, { silently: true })
    const merged = await repo.as('dave').merge(theirs)
    await story.merged(ours)
    const [landed] = await repo.log('refs/heads/main')
    expect(landed?.parents).toEqual([merged, repo.pull(ours).head.sha])
    expect(story.ci.runs().filter((run) => run.sha === landed?.sha)).toMatchObject([{ conclusion: 'success' }])
    const moved = (await story.events('target_moved')).map(({ payload }) => payload)
    expect(moved).toContainEqual(expect.objectContaining({ after: merged, forced: false, pusher: 'dave' }))
    expect(await story.events('lane_held')).toEqual([])
  }),
)

test(
  'lacking only ruleset B nothing proves a build, so the lane is held; named by the configuration, checks prove it, but GitHub would let us move main unproven',
  asStory(async (story) => {
    const { repo, twin } = story
    lacking(story, 'proven')
    const number = await story.approved('topic', text)
    await story.until(() => story.title(number).startsWith('Held: No check is required of main'))
    const unproven = await repo.as('alice').commit('unproven', { 'src/b.ts': 'b' })
    const bot = repo.as(`${twin.app.slug}[bot]`)
    const before = (await repo.ref('refs/heads/main')) ?? ''
    await bot.push('main', unproven)
    await bot.push('main', before, { force: true })

    await bot.commit('main', { '.github/mainkeeper.yml': 'mode: live\nchecks: { required: [test] }\n' })
    await repo.as('carol').comment(number, '/release')
    await story.merged(number)
    const main = await repo.ref('refs/heads/main')
    expect(story.ci.runs().filter((run) => run.sha === main)).toMatchObject([{ conclusion: 'success' }])
  }),
)

test(
  'lacking only ruleset C an approval is asked for all the same, by us; nobody else can move main',
  asStory(squash, async (story) => {
    const { repo } = story
    lacking(story, 'reviewed')
    const number = await story.propose('topic', text)
    await story.until(() => story.title(number) === 'Waiting for 1 approval')
    const { sha } = repo.pull(number).head
    await expect(repo.as('dave').push('main', sha)).rejects.toThrow('Cannot update this protected ref.')
    await expect(repo.as('dave').merge(number)).rejects.toThrow('Cannot update this protected ref.')
    await repo.as('bob').review(number, 'approve')
    await story.until(() => repo.pull(number).state === 'closed')
    const [proof] = await story.events('integration_completed')
    expect(proof?.payload.approvals).toMatchObject([{ reviewer: 'bob', sha }])
  }),
)

test(
  'lacking only ruleset D, a ref of ours that somebody else moved or deleted lands nothing: the build is made anew, and says who has to be kept out',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo } = story
    lacking(story, 'ownRefs')
    const number = await story.approved('topic', text)
    const foreign = await repo.as('dave').commit('foreign', { 'src/evil.ts': 'evil' })
    const published = async () => Object.keys(await repo.refs('refs/heads/mainkeeper/queue/'))[0]?.slice(11) ?? ''
    await story.testing(number)
    const first = await published()
    await repo.as('dave').push(first, foreign, { force: true })
    await story.until(async () => ![first, ''].includes(await published()))
    const second = await published()
    await repo.as('dave').deleteBranch(second)
    await story.merged(number)

    const concluded = (await story.events('landing_concluded')).map(({ payload }) => payload)
    expect(concluded.map(({ result }) => result)).toEqual(['abandoned', 'abandoned', 'landed'])
    expect(concluded[0]?.message).toBe(
      `refs/heads/${first}, where only the App may write, was moved to ${foreign} by somebody else (docs/setup.md, ruleset D)`,
    )
    expect(concluded[1]?.message).toContain(`refs/heads/${second}, where only the App may write, was deleted`)
    expect(await repo.files('refs/heads/main')).not.toHaveProperty('src/evil.ts')
    expect(await repo.refs('refs/heads/mainkeeper/')).toEqual({})
  }),
)

test(
  'C76 where ruleset C does not let us pass, work is blocked with the text of GitHub and what to do',
  asStory(squash, async (story) => {
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
