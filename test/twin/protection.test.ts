import { describe, expect, test } from 'vitest'
import { clientFor, failureOf, twinForTest } from './app-client.ts'

const REPO = { owner: 'acme', repo: 'shop' }

async function shop() {
  const { twin } = await twinForTest()
  const repository = await twin.repository('acme/shop')
  for (const login of ['alice', 'bob']) repository.collaborator(login, 'write')
  const { rest } = await clientFor(twin, repository)
  return { twin, repository, rest, alice: repository.as('alice'), bob: repository.as('bob') }
}

describe('a ruleset', () => {
  test('that restricts updates lets pass only those on its bypass list', async () => {
    const { repository, rest, alice } = await shop()
    const head = await alice.commit('ready', { 'a.txt': 'a\n' })
    repository.ruleset({
      name: 'Only the queue',
      include: ['~DEFAULT_BRANCH'],
      rules: [{ type: 'update' }, { type: 'deletion' }],
      bypass: [{ actor: 'app' }],
    })
    await expect(alice.commit('main', { 'b.txt': 'b\n' })).rejects.toThrow('Cannot update this protected ref.')
    await rest.git.updateRef({ ...REPO, ref: 'heads/main', sha: head })
    expect(await repository.ref('main')).toBe(head)
  })

  test('refuses the App too where nobody may pass it by, with every rule that is broken', async () => {
    const { repository, rest, alice } = await shop()
    const head = await alice.commit('ready', { 'a.txt': 'a\n' })
    const id = repository.ruleset({
      name: 'Proven',
      include: ['refs/heads/main'],
      rules: [
        { type: 'required_status_checks', checks: [{ context: 'ci' }] },
        { type: 'pull_request', approvals: 1 },
      ],
    })
    const failure = await failureOf(rest.git.updateRef({ ...REPO, ref: 'heads/main', sha: head }))
    expect(failure.status).toBe(422)
    expect(failure.message).toContain('Repository rule violations found')
    expect(failure.message).toContain('Required status check "ci" is expected.')
    expect(failure.message).toContain('Changes must be made through a pull request.')
    const { data } = await rest.repos.getRepoRuleset({ ...REPO, ruleset_id: id })
    expect(data.current_user_can_bypass).toBe('never')
  })

  test('excludes the refs that its patterns exclude', async () => {
    const { repository, rest, alice } = await shop()
    const head = await alice.commit('ready', { 'a.txt': 'a\n' })
    repository.ruleset({
      name: 'Everything but ours',
      include: ['~ALL'],
      exclude: ['refs/heads/mainkeeper/**/*'],
      rules: [{ type: 'creation' }],
    })
    const make = (name: string) => rest.git.createRef({ ...REPO, ref: `refs/heads/${name}`, sha: head })
    expect(await failureOf(make('other'))).toMatchObject({ status: 422 })
    expect((await make('mainkeeper/scratch/1-1')).status).toBe(201)
  })
})

describe('classic protection', () => {
  test('lets a pull request rule be met by a plain merge of one approved pull request only', async () => {
    const { repository, rest, alice, bob } = await shop()
    repository.protect('main', { requiredReviews: { count: 1 } })
    const head = await alice.commit('ready', { 'a.txt': 'a\n' })
    const number = await alice.openPull({ head: 'ready', title: 'Add a' })
    const unreviewed = await failureOf(rest.repos.merge({ ...REPO, base: 'main', head }))
    expect(unreviewed).toMatchObject({ status: 409, message: expect.stringContaining('approving review') })
    await bob.review(number, 'approve')
    expect((await rest.repos.merge({ ...REPO, base: 'main', head })).status).toBe(201)
  })

  test('refuses pushes of those that are not listed, and deletions', async () => {
    const { repository, rest, alice } = await shop()
    repository.protect('main', { restrictPushesTo: ['alice'] })
    const head = await alice.commit('ready', { 'a.txt': 'a\n' })
    const refused = await failureOf(rest.git.updateRef({ ...REPO, ref: 'heads/main', sha: head }))
    expect(refused).toMatchObject({ status: 422, message: expect.stringContaining('not authorized to push') })
    expect(await failureOf(rest.git.deleteRef({ ...REPO, ref: 'heads/main' }))).toMatchObject({ status: 422 })
    await alice.push('main', head)
    expect(await repository.ref('main')).toBe(head)
  })
})

describe('refs', () => {
  test('are refused where another ref is a folder of their name, or they would be in a file', async () => {
    const { rest, alice } = await shop()
    const sha = await alice.commit('feature', { 'a.txt': 'a\n' })
    const inside = await failureOf(rest.git.createRef({ ...REPO, ref: 'refs/heads/feature/deep', sha }))
    expect(inside.status).toBe(422)
    await rest.git.createRef({ ...REPO, ref: 'refs/heads/deep/one', sha })
    expect(await failureOf(rest.git.createRef({ ...REPO, ref: 'refs/heads/deep', sha }))).toMatchObject({ status: 422 })
    await rest.git.deleteRef({ ...REPO, ref: 'heads/deep/one' })
    expect((await rest.git.createRef({ ...REPO, ref: 'refs/heads/deep', sha })).status).toBe(201)
  })

  test('are refused when they exist, when they do not, and when it is no fast forward', async () => {
    const { rest, alice, repository } = await shop()
    const sha = await alice.commit('feature', { 'a.txt': 'a\n' })
    await alice.commit('main', { 'b.txt': 'b\n' })
    const again = await failureOf(rest.git.createRef({ ...REPO, ref: 'refs/heads/feature', sha }))
    expect(again).toMatchObject({ status: 422, message: expect.stringContaining('Reference already exists') })
    const gone = await failureOf(rest.git.updateRef({ ...REPO, ref: 'heads/gone', sha }))
    expect(gone).toMatchObject({ status: 422, message: expect.stringContaining('Reference does not exist') })
    const sideways = await failureOf(rest.git.updateRef({ ...REPO, ref: 'heads/main', sha, force: false }))
    expect(sideways).toMatchObject({ status: 422, message: expect.stringContaining('Update is not a fast forward') })
    await rest.git.updateRef({ ...REPO, ref: 'heads/main', sha, force: true })
    expect(await repository.ref('main')).toBe(sha)
  })

  test('with a workflow file that is on no branch yet need the right to write workflows', async () => {
    const { twin } = await twinForTest()
    const rights = { metadata: 'read', contents: 'write', pull_requests: 'write' } as const
    const repository = await twin.repository('acme/flow', { permissions: rights })
    const fork = await repository.fork('dave')
    const head = await fork.as('dave').commit('ci', { '.github/workflows/ci.yml': 'on: push\n' })
    const { rest } = await clientFor(twin, repository)
    const refused = await failureOf(rest.repos.merge({ owner: 'acme', repo: 'flow', base: 'main', head }))
    expect(refused).toMatchObject({ status: 403, message: expect.stringContaining('without `workflows` permission') })
  })
})

describe('the merge button', () => {
  test('counts the checks of the head, for what comes of the merge is not there yet', async () => {
    const { repository, alice, bob } = await shop()
    repository.ruleset({
      name: 'Proven',
      include: ['~DEFAULT_BRANCH'],
      rules: [{ type: 'required_status_checks', checks: [{ context: 'ci' }] }],
    })
    repository.protect('main', { requiredChecks: [{ context: 'ci' }] })
    const sha = await alice.commit('feature', { 'a.txt': 'a\n' })
    const pull = await alice.openPull({ head: 'feature', title: 'a' })
    await expect(bob.merge(pull)).rejects.toThrow('Required status check "ci" is expected.')
    repository.reportStatus({ sha, context: 'ci', state: 'success' })
    const merged = await bob.merge(pull)
    expect(await repository.ref('main')).toBe(merged)
    expect(repository.pull(pull).merged).toBe(true)
  })

  test('signs a squash, and nothing that it rebases', async () => {
    const { repository, alice, bob } = await shop()
    repository.ruleset({ name: 'Signed', include: ['~DEFAULT_BRANCH'], rules: [{ type: 'required_signatures' }] })
    await alice.commit('feature', { 'a.txt': 'a\n' })
    const pull = await alice.openPull({ head: 'feature', title: 'a' })
    await expect(bob.merge(pull, { method: 'rebase' })).rejects.toThrow('Commits must have verified signatures.')
    await bob.merge(pull, { method: 'squash' })
    expect(repository.pull(pull).merged).toBe(true)
  })
})

test.each([
  ['mainkeeper/**/*', 'mainkeeper/queue/main/b1', true],
  ['mainkeeper/**/*', 'mainkeeper/one', true],
  ['mainkeeper/**', 'mainkeeper/queue/main/b1', false],
  ['mainkeeper/*', 'mainkeeper/queue/main', false],
  ['release-?.*', 'release-1.20', true],
])('the pattern %s of a rule for %s holds: %s, as with FNM_PATHNAME', async (pattern, branch, holds) => {
  const { repository, alice } = await shop()
  repository.ruleset({ name: 'Kept', include: [`refs/heads/${pattern}`], rules: [{ type: 'creation' }] })
  await alice.commit(branch, { 'a.txt': 'a\n' }).catch(() => {})
  expect((await repository.ref(branch)) === undefined).toBe(holds)
})
