/** Who the App is to GitHub: what it finds, its rights, its tokens and its limits. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testFence } from '../../support/fence.ts'
import { openTwinPort, type TwinPort, value } from './twin-port.ts'

const fence = testFence()
const published = 'refs/heads/mainkeeper/queue/main/b1'
let on: TwinPort
let clock: TwinPort['clock']
let twin: TwinPort['twin']
let repo: TwinPort['repo']
let github: TwinPort['github']
let port: TwinPort['port']
let installation: TwinPort['installation']
let connect: TwinPort['connect']
let tipOf: TwinPort['tipOf']

beforeEach(async () => {
  on = await openTwinPort({ 'a.txt': 'a\n', '.github/mainkeeper.yml': 'mode: live\n' })
  ;({ clock, twin, repo, github, port, installation, connect, tipOf } = on)
})

afterEach(() => on.close())

test('the App finds itself, its repositories, and GraphQL beside either address of REST', async () => {
  expect(value(await github.identity())).toEqual({ id: twin.app.id, slug: twin.app.slug })
  expect(value(await github.listRepositories())).toEqual([
    {
      id: expect.any(Number),
      repository: 'acme/widgets',
      installation: expect.any(Number),
      default_branch: 'main',
      private: false,
    },
  ])
  const enterprise = connect(`${twin.url}/api/v3`)
  expect(value(await enterprise.repository('acme/widgets', installation).observePulls([], 'main')).tip).toBe(
    await tipOf('main'),
  )
  expect(value(await port.readRepository())).toMatchObject({
    default_branch: 'main',
    private: false,
    has_issues: true,
    full_name: 'acme/widgets',
  })
})

test('limits are honoured until they end', async () => {
  twin.faults.next({ operation: /git\/ref/ }, twin.faults.limit('secondary', 30))
  const until = clock.now() + 30_000
  expect(await port.readRef('refs/heads/main')).toMatchObject({ failure: 'limited', until })
  expect(await port.createRef(fence, published, await tipOf('main'))).toMatchObject({ failure: 'limited', until })
  clock.moveTo(until)
  expect(await port.readRef('refs/heads/main')).toMatchObject({ ok: true })
})

test('a token that was revoked is replaced', async () => {
  await port.readRef('refs/heads/main')
  twin.revokeTokens()
  expect(await port.readRef('refs/heads/main')).toMatchObject({ ok: true })
})

test('a right that is missing is told as such', async () => {
  repo.permissions({ metadata: 'read', contents: 'read' })
  const fresh = connect().repository('acme/widgets', installation)
  expect(await fresh.createRef(fence, published, await tipOf('main'))).toMatchObject({ failure: 'forbidden' })
})
