/** Check runs as they are written and read. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CheckRunContent } from '../../../src/github/check-run.ts'
import { testFence } from '../../support/fence.ts'
import { openTwinPort, type TwinPort, value } from './twin-port.ts'

const fence = testFence()
let on: TwinPort
let twin: TwinPort['twin']
let repo: TwinPort['repo']
let port: TwinPort['port']
let propose: TwinPort['propose']

beforeEach(async () => {
  on = await openTwinPort({ 'a.txt': 'a\n', '.github/mainkeeper.yml': 'mode: live\n' })
  ;({ twin, repo, port, propose } = on)
})

afterEach(() => on.close())

test('check runs of several heads are written in one document, each done or not by itself', async () => {
  const written = (title: string, sha: string): CheckRunContent => ({
    name: 'mainkeeper',
    sha,
    external_id: `main#${title}`,
    status: 'in_progress',
    conclusion: null,
    title,
    summary: 'Why',
    actions: [],
    details_url: null,
  })
  const heads: string[] = []
  for (const name of ['one', 'two']) heads.push((await propose(name, { [`${name}.txt`]: 'x\n' })).head)
  const [one = '', two = ''] = heads
  const first = value(await port.createCheckRun(fence, written('Queued', one)))
  const second = value(await port.createCheckRun(fence, written('Queued', two)))
  const actions = [{ label: 'Resume', description: 'Take it up again', identifier: 'resume' }]
  const before = twin.meter.snapshot().total
  const said = value(
    await port.updateCheckRuns(fence, [
      {
        node: first.node,
        content: { ...written('Blocked', one), status: 'completed', conclusion: 'neutral', actions },
      },
      { node: 'CR_nowhere', content: written('Nowhere', one) },
      { node: second.node, content: { ...written('Landed', two), details_url: 'https://page.example/12' } },
      {
        node: second.node,
        content: { ...written('Lost', two), actions: [...actions, ...actions, ...actions, ...actions] },
      },
    ]),
  )
  expect(said).toMatchObject([{ ok: true }, { failure: 'gone' }, { ok: true }, { failure: 'refused' }])
  expect(twin.meter.snapshot().total - before).toBeLessThanOrEqual(2)
  expect(repo.checkRuns(one).find(({ id }) => id === first.id)).toMatchObject({
    status: 'completed',
    conclusion: 'neutral',
    title: 'Blocked',
    actions,
  })
  expect(repo.checkRuns(two)).toMatchObject([{ status: 'in_progress', conclusion: null, title: 'Landed' }])
})

test('checks of a commit are read with the branch that they ran for, and ours are not among them', async () => {
  const { head } = await propose('feature', { 'b.txt': 'b\n' })
  const app = { id: 15368, slug: 'actions' }
  repo.reportCheckRun({ sha: head, name: 'test', app, status: 'in_progress', head_branch: 'feature' })
  repo.reportCheckRun({
    sha: head,
    name: 'test',
    app,
    status: 'completed',
    conclusion: 'failure',
    head_branch: 'other',
  })
  const content: CheckRunContent = {
    name: 'mainkeeper',
    sha: head,
    external_id: 'main#1',
    status: 'in_progress',
    conclusion: null,
    title: 'Queued',
    summary: 'First',
    actions: [],
    details_url: null,
  }
  const { id } = value(await port.createCheckRun(fence, content))
  expect(value(await port.listCheckRuns(head, 'mainkeeper'))).toEqual([
    { id, external_id: 'main#1', app_id: twin.app.id },
  ])
  const actions = [{ label: 'Resume', description: 'Take it up again', identifier: 'resume' }]
  value(
    await port.updateCheckRun(fence, id, {
      ...content,
      status: 'completed',
      conclusion: 'action_required',
      title: 'Blocked',
      actions,
    }),
  )
  expect(repo.checkRuns(head).at(-1)).toMatchObject({
    status: 'completed',
    conclusion: 'action_required',
    title: 'Blocked',
  })
  const facts = value(await port.observeChecks(head)).map((fact) => fact.payload)
  expect(facts.toSorted((a, b) => a.run - b.run)).toMatchObject([
    { context: 'test', branch: 'feature', status: 'in_progress', conclusion: null },
    { context: 'test', branch: 'other', status: 'completed', conclusion: 'failure' },
  ])
})
