/** A build from its assembly to the move of the target, and what stops it: another move, a check, a conflict, an answer that was lost. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testFence } from '../../support/fence.ts'
import { openTwinPort, type TwinPort, value } from './twin-port.ts'

const fence = testFence()
const published = 'refs/heads/mainkeeper/queue/main/b1'
const scratch = 'mainkeeper/scratch/b1-1-1'
let on: TwinPort
let twin: TwinPort['twin']
let repo: TwinPort['repo']
let port: TwinPort['port']
let tipOf: TwinPort['tipOf']
let propose: TwinPort['propose']

beforeEach(async () => {
  on = await openTwinPort({ 'a.txt': 'a\n', '.github/mainkeeper.yml': 'mode: live\n' })
  ;({ twin, repo, port, tipOf, propose } = on)
})

afterEach(() => on.close())

/** A build of one member, assembled and published as the queue does it. */
async function publish(head: string): Promise<{ from: string; to: string }> {
  const from = await tipOf('main')
  value(await port.createRef(fence, `refs/heads/${scratch}`, from))
  const merged = value(await port.merge(fence, scratch, head, 'Merge one'))
  value(await port.createRef(fence, published, merged?.sha ?? ''))
  return { from, to: merged?.sha ?? '' }
}

test('a build is assembled by sha, published, and the target moved to it in one step', async () => {
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const { from, to } = await publish(head)
  const commit = value(await port.readCommit(to))
  expect(commit).toMatchObject({ sha: to, parents: [from, head], message: 'Merge one', tree: await repo.tree(to) })
  expect(value(await port.merge(fence, scratch, head, 'Again'))).toBeNull()
  expect(value(await port.contains(to, head))).toBe(true)
  expect(value(await port.contains(from, to))).toBe(false)
  value(await port.advanceTarget(fence, { target: 'main', from, to, published }))
  expect(value(await port.readRef('refs/heads/main'))).toBe(to)
  expect(value(await port.readRef(published))).toBeNull()
  expect(value(await port.listRefs('refs/heads/mainkeeper/'))).toEqual([{ ref: `refs/heads/${scratch}`, sha: to }])
  value(await port.deleteRef(fence, `refs/heads/${scratch}`))
  value(await port.deleteRef(fence, `refs/heads/${scratch}`))
  expect(value(await port.listRefs('refs/heads/mainkeeper/'))).toEqual([])
})

test('a target that moved moves no further, not even where it would be a fast-forward', async () => {
  const one = await propose('one', { 'b.txt': 'b\n' })
  const two = await propose('two', { 'c.txt': 'c\n' })
  const { from, to } = await publish(one.head)
  await repo.as('bob').push('main', to)
  const longer = value(await port.merge(fence, scratch, two.head, 'Merge two'))?.sha ?? ''
  value(await port.deleteRef(fence, published))
  value(await port.createRef(fence, published, longer))
  expect(await port.advanceTarget(fence, { target: 'main', from, to: longer, published })).toMatchObject({
    failure: 'moved',
  })
  expect([await tipOf('main'), await repo.ref(published)]).toEqual([to, longer])
})

test('a build that was withdrawn, or published anew, moves nothing', async () => {
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const { from, to } = await publish(head)
  value(await port.deleteRef(fence, published))
  expect(await port.advanceTarget(fence, { target: 'main', from, to, published })).toMatchObject({ failure: 'moved' })
  value(await port.createRef(fence, published, head))
  expect(await port.advanceTarget(fence, { target: 'main', from, to, published })).toMatchObject({ failure: 'moved' })
  expect([await tipOf('main'), await repo.ref(published)]).toEqual([from, head])
})

test('a required check that did not pass is a refusal with GitHub’s text', async () => {
  repo.protect('main', { requiredChecks: [{ context: 'test' }] })
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const move = { target: 'main', published, ...(await publish(head)) }
  expect(await port.advanceTarget(fence, move)).toMatchObject({
    failure: 'refused',
    message: expect.stringMatching(/required status check/i),
  })
  repo.reportCheckRun({
    sha: move.to,
    name: 'test',
    app: { id: 15368, slug: 'actions' },
    status: 'completed',
    conclusion: 'success',
    head_branch: 'mainkeeper/queue/main/b1',
  })
  value(await port.advanceTarget(fence, move))
})

test('an advance that was done and answered with an error is unclear', async () => {
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const move = { target: 'main', published, ...(await publish(head)) }
  twin.faults.next({ operation: 'graphql:AdvanceTarget' }, twin.faults.failAfter(502))
  expect(await port.advanceTarget(fence, move)).toMatchObject({ failure: 'unclear' })
  expect(await tipOf('main')).toBe(move.to)
})

test('a conflict is told, with the files that both sides changed', async () => {
  const { head } = await propose('feature', { 'a.txt': 'feature\n', 'b.txt': 'b\n' })
  const tip = await repo.as('bob').commit('main', { 'a.txt': 'main\n', 'c.txt': 'c\n' })
  value(await port.createRef(fence, `refs/heads/${scratch}`, tip))
  expect(await port.merge(fence, scratch, head, 'Merge')).toMatchObject({ failure: 'conflict' })
  expect(value(await port.conflictingFiles(tip, head))).toEqual(['a.txt'])
})

test('where a branch stands is read together with the tree of a commit, and so is that there is none', async () => {
  const tip = await tipOf('main')
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const before = twin.meter.snapshot().total
  expect(value(await port.readTarget('main', head))).toEqual({ tip, tree: await repo.tree(head) })
  expect(twin.meter.snapshot().total).toBe(before + 1)
  expect(value(await port.readTarget('nowhere', 'e'.repeat(40)))).toEqual({ tip: null, tree: null })
})

test('refs, commits and heads that do not exist are told apart from those that do', async () => {
  const tip = await tipOf('main')
  expect(await port.createRef(fence, 'refs/heads/main', tip)).toMatchObject({ failure: 'moved' })
  expect(await port.createRef(fence, published, 'e'.repeat(40))).toMatchObject({ failure: 'gone' })
  expect(await port.merge(fence, 'nowhere', tip, 'Merge')).toMatchObject({ failure: 'gone' })
  expect(await port.readCommit('e'.repeat(40))).toMatchObject({ failure: 'gone' })
  expect(value(await port.readRef('refs/heads/mai'))).toBeNull()
  const commit = value(await port.createCommit(fence, { tree: await repo.tree(tip), parents: [tip], message: 'Again' }))
  expect(commit).toMatchObject({ parents: [tip], message: 'Again' })
})
