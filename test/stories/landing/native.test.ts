/** Stories of mode native: GitHub merges, we prove before and compare afterwards, and no merge is sent twice. */
import { expect, test } from 'vitest'
import { ask } from '../../cli/asked.ts'
import { asStory, type Story } from '../../support/story/story.ts'

const config = (land: string): string => `mode: live\nland: { mode: native, ${land} }\n`
const PULL = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
const MERGE = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge'

/** Laws 1 and 2 in their native form: the tree of what landed is the tree of a commit whose checks passed on that very commit. */
async function provenTree({ repo, ci, events }: Story, pull: number): Promise<string> {
  const landed = repo.pull(pull).mergeCommit ?? ''
  const tree = await repo.tree(landed)
  const passed = new Set(ci.runs().flatMap((run) => (run.conclusion === 'success' ? [run.sha] : [])))
  const published = (await events('build_published')).filter(({ payload }) => payload.prefixes.at(-1)?.pull === pull)
  expect(published.filter(({ payload }) => payload.tree === tree && passed.has(payload.sha))).not.toEqual([])
  const proof = (await events('integration_completed')).find(({ payload }) => payload.pull === pull)?.payload
  expect(proof).toMatchObject({ mode: 'native', landed_sha: landed, tree })
  expect(await repo.isAncestor(landed, 'refs/heads/main')).toBe(true)
  return landed
}

const recorded = (story: Story, pull: number) => story.until(() => story.title(pull).startsWith('Landed as '))

const ours = async ({ repo }: Story): Promise<string[]> => Object.keys(await repo.refs('refs/heads/mainkeeper/'))

test(
  'C81 C86 GitHub merges by each of its methods, says so itself, and deletes the branches that it is set to delete',
  asStory({ config: config('method: squash, delete_branch: true') }, async (story) => {
    const { repo, store } = story
    repo.settings({ deleteBranchOnMerge: true })
    const rules = [{ type: 'update' }, { type: 'deletion' }] as const
    repo.ruleset({ name: 'A', include: ['refs/heads/main'], rules, bypass: [{ actor: 'app' }] })
    const squash = await story.propose('one', { 'src/a.ts': 'a' })
    await repo.as('carol').commit('one', { 'src/b.ts': 'b' }, { message: 'Add b' })
    await repo.as('alice').edit(squash, {
      body: 'Why.<!-- mainkeeper-ignore:start -->no<!-- mainkeeper-ignore:end --> [skip ci]',
    })
    const merge = await story.propose('two', { 'src/c.ts': 'c' })
    await repo.as('alice').label(merge, 'mainkeeper:merge')
    const rebase = await story.propose('three', { 'src/d.ts': 'd' })
    await repo.as('alice').label(rebase, 'mainkeeper:rebase')
    for (const pull of [squash, merge, rebase]) {
      await repo.as('bob').review(pull, 'approve')
      await story.merged(pull)
    }
    await recorded(story, rebase)

    const main = await repo.log('refs/heads/main')
    const commit = (sha: string) => main.find((one) => one.sha === sha)
    const squashed = await provenTree(story, squash)
    expect(commit(squashed)?.parents).toHaveLength(1)
    expect(commit(squashed)?.message).toMatch(
      /^Change one \(#\d+\)\n\nWhy\.\n\nCo-authored-by: alice <\S+>\nCo-authored-by: carol <\S+>$/,
    )
    const merged = await provenTree(story, merge)
    expect(commit(merged)).toMatchObject({
      parents: [squashed, repo.pull(merge).head.sha],
      message: `Merge pull request #${merge} from acme/two\n\nChange two`,
    })
    expect(commit(await provenTree(story, rebase))).toMatchObject({ parents: [merged], message: 'Change three' })

    for (const pull of [squash, merge, rebase]) {
      expect(repo.pull(pull).merged).toBe(true)
      expect(repo.comments(pull)).toEqual([])
    }
    await story.pass(1)
    expect((await story.events('head_branch_concluded')).map(({ payload }) => payload)).toMatchObject(
      [squash, merge, rebase].map((pull) => ({ pull, result: 'deleted', reason: 'left_to_github' })),
    )
    expect(Object.keys(await repo.refs())).toEqual(['refs/heads/main'])
    const { text } = await ask(store, 'explain', { subject: `acme/rocket#${squash}`, proof: true })
    expect(text).toMatch(/method +squash, merged by GitHub itself \(native\)/)
  }),
)

test(
  'C75 a merge whose answer is lost is read before it is sent again, and one that is given up is never sent',
  asStory({ config: config('method: squash') }, async (story) => {
    const { repo, twin } = story
    const calls: string[] = []
    twin.faults.on('before', /\/pulls\/\{pull_number\}(\/merge)?$/, (operation) => void calls.push(operation))
    const merges = () => calls.filter((operation) => operation === MERGE).length
    const done = await story.approved('done', { 'src/a.ts': 'a' })
    twin.faults.next({ operation: MERGE }, twin.faults.failAfter(502))
    await recorded(story, done)
    expect(merges()).toBe(1)
    await provenTree(story, done)

    // The process ends after GitHub did it and before anybody could read so.
    const ended = await story.approved('ended', { 'src/c.ts': 'c' })
    twin.faults.next({ operation: MERGE }, twin.faults.failAfter(502))
    const once = twin.faults.on('done', MERGE, () => {
      once()
      twin.faults.next({ operation: PULL }, twin.faults.failBefore(502))
    })
    await story.merged(ended)
    await story.stopBot()
    expect((await story.events('landing_concluded')).map(({ payload }) => payload.result)).toEqual(['landed'])
    await story.startBot()
    await recorded(story, ended)
    expect(merges()).toBe(2)
    await provenTree(story, ended)

    // Not wanted any more while GitHub answers nothing of use: the build is given up, and its ref is gone.
    const late = await story.approved('late', { 'src/d.ts': 'd' })
    const broken = twin.faults.next({ operation: MERGE, times: 9 }, twin.faults.failBefore(502))
    await story.until(() => merges() === 4)
    const [first, second] = calls.flatMap((operation, index) => (operation === MERGE ? [index] : [])).slice(-2)
    expect(calls.slice(first, second)).toContain(PULL)
    await repo.as('alice').convertToDraft(late)
    await story.until(async () => (await ours(story)).length === 0)
    await story.pass(1)
    expect((await story.events('landing_concluded')).at(-1)?.payload.result).toBe('abandoned')
    expect(repo.pull(late).merged).toBe(false)
    broken.cancel()
    await repo.as('alice').readyForReview(late)
    await recorded(story, late)
    await provenTree(story, late)
  }),
)

test(
  'C80 a merge onto a base that moved under it is noticed by its tree: the lane is held with evidence until a release',
  asStory({ config: config('method: merge') }, async (story) => {
    const { repo, twin } = story
    const one = await story.approved('one', { 'src/a.ts': 'a' })
    const once = twin.faults.on('before', MERGE, async () => {
      once()
      await repo.as('dave').commit('main', { 'README.md': 'by hand\n' })
    })
    await story.merged(one)
    const two = await story.approved('two', { 'src/b.ts': 'b' })
    await story.until(() => story.title(two).startsWith('Held: GitHub merged'))

    const landed = repo.pull(one).mergeCommit ?? ''
    const [published] = await story.events('build_published')
    const summary = story.checkRun(two)?.summary
    for (const part of [landed, published?.payload.sha, published?.payload.tree, await repo.tree(landed), '/release'])
      expect(summary).toContain(part)
    expect(await story.events('integration_completed')).toEqual([])
    expect(story.title(one)).toBe('Merged as a tree that nobody tested; the target is held')
    expect(await repo.ref('refs/heads/main')).toBe(landed)
    await repo.as('carol').comment(two, '/release')
    await recorded(story, two)
    await provenTree(story, two)
    expect(await ours(story)).toEqual([])
  }),
)

test(
  'C76 C81 a method that the repository forbids is blocked with the words of GitHub',
  asStory({ config: config('method: squash') }, async (story) => {
    const { repo } = story
    repo.settings({ methods: { squash: false } })
    const main = await repo.ref('refs/heads/main')
    const number = await story.approved('topic', { 'src/a.ts': 'a' })
    await story.until(() => story.followUp(number) !== undefined)
    expect(story.followUp(number)?.body).toContain('Squash merges are not allowed on this repository.')
    expect(await repo.ref('refs/heads/main')).toBe(main)
  }),
)
