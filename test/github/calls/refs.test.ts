/** Refs: read, listed, made and deleted, with what GitHub answers where there is none. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testFence } from '../../support/fence.ts'
import { API, listen, loosen, openGitHub, REPO, sha, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(loosen)

const fence = testFence()
const done = { ok: true, value: undefined }
const is = (value: unknown) => ({ ok: true, value })
const ref = 'refs/heads/mainkeeper/scratch/b1-1-1'
const encoded = 'heads%2Fmainkeeper%2Fscratch%2Fb1-1-1'
const notFound = { message: 'Not Found' }

test('a ref that is not there is null; one that we may not see is gone', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.get(`${REPO}/git/ref/heads%2Fmain`).twice().reply(404, notFound)
  scope
    .get(`${REPO}/git/matching-refs/heads%2Fmain`)
    .reply(200, [{ ref: 'refs/heads/main-2', object: { sha: sha('a') } }])
  expect(await port.readRef('refs/heads/main')).toEqual(is(null))
  scope.get(`${REPO}/git/matching-refs/heads%2Fmain`).reply(404, notFound)
  expect(await port.readRef('refs/heads/main')).toMatchObject({ failure: 'gone' })
})

test('a ref that the first read missed is found in the second', async () => {
  const scope = listen()
  scope.get(`${REPO}/git/ref/heads%2Fmain`).reply(404, notFound)
  scope
    .get(`${REPO}/git/matching-refs/heads%2Fmain`)
    .reply(200, [{ ref: 'refs/heads/main', object: { sha: sha('a') } }])
  expect(await openGitHub().port.readRef('refs/heads/main')).toEqual(is(sha('a')))
})

test('refs are listed by prefix, over all pages', async () => {
  const scope = listen()
  const path = `${REPO}/git/matching-refs/heads%2Fmainkeeper%2F`
  scope.get(path).reply(200, [{ ref: `${ref}a`, object: { sha: sha('a') } }], {
    link: `<${API}${path}?page=2>; rel="next", <${API}${path}?page=2>; rel="last"`,
  })
  scope.get(`${path}?page=2`).reply(200, [{ ref: `${ref}b`, object: { sha: sha('b') } }])
  expect(await openGitHub().port.listRefs('refs/heads/mainkeeper/')).toEqual(
    is([
      { ref: `${ref}a`, sha: sha('a') },
      { ref: `${ref}b`, sha: sha('b') },
    ]),
  )
})

test('a ref is made; deleting one that is not there is ok, deleting in a hidden repository is not', async () => {
  const { port } = openGitHub()
  const scope = listen()
  scope.post(`${REPO}/git/refs`, { ref, sha: sha('a') }).reply(201, { ref, object: { sha: sha('a') } })
  expect(await port.createRef(fence, ref, sha('a'))).toEqual(done)
  scope.delete(`${REPO}/git/refs/${encoded}`).reply(204)
  expect(await port.deleteRef(fence, ref)).toEqual(done)
  scope.delete(`${REPO}/git/refs/${encoded}`).reply(422, { message: 'Reference does not exist' })
  expect(await port.deleteRef(fence, ref)).toEqual(done)
  scope.delete(`${REPO}/git/refs/${encoded}`).reply(404, notFound)
  expect(await port.deleteRef(fence, ref)).toMatchObject({ failure: 'gone' })
})
