import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { EVENTS } from '../../src/twin/twin.ts'
import { appClient, listenFor, pass, twinForTest } from './app-client.ts'

test('webhooks are signed, and name their event, guid and sender', async () => {
  const { twin, clock } = await twinForTest()
  const received = await listenFor(twin)
  const repository = await twin.repository('acme/shop')
  await repository.as('alice').openIssue({ title: 'Signed' })
  await pass(twin, clock)
  const opened = received.find(({ event }) => event === 'issues')
  const signature = createHmac('sha256', twin.app.webhookSecret)
    .update(opened?.raw ?? '')
    .digest('hex')
  expect(opened?.headers).toMatchObject({
    'x-hub-signature-256': `sha256=${signature}`,
    'x-github-event': 'issues',
    'x-github-delivery': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    'content-type': 'application/json',
  })
  expect(opened?.payload).toMatchObject({
    action: 'opened',
    sender: { login: 'alice' },
    repository: { full_name: 'acme/shop' },
  })
})

test('the App is told of what it is subscribed to, and of its installation unasked', async () => {
  const manifest: unknown = parse(await readFile(new URL('../../app.yml', import.meta.url), 'utf8'))
  expect(manifest).toMatchObject({ default_events: EVENTS })
  const { twin, clock } = await twinForTest({ events: EVENTS })
  const received = await listenFor(twin)
  const repository = await twin.repository('acme/shop')
  await repository.as('alice').commit('topic', { 'a.txt': 'a' })
  await repository.as('alice').deleteBranch('topic')
  await pass(twin, clock)
  expect(received.map(({ event }) => event).toSorted()).toEqual(['installation', 'push', 'push'])
})

test('a delivery that was refused is listed with its status and sent again only when somebody asks', async () => {
  const { twin, clock } = await twinForTest()
  let status = 500
  const received = await listenFor(twin, () => status)
  const repository = await twin.repository('acme/shop')
  await repository.as('alice').openIssue({ title: 'Refused' })
  await pass(twin, clock, 3_600_000)
  const { rest } = appClient(twin)
  const listed = (await rest.apps.listWebhookDeliveries()).data.find(({ event }) => event === 'issues')
  expect(listed).toMatchObject({ status_code: 500, action: 'opened', redelivery: false })
  expect(received.filter(({ event }) => event === 'issues')).toHaveLength(1)
  status = 200
  await rest.apps.redeliverWebhookDelivery({ delivery_id: listed?.id ?? 0 })
  await pass(twin, clock)
  const sent = received.filter(({ event }) => event === 'issues')
  expect(new Set(sent.map(({ headers }) => headers['x-github-delivery'])).size).toBe(1)
  expect(sent).toHaveLength(2)
})

test('an act that is done silently sends no webhook, and the rest of the twin knows of it', async () => {
  const { twin, clock } = await twinForTest()
  const repository = await twin.repository('acme/shop')
  const received = await listenFor(twin)
  const alice = repository.as('alice')
  await alice.commit('feature', { 'a.txt': 'a\n' }, { silently: true })
  const number = await alice.openPull({ head: 'feature', title: 'Quiet' }, { silently: true })
  await alice.merge(number, { silently: true })
  await pass(twin, clock)
  expect(received).toEqual([])
  expect(repository.pull(number).merged).toBe(true)
})

test('a push to a fork is told to the base repository as a synchronized pull request only', async () => {
  const { twin, clock } = await twinForTest()
  const repository = await twin.repository('acme/shop')
  const fork = await repository.fork('dave')
  const dave = fork.as('dave')
  await dave.commit('patch', { 'a.txt': 'a\n' })
  const number = await repository.as('dave').openPull({ head: 'dave:patch', title: 'Patch' })
  const received = await listenFor(twin)
  const head = await dave.commit('patch', { 'a.txt': 'b\n' })
  await pass(twin, clock)
  expect(received.map(({ event, action }) => `${event} ${action}`)).toEqual(['pull_request synchronize'])
  expect(repository.pull(number).head.sha).toBe(head)
  expect(await repository.ref(`refs/pull/${number}/head`)).toBe(head)
})

async function webhooksOfSeed(seed: number): Promise<string[]> {
  const { twin, clock } = await twinForTest({ seed })
  const received = await listenFor(twin)
  const alice = (await twin.repository('acme/shop')).as('alice')
  for (let i = 0; i < 5; i++) await alice.openIssue({ title: `Issue ${i}` })
  await pass(twin, clock)
  return received.map(
    ({ headers, raw }) => `${headers['x-github-delivery']?.toString()} ${/"title":"[^"]*"/.exec(raw)?.[0]}`,
  )
}

test('two twins of one seed send the same webhooks in the same order, those of another seed do not', async () => {
  const first = await webhooksOfSeed(5)
  expect(first).toHaveLength(6)
  expect(await webhooksOfSeed(5)).toEqual(first)
  expect(await webhooksOfSeed(6)).not.toEqual(first)
})
