import { describe, expect, test } from 'vitest'
import { clientFor, failureOf, pass, twinForTest } from './app-client.ts'

const REPO = { owner: 'acme', repo: 'shop' }

async function shop() {
  const { twin, clock } = await twinForTest()
  const repository = await twin.repository('acme/shop', { files: { 'a.txt': '1\n2\n3\n', 'b.txt': 'b\n' } })
  repository.collaborator('alice', 'write')
  const client = await clientFor(twin, repository)
  return { twin, clock, repository, client, alice: repository.as('alice') }
}

describe('POST /merges', () => {
  test('answers 201 with a commit of both parents, and 204 for what the base contains', async () => {
    const { twin, repository, client, alice } = await shop()
    const head = await alice.commit('feature', { 'b.txt': 'c\n' })
    const base = await repository.ref('main')
    const made = await client.rest.repos.merge({ ...REPO, base: 'main', head })
    expect(made.status).toBe(201)
    expect(made.data.parents.map((parent) => parent.sha)).toEqual([base, head])
    expect(await repository.ref('main')).toBe(made.data.sha)
    expect(await repository.files('main')).toEqual({ 'a.txt': '1\n2\n3\n', 'b.txt': 'c\n' })
    const again = await client.rest.repos.merge({ ...REPO, base: 'main', head })
    expect(again.status).toBe(204)
    expect(twin.violations).toEqual([])
  })

  test('answers 409 for a conflict and moves nothing', async () => {
    const { twin, repository, client, alice } = await shop()
    const head = await alice.commit('feature', { 'a.txt': '1\nx\n3\n' })
    const tip = await alice.commit('main', { 'a.txt': '1\ny\n3\n' })
    const failure = await failureOf(client.rest.repos.merge({ ...REPO, base: 'main', head }))
    expect(failure).toMatchObject({ status: 409, message: expect.stringContaining('Merge conflict') })
    expect(await repository.ref('main')).toBe(tip)
    expect(twin.violations).toEqual([])
  })

  test('answers 404 for a base or a head that is not there', async () => {
    const { client } = await shop()
    const noBase = await failureOf(client.rest.repos.merge({ ...REPO, base: 'gone', head: 'main' }))
    const noHead = await failureOf(client.rest.repos.merge({ ...REPO, base: 'main', head: 'gone' }))
    expect(noBase).toMatchObject({ status: 404, message: expect.stringContaining('Base does not exist') })
    expect(noHead).toMatchObject({ status: 404, message: expect.stringContaining('Head does not exist') })
  })
})

describe('merged detection', () => {
  test('marks a pull request merged some seconds after its head became reachable from its base', async () => {
    const { twin, clock, repository, client, alice } = await shop()
    const head = await alice.commit('feature', { 'b.txt': 'c\n' })
    const number = await alice.openPull({ head: 'feature', title: 'Change b' })
    const made = await client.rest.repos.merge({ ...REPO, base: 'main', head })
    expect(repository.pull(number)).toMatchObject({ state: 'open', merged: false })
    await pass(twin, clock)
    expect(repository.pull(number)).toMatchObject({ state: 'closed', merged: true, mergeCommit: made.data.sha })
    const { data } = await client.rest.pulls.get({ ...REPO, pull_number: number })
    expect(data).toMatchObject({ merged: true, merged_by: { login: twin.app.botLogin } })
    expect(twin.violations).toEqual([])
  })
})
