import { describe, expect, test } from 'vitest'
import { clientFor, failureOf, listenFor, pass, twinForTest } from './app-client.ts'

const REPO = { owner: 'acme', repo: 'shop' }
const CREATE_ISSUE = 'POST /repos/{owner}/{repo}/issues'
const CREATE_REF = 'POST /repos/{owner}/{repo}/git/refs'

async function shop() {
  const { twin, clock } = await twinForTest()
  const repository = await twin.repository('acme/shop')
  const { rest } = await clientFor(twin, repository)
  const sha = (await repository.ref('main')) ?? ''
  return { twin, clock, repository, rest, sha }
}

describe('a call', () => {
  test('that fails before leaves everything as it was, one that fails after has been done', async () => {
    const { twin, repository, rest } = await shop()
    twin.faults.next({ operation: CREATE_ISSUE, nth: 2 }, twin.faults.failBefore(502))
    twin.faults.next({ operation: CREATE_ISSUE, nth: 3 }, twin.faults.failAfter(500))
    await rest.issues.create({ ...REPO, title: 'One' })
    expect(await failureOf(rest.issues.create({ ...REPO, title: 'Two' }))).toMatchObject({ status: 502 })
    expect(await failureOf(rest.issues.create({ ...REPO, title: 'Three' }))).toMatchObject({ status: 500 })
    await rest.issues.create({ ...REPO, title: 'Four' })
    expect(repository.issues().map((issue) => issue.title)).toEqual(['One', 'Three', 'Four'])
    expect(twin.violations).toEqual([])
  })

  test('that is held has been done and answers when it is released', async () => {
    const { twin, repository, rest, sha } = await shop()
    const held = twin.faults.next({ operation: CREATE_REF }, twin.faults.hold())
    const answer = rest.git.createRef({ ...REPO, ref: 'refs/heads/x', sha })
    await held.reached
    expect(await repository.ref('x')).toBe(sha)
    expect(twin.busy()).toBe(false)
    held.release()
    expect((await answer).status).toBe(201)
  })

  test('that hangs before is never done when its caller goes away', async () => {
    const { twin, repository, rest, sha } = await shop()
    const hung = twin.faults.next({ operation: CREATE_REF }, twin.faults.hangBefore())
    const stop = new AbortController()
    const answer = rest.git.createRef({ ...REPO, ref: 'refs/heads/x', sha, request: { signal: stop.signal } })
    await hung.reached
    stop.abort()
    await expect(answer).rejects.toThrow('aborted')
    await twin.idle()
    expect(await repository.ref('x')).toBeUndefined()
  })

  test('whose caller is killed before is not done, one whose caller is killed then is, and neither is answered', async () => {
    const { twin, repository, rest, sha } = await shop()
    const create = (name: string) => rest.git.createRef({ ...REPO, ref: `refs/heads/${name}`, sha })
    const before = twin.faults.on('before', CREATE_REF, () => 'killed')
    await expect(create('x')).rejects.toThrow(/closed|failed/)
    before()
    twin.faults.on('done', CREATE_REF, () => 'killed')
    await expect(create('y')).rejects.toThrow(/closed|failed/)
    await twin.idle()
    expect([await repository.ref('x'), await repository.ref('y')]).toEqual([undefined, sha])
    expect(twin.violations).toEqual([])
  })

  test('is seen before it is done, after, and when it was answered', async () => {
    const { twin, repository, rest, sha } = await shop()
    const seen: string[] = []
    for (const when of ['before', 'done', 'answered'] as const)
      twin.faults.on(when, CREATE_REF, async () => void seen.push(`${when} ${(await repository.ref('x')) === sha}`))
    await rest.git.createRef({ ...REPO, ref: 'refs/heads/x', sha })
    await twin.idle()
    expect(seen).toEqual(['before false', 'done true', 'answered true'])
  })

  test('over a limit is told when to come again', async () => {
    const { twin, rest } = await shop()
    twin.faults.next({}, twin.faults.limit('secondary', 30))
    const failure: unknown = await rest.repos.get(REPO).catch((error: unknown) => error)
    expect(failure).toMatchObject({ status: 403, response: { headers: { 'retry-after': '30' } } })
    expect((await rest.repos.get(REPO)).status).toBe(200)
  })

  test('can make what lists leave out for some seconds', async () => {
    const { twin, clock, rest } = await shop()
    twin.faults.next({ operation: CREATE_ISSUE }, twin.faults.showLate(10))
    const { data } = await rest.issues.create({ ...REPO, title: 'One' })
    const titles = async () => (await rest.issues.listForRepo(REPO)).data.map((issue) => issue.title)
    expect(await titles()).toEqual([])
    expect((await rest.issues.get({ ...REPO, issue_number: data.number })).data.title).toBe('One')
    clock.moveTo(clock.now() + 10_000)
    expect(await titles()).toEqual(['One'])
  })

  test('reads a ref as it was some seconds ago while reads are stale', async () => {
    const { twin, clock, repository, rest, sha } = await shop()
    clock.moveTo(clock.now() + 60_000)
    const tip = await repository.as('alice').commit('main', { 'a.txt': 'a\n' })
    twin.faults.staleRefs(5)
    const read = async () => (await rest.git.getRef({ ...REPO, ref: 'heads/main' })).data.object.sha
    expect(await read()).toBe(sha)
    clock.moveTo(clock.now() + 5000)
    expect(await read()).toBe(tip)
  })
})

describe('a delivery', () => {
  test('can be dropped, repeated under its guid, and delayed', async () => {
    const { twin, clock, repository } = await shop()
    const received = await listenFor(twin)
    twin.faults.drop({ event: 'issues', action: 'opened', times: 1 })
    twin.faults.repeat({ event: 'issue_comment' }, 1)
    twin.faults.delay({ event: 'push' }, 30_000)
    const alice = repository.as('alice')
    const number = await alice.openIssue({ title: 'Lost' })
    await alice.comment(number, 'Twice')
    await alice.commit('late', { 'a.txt': 'a\n' })
    await pass(twin, clock, 1000)
    expect(received.map(({ event }) => event).toSorted()).toEqual(['create', 'issue_comment', 'issue_comment'])
    expect(
      new Set(
        received.filter(({ event }) => event === 'issue_comment').map(({ headers }) => headers['x-github-delivery']),
      ).size,
    ).toBe(1)
    await pass(twin, clock, 30_000)
    expect(received.at(-1)?.event).toBe('push')
    await alice.openIssue({ title: 'Not lost' })
    await pass(twin, clock, 1000)
    expect(received.at(-1)).toMatchObject({ event: 'issues', action: 'opened' })
  })
})
