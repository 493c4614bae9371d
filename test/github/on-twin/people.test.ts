/** What people read and write: follow-ups and comments. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testFence } from '../../support/fence.ts'
import { openTwinPort, type TwinPort, value } from './twin-port.ts'

const fence = testFence()
let on: TwinPort
let clock: TwinPort['clock']
let twin: TwinPort['twin']
let repo: TwinPort['repo']
let port: TwinPort['port']
let propose: TwinPort['propose']

beforeEach(async () => {
  on = await openTwinPort({ 'a.txt': 'a\n', '.github/mainkeeper.yml': 'mode: live\n' })
  ;({ clock, twin, repo, port, propose } = on)
})

afterEach(() => on.close())

test('a follow-up is opened, found again, changed, labelled and closed', async () => {
  const label = { name: 'mainkeeper:blocked', color: 'd93f0b', description: 'Waits for a person' }
  value(await port.ensureLabel(fence, label))
  value(await port.ensureLabel(fence, label))
  const issue = value(
    await port.createIssue(fence, { title: 'Blocked', body: 'Why', labels: [label.name], assignee: 'alice' }),
  )
  const second = value(
    await port.createIssue(fence, { title: 'Blocked too', body: 'Why', labels: [label.name], assignee: 'nobody-here' }),
  )
  await repo.as('alice').openIssue({ title: 'Not ours', labels: [label.name] })
  expect(
    value(await port.listIssues(label.name)).map(({ number, author, state }) => ({ number, author, state })),
  ).toEqual([
    { number: second, author: twin.app.botLogin, state: 'open' },
    { number: issue, author: twin.app.botLogin, state: 'open' },
  ])
  expect(repo.issue(issue).assignees).toEqual(['alice'])
  value(await port.updateIssue(fence, issue, { body: 'More', state: 'closed', reason: 'completed' }))
  expect(repo.issue(issue)).toMatchObject({ body: 'More', state: 'closed', stateReason: 'completed' })
  value(await port.removeLabel(fence, issue, label.name))
  value(await port.removeLabel(fence, issue, label.name))
  expect(repo.issue(issue).labels).toEqual([])
  await repo.as('alice').label(issue, 'mainkeeper:resume')
  expect(value(await port.readIssueEvents(issue)).map(({ event, label: name, actor }) => [event, name, actor])).toEqual(
    [
      ['labeled', label.name, twin.app.botLogin],
      ['closed', null, twin.app.botLogin],
      ['unlabeled', label.name, twin.app.botLogin],
      ['labeled', 'mainkeeper:resume', 'alice'],
    ],
  )
})

test('issues that are switched off are a refusal', async () => {
  repo.settings({ issues: false })
  expect(await port.createIssue(fence, { title: 'Blocked', body: 'Why', labels: [], assignee: null })).toMatchObject({
    failure: 'refused',
  })
})

test('comments are written, changed, listed and answered', async () => {
  const { pull } = await propose('feature', { 'b.txt': 'b\n' })
  const since = new Date(clock.now()).toISOString()
  const asked = await repo.as('alice').comment(pull, '/resume')
  const ours = value(await port.createComment(fence, pull, 'Hm'))
  value(await port.updateComment(fence, ours, 'Ah'))
  value(await port.react(fence, { on: 'comment', id: asked }, '+1'))
  const comments = value(await port.listComments(pull))
  expect(
    comments.map(({ id, issue, body, author, author_is_bot }) => ({ id, issue, body, author, author_is_bot })),
  ).toEqual([
    { id: asked, issue: pull, body: '/resume', author: 'alice', author_is_bot: false },
    { id: ours, issue: pull, body: 'Ah', author: twin.app.botLogin, author_is_bot: true },
  ])
  expect(value(await port.listCommentsSince(since)).map(({ id }) => id)).toEqual([asked, ours])
  expect(repo.comments(pull)[0]?.reactions).toEqual(['+1'])
})
