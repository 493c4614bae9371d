/** Stories of what comes in and is of no use, or comes twice, or late: kept, visible, and without a second effect. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { NewDelivery } from '../../../src/store/inbox.ts'
import { testDatabases } from '../../support/database/database.ts'
import { asStory, type Story } from '../../support/story/story.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }

interface Post {
  readonly event: string
  readonly body: string
  readonly id?: string
  readonly secret?: string
}

/** Posts a webhook to the bot as GitHub would, and gives the status of the answer. */
async function post(
  story: Story,
  { event, body, id = 'd-1', secret = story.twin.app.webhookSecret }: Post,
): Promise<number> {
  const answer = await fetch(`${story.url()}/api/github/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  })
  await answer.arrayBuffer()
  return answer.status
}

/** Takes the webhooks that the bot would get and keeps them, as a bot that dies right after would have. */
async function keepingOnly(story: Story, act: () => Promise<unknown>): Promise<NewDelivery[]> {
  const kept: NewDelivery[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { 'x-github-delivery': id, 'x-github-event': event } = request.headers
      kept.push({
        id: String(id),
        event: String(event),
        action: null,
        repository: story.repo.fullName,
        installation: null,
        body: Buffer.concat(pieces).toString('utf8'),
      })
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  story.twin.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await act()
  await story.pass(0.1)
  server.close()
  server.closeAllConnections()
  for (const delivery of kept) await story.store.inbox.receive(delivery)
  return kept
}

test(
  'C106 a wrong signature is answered with 401 and nothing is kept',
  asStory(async (story) => {
    const before = await story.store.inbox.latest(1_000)
    expect(await post(story, { event: 'push', body: '{}', secret: 'another' })).toBe(401)
    expect(await story.store.inbox.latest(1_000)).toEqual(before)
  }),
)

test(
  'C106 an event that nobody listens for is kept and leads to nothing',
  asStory(async (story) => {
    const position = await story.store.log.position()
    expect(await post(story, { event: 'gollum', body: '{"action":"created"}' })).toBe(200)
    expect(await story.store.inbox.find('d-1')).toMatchObject({ event: 'gollum', translated_at: expect.any(Date) })
    expect(await story.store.log.position()).toBe(position)
  }),
)

test(
  'a payload that lacks what is needed is kept with its diagnostics, and the bot goes on',
  asStory(async (story) => {
    expect(
      await post(story, { event: 'pull_request_review', body: '{"action":"submitted","review":{"id":"x"}}' }),
    ).toBe(422)
    const kept = await story.store.inbox.find('d-1')
    expect(kept).toMatchObject({ translated_at: null, attempts: 1 })
    expect(kept?.diagnostics?.join('\n')).toContain('review.id')
    await story.merged(await story.approved('topic', text))
  }),
)

test.each(testDatabases())(
  'C107 every delivery twice has the effect of every delivery once (%s)',
  asStory(async (story) => {
    const { repo, twin } = story
    twin.faults.repeat({}, 1)
    const number = await story.approved('topic', text)
    const asked = await repo.as('carol').comment(number, '/why')
    await story.merged(number)
    await story.until(() => story.title(number).startsWith('Landed as '))
    await story.pass(1)
    expect(await story.events('review_approved')).toHaveLength(1)
    expect(await story.events('command_requested')).toHaveLength(1)
    expect(repo.comments(number).filter(({ body }) => body.includes(`comment=${asked}`))).toHaveLength(1)
  }),
)

test(
  'C132 a delivery that was kept and not translated when the bot died is translated at the next start',
  asStory(async (story) => {
    const { repo } = story
    const number = await story.propose('topic', text)
    await story.pass(2)
    await story.stopBot()
    const kept = await keepingOnly(story, () => repo.as('bob').review(number, 'approve'))
    const review = kept.find(({ event }) => event === 'pull_request_review')
    await story.startBot()
    await story.until(async () => (await story.events('review_approved')).length > 0, 1)
    expect((await story.events('review_approved')).map(({ source }) => source)).toEqual([
      expect.stringContaining(review?.id ?? 'none'),
    ])
    await story.merged(number)
  }),
)

test(
  'what happened while the bot was away is found at its start',
  asStory(async (story) => {
    const { repo } = story
    const number = await story.propose('topic', text)
    await story.pass(2)
    await story.stopBot()
    await repo.as('bob').review(number, 'approve', { silently: true })
    const started = story.clock.now()
    await story.startBot()
    await story.until(() => story.title(number) === 'Testing', 1)
    expect(story.clock.now() - started).toBeLessThan(30_000)
    await story.merged(number)
  }),
)

test(
  'C110 an approval, a push and a closing whose webhooks are all lost are found by the sweep',
  asStory(async (story) => {
    const { repo, twin } = story
    twin.faults.drop()
    const lands = await story.approved('lands', text)
    const closed = await story.approved('closed', { 'src/b.ts': 'b\n' })
    await repo.as('alice').close(closed)
    await story.merged(lands)
    expect(repo.pull(closed).merged).toBe(false)
    expect(await story.landed()).toEqual([repo.pull(lands).head.sha])
  }),
)

test(
  'C116 a pull request that breaks the configuration is told what is wrong with it, and judged by the one of its target',
  asStory(async (story) => {
    const { repo } = story
    const file = 'mode: live\nready:\n  approvals: { required: 0 }\n'
    const number = await story.propose('loose', { '.github/mainkeeper.yml': file })
    const summary = () => story.checkRun(number)?.summary ?? ''
    await story.until(() => summary().includes('the new one is broken'), 10)
    expect(summary()).toContain('line 3, column 16: `ready.approvals.required` is `0`: it is at least 1')
    expect(summary()).toContain('judged by the file of `main`, not by its own')
    expect(story.title(number)).toBe('Waiting for 1 approval')

    await repo.as('bob').review(number, 'approve')
    await story.merged(number)
  }),
)

test(
  'C116 a broken configuration is told on its commit with line, key and fix, and the last good one stays',
  asStory(async (story) => {
    const { repo } = story
    const commit = await repo
      .as('dave')
      .commit('main', { '.github/mainkeeper.yml': 'mode: live\nready:\n  when: sometimes\n' })
    await story.until(() => repo.checkRuns(commit).some(({ name }) => name === 'mainkeeper'), 2)
    const [told] = repo.checkRuns(commit).filter(({ name }) => name === 'mainkeeper')
    expect(told).toMatchObject({ conclusion: 'action_required', title: expect.stringContaining('line 3') })
    expect(told?.summary).toContain('line 3, column 3: `ready.when` is `"sometimes"`')
    expect(told?.summary).toMatch(/it is one of .*draft/)
    expect(told?.summary).toContain('the last good configuration counts')
    await story.merged(await story.approved('topic', text))
    expect(repo.checkRuns(commit).filter(({ name }) => name === 'mainkeeper')).toHaveLength(1)
  }),
)
