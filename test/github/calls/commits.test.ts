/** Commits: read, made, merged and compared. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testFence } from '../../support/fence.ts'
import { listen, loosen, openGitHub, REPO, sha, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(loosen)

const fence = testFence()
const is = (value: unknown) => ({ ok: true, value })
const notFound = { message: 'Not Found' }

const author = { name: 'Alice', email: 'alice@example.org', date: '2026-01-02T03:04:05Z' }
const commit = { sha: sha('c'), tree: sha('7'), parents: [sha('a'), sha('b')], message: 'Merge', author }
const gitCommit = {
  sha: sha('c'),
  tree: { sha: sha('7') },
  parents: [{ sha: sha('a') }, { sha: sha('b') }],
  message: 'Merge',
  author,
}

test('a commit is read and made with its tree and parents', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(`${REPO}/git/commits/${sha('c')}`).reply(200, gitCommit)
  expect(await port.readCommit(sha('c'))).toEqual(is(commit))
  scope
    .post(`${REPO}/git/commits`, { tree: sha('7'), parents: [sha('a'), sha('b')], message: 'Merge', author })
    .reply(201, gitCommit)
  expect(await port.createCommit(fence, commit)).toEqual(is(commit))
  const { author: _, ...unsigned } = commit
  scope
    .post(`${REPO}/git/commits`, { tree: sha('7'), parents: [sha('a'), sha('b')], message: 'Merge' })
    .reply(201, gitCommit)
  // Without an author GitHub names the App and signs.
  expect(await port.createCommit(fence, unsigned)).toEqual(is(commit))
})

test('a merge is by sha and answers with the commit; what is contained answers null', async () => {
  const { port } = openGitHub()
  const scope = listen()
  const body = { base: 'mainkeeper/scratch/b1-1-1', head: sha('b'), commit_message: 'Merge' }
  const { sha: id, parents, ...rest } = gitCommit
  scope.post(`${REPO}/merges`, body).reply(201, { sha: id, parents, commit: rest })
  expect(await port.merge(fence, body.base, sha('b'), 'Merge')).toEqual(is(commit))
  scope.post(`${REPO}/merges`, body).reply(204)
  expect(await port.merge(fence, body.base, sha('b'), 'Merge')).toEqual(is(null))
})

test.each([
  ['ahead', true],
  ['identical', true],
  ['behind', false],
  ['diverged', false],
])('what is %s of an ancestor contains it: %s', async (status, contained) => {
  listen()
    .get(`${REPO}/compare/${sha('a')}...${sha('b')}?per_page=1`)
    .reply(200, { status })
  expect(await openGitHub().port.contains(sha('b'), sha('a'))).toEqual(is(contained))
})

test('unrelated histories contain nothing of each other; an unknown commit is gone', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(/compare/).reply(404, { message: `No common ancestor between ${sha('a')} and ${sha('b')}.` })
  expect(await port.contains(sha('b'), sha('a'))).toEqual(is(false))
  scope.get(/compare/).reply(404, notFound)
  expect(await port.contains(sha('b'), sha('a'))).toMatchObject({ failure: 'gone' })
  expect(await port.contains(sha('b'), sha('b'))).toEqual(is(true))
})

test('conflicting files are those that both sides changed, under old names too', async () => {
  const scope = listen()
  scope
    .get(`${REPO}/compare/${sha('b')}...${sha('a')}`)
    .reply(200, { files: [{ filename: 'src/z.ts' }, { filename: 'src/old.ts' }, { filename: 'ours' }] })
  scope.get(`${REPO}/compare/${sha('a')}...${sha('b')}`).reply(200, {
    files: [
      { filename: 'src/z.ts' },
      { filename: 'src/new.ts', previous_filename: 'src/old.ts' },
      { filename: 'theirs' },
    ],
  })
  expect(await openGitHub().port.conflictingFiles(sha('a'), sha('b'))).toEqual(is(['src/old.ts', 'src/z.ts']))
})

test('a comparison that lists no files is no evidence', async () => {
  listen()
    .get(/compare/)
    .twice()
    .reply(200, { status: 'diverged' })
  expect(await openGitHub().port.conflictingFiles(sha('a'), sha('b'))).toEqual(is([]))
})
