import { expect, test } from 'vitest'
import { clientFor, twinForTest } from './app-client.ts'

const ZERO = '0'.repeat(40)
const DOCUMENT = `mutation Advance($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }`

async function shop() {
  const { twin } = await twinForTest()
  const repository = await twin.repository('acme/shop')
  const alice = repository.as('alice')
  repository.collaborator('alice', 'write')
  const [from, to] = [await repository.ref('main'), await alice.commit('ready', { 'a.txt': 'a\n' })]
  await alice.push('mainkeeper/queue/main/1', to)
  const client = await clientFor(twin, repository)
  const { data } = await client.rest.repos.get({ owner: 'acme', repo: 'shop' })
  const update = async (refUpdates: object[]): Promise<{ status: number; text: string; messages: string[] }> => {
    const input = { repositoryId: data.node_id, refUpdates }
    const answer = await client.request('POST /graphql', { query: DOCUMENT, variables: { input } })
    const errors: { message: string }[] = answer.data.errors ?? []
    return { status: answer.status, text: JSON.stringify(answer.data), messages: errors.map((error) => error.message) }
  }
  return { twin, repository, alice, update, from: from ?? '', to }
}

const target = (before: string, after: string) => ({
  name: 'refs/heads/main',
  beforeOid: before,
  afterOid: after,
  force: false,
})
const published = (before: string) => ({
  name: 'refs/heads/mainkeeper/queue/main/1',
  beforeOid: before,
  afterOid: ZERO,
  force: true,
})

test('updateRefs moves one ref and deletes another in one step, and answers without refs', async () => {
  const { repository, update, from, to, twin } = await shop()
  const answer = await update([target(from, to), published(to)])
  expect(answer.text).toBe('{"data":{"updateRefs":{"clientMutationId":null}}}')
  expect(await repository.ref('main')).toBe(to)
  expect(await repository.ref('mainkeeper/queue/main/1')).toBeUndefined()
  expect(twin.meter.snapshot().refMoves).toBe(2)
})

test('updateRefs moves nothing when one of the refs is gone, and says so under 200', async () => {
  const { repository, update, from, to, alice, twin } = await shop()
  await alice.deleteBranch('mainkeeper/queue/main/1')
  const answer = await update([target(from, to), published(to)])
  expect(answer).toMatchObject({ status: 200, messages: [expect.stringContaining('does not exist')] })
  expect(await repository.ref('main')).toBe(from)
  expect(twin.violations).toEqual([])
})

test('updateRefs moves nothing when the target is not where it was said to be', async () => {
  const { repository, update, from, to, alice } = await shop()
  const moved = await alice.commit('main', { 'b.txt': 'b\n' })
  const answer = await update([target(from, to), published(to)])
  expect(answer.messages).toEqual([expect.stringContaining(`is at ${moved} but expected ${from}`)])
  expect(await repository.ref('main')).toBe(moved)
  expect(await repository.ref('mainkeeper/queue/main/1')).toBe(to)
})

test('updateRefs without force refuses what is not a fast forward', async () => {
  const { repository, update, alice } = await shop()
  const tip = await alice.commit('main', { 'b.txt': 'b\n' })
  const beside = await alice.commit('beside', { 'c.txt': 'c\n' }, { from: 'ready' })
  const answer = await update([target(tip, beside)])
  expect(answer.messages).toEqual([expect.stringContaining('not a fast forward')])
  expect(await repository.ref('main')).toBe(tip)
})

test('updateRefs keeps a ruleset and names the rule that it breaks', async () => {
  const { repository, update, from, to } = await shop()
  repository.ruleset({
    name: 'Proven',
    include: ['~DEFAULT_BRANCH'],
    rules: [{ type: 'required_status_checks', checks: [{ context: 'test', appId: 99 }] }],
  })
  const refused = await update([target(from, to), published(to)])
  expect(refused.messages).toEqual([expect.stringContaining('Required status check "test" is expected.')])
  repository.reportCheckRun({
    sha: to,
    name: 'test',
    app: { id: 7, slug: 'other' },
    status: 'completed',
    conclusion: 'success',
  })
  expect((await update([target(from, to), published(to)])).messages).toHaveLength(1)
  repository.reportCheckRun({
    sha: to,
    name: 'test',
    app: { id: 99, slug: 'ci' },
    status: 'completed',
    conclusion: 'success',
  })
  expect((await update([target(from, to), published(to)])).messages).toEqual([])
  expect(await repository.ref('main')).toBe(to)
})

test('a document that asks for what GitHub does not have is a violation', async () => {
  const { twin } = await twinForTest()
  const client = await clientFor(twin, await twin.repository('acme/shop'))
  const answer = await client.request('POST /graphql', {
    query: 'query Wrong { repository(owner: "acme", name: "shop") { nope } }',
  })
  expect(answer.data.errors).toHaveLength(1)
  expect(twin.violations).toEqual([expect.stringContaining('Cannot query field "nope"')])
})
