import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { clientFor, twinForTest } from './app-client.ts'

const run = promisify(execFile)
const REPO = { owner: 'acme', repo: 'shop' }

async function shop() {
  const { twin } = await twinForTest()
  const repository = await twin.repository('acme/shop', {
    files: { 'a.txt': '1\n2\n3\n4\n5\n', 'docs/b/c.txt': 'c\n' },
  })
  const alice = repository.as('alice')
  const { rest } = await clientFor(twin, repository)
  return { twin, repository, alice, rest }
}

test('what the twin writes is a sound repository to the git program, forks included', async () => {
  const { repository, alice, rest } = await shop()
  await alice.commit('feature/one', { 'a.txt': '0\n2\n3\n4\n5\n', 'docs/b/c.txt': null })
  await alice.commit('main', { 'a.txt': '1\n2\n3\n4\n6\n' })
  const { data } = await rest.repos.merge({ ...REPO, base: 'main', head: 'feature/one' })
  const fork = await repository.fork('dave')
  await fork.as('dave').commit('patch', { 'new.txt': 'n\n' })
  await alice.deleteBranch('feature/one')
  for (const gitDir of [repository.gitDir, fork.gitDir])
    expect((await run('git', ['--git-dir', gitDir, 'fsck', '--strict', '--full'])).stderr).not.toMatch(/error|missing/)
  const shown = await run('git', ['--git-dir', repository.gitDir, 'show', `${data.sha}:a.txt`])
  expect(shown.stdout).toBe('0\n2\n3\n4\n6\n')
  const refs = await run('git', ['--git-dir', repository.gitDir, 'for-each-ref', '--format=%(refname) %(objectname)'])
  expect(refs.stdout).toBe(`refs/heads/main ${data.sha}\n`)
})

test('a repository lies nowhere until somebody asks where, and there from then on as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'asked-'))
  try {
    const { twin } = await twinForTest({ folder })
    const repository = await twin.repository('acme/shop', { files: { 'a.txt': 'a\n' } })
    const fork = await repository.fork('dave')
    expect(await readdir(folder)).toEqual([])
    const refs = async (gitDir: string) =>
      (await run('git', ['--git-dir', gitDir, 'for-each-ref', '--format=%(refname) %(objectname)'])).stdout
    const [whole, its] = [repository.gitDir, fork.gitDir]
    const main = await repository.ref('main')
    expect(await refs(its)).toBe(`refs/heads/main ${main}\n`)
    const tip = await repository.as('alice').commit('topic/one', { 'a.txt': 'b\n' })
    expect(await refs(whole)).toBe(`refs/heads/main ${main}\nrefs/heads/topic/one ${tip}\n`)
    expect((await run('git', ['--git-dir', its, 'show', `${tip}:a.txt`])).stdout).toBe('b\n')
    await repository.as('alice').deleteBranch('topic/one')
    expect(await refs(whole)).toBe(`refs/heads/main ${main}\n`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('git clones and fetches over HTTP, and may not push', async () => {
  const { twin, repository, alice } = await shop()
  const folder = await mkdtemp(join(tmpdir(), 'clone-'))
  try {
    const url = `${twin.url}/acme/shop.git`
    await run('git', ['clone', '--quiet', url, folder])
    const tip = await alice.commit('main', { 'd.txt': 'd\n' })
    await run('git', ['-C', folder, 'fetch', '--quiet', 'origin', 'main'])
    expect((await run('git', ['-C', folder, 'rev-parse', 'FETCH_HEAD'])).stdout.trim()).toBe(tip)
    await expect(run('git', ['-C', folder, 'push', 'origin', 'HEAD:refs/heads/x'])).rejects.toThrow('403')
    expect(await repository.ref('x')).toBeUndefined()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a comparison counts what each side has, and names the merge base and the files', async () => {
  const { repository, alice, rest } = await shop()
  const base = await repository.ref('main')
  await alice.commit('feature', { 'x.txt': 'x\n' })
  await alice.commit('feature', { 'docs/b/c.txt': null })
  await alice.commit('main', { 'y.txt': 'y\n' })
  const { data } = await rest.repos.compareCommitsWithBasehead({ ...REPO, basehead: 'main...feature' })
  expect(data).toMatchObject({ status: 'diverged', ahead_by: 2, behind_by: 1, merge_base_commit: { sha: base } })
  expect(data.files?.map((file) => `${file.status} ${file.filename}`)).toEqual(['removed docs/b/c.txt', 'added x.txt'])
})

test('the merge button makes a merge commit, one squashed commit, or the commits again', async () => {
  const { repository, alice, rest } = await shop()
  const merged = async (branch: string, merge_method: 'merge' | 'squash' | 'rebase') => {
    await alice.commit(branch, { [`${branch}1.txt`]: '1\n' }, { from: 'begin' })
    await alice.commit(branch, { [`${branch}2.txt`]: '2\n' })
    const before = await repository.ref('main')
    const pull_number = await alice.openPull({ head: branch, title: branch })
    const { data } = await rest.pulls.merge({ ...REPO, pull_number, merge_method })
    expect(repository.pull(pull_number)).toMatchObject({ merged: true, mergeCommit: data.sha })
    const line: number[] = []
    for (
      let at = await repository.log(data.sha);
      at[0] && at[0].sha !== before;
      at = await repository.log(at[0].parents[0] ?? '')
    )
      line.push(at[0].parents.length)
    return line
  }
  await alice.push('begin', (await repository.ref('main')) ?? '')
  expect(await merged('m', 'merge')).toEqual([2])
  expect(await merged('s', 'squash')).toEqual([1])
  expect(await merged('r', 'rebase')).toEqual([1, 1])
  expect(Object.keys(await repository.files('main')).toSorted()).toEqual([
    'a.txt',
    'docs/b/c.txt',
    'm1.txt',
    'm2.txt',
    'r1.txt',
    'r2.txt',
    's1.txt',
    's2.txt',
  ])
})
