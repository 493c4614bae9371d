/** The sweep: what webhooks missed comes out as events, what is known does not, and how little GitHub is asked for it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EventType, NewEvent } from '../../src/core/events.ts'
import { observeRepositories } from '../../src/ingest/repositories.ts'
import { sweepRepository } from '../../src/ingest/sweep.ts'
import { translateComment } from '../../src/ingest/translate/comment.ts'
import { translateIssue } from '../../src/ingest/translate/issue.ts'
import { openTestStore, type TestStore } from '../support/database/database.ts'
import { blocked, examined, followUpOpened, queued } from '../support/facts.ts'
import { comment, type FakeGitHub, fakeGitHub, issue, pullOn } from './fake-port.ts'
import { BOT, context, eventsOf, followUp, person, REPOSITORY, repository, sha } from './payloads.ts'

/** As the installation's webhook tells it, or as a read does. */
const installed = (default_branch: string | null = 'main'): NewEvent => ({
  type: 'repository_observed',
  occurred_at: '2026-01-05T12:00:00Z',
  source: 'read',
  payload: { installation: 9, installed: true, suspended: false, default_branch, private: false },
})

/** A lane's own event. */
const onMain = (event: NewEvent): NewEvent => ({ ...event, lane: 'main' })

describe('the sweep of a repository', () => {
  let test: TestStore
  let github: FakeGitHub
  let now: number
  beforeAll(async () => {
    test = await openTestStore()
  })
  beforeEach(async () => {
    await test.truncate()
    github = fakeGitHub()
    now = Date.UTC(2026, 0, 5, 12)
    await append(installed())
  })
  afterAll(() => test.close())

  const sweep = (port = github.port) =>
    sweepRepository({ port, bot: BOT, store: test.store, repository: REPOSITORY, now: () => now, startedAt: 0 })
  const append = (...events: NewEvent[]) => test.store.log.append({ repository: REPOSITORY, events })
  async function logged(type: EventType): Promise<unknown[]> {
    const events = await test.store.models.eventsOf({ repository: REPOSITORY, limit: 1000 })
    return events.filter((event) => event.type === type).map(({ payload }) => payload)
  }
  const counts = () =>
    Object.fromEntries(
      [...new Set(github.asked)].map((name) => [name, github.asked.filter((one) => one === name).length]),
    )

  it('records what it finds, and a second one finds nothing new', async () => {
    github.pulls.set(12, pullOn(12))
    expect(await sweep()).toMatchObject({ failures: [] })
    expect(await logged('config_changed')).toMatchObject([{ branch: 'main', config: { mode: 'live' } }])
    expect(await logged('target_moved')).toMatchObject([{ branch: 'main', after: sha('c1') }])
    expect(await logged('pull_request_observed')).toMatchObject([{ pull: 12 }])
    expect(await logged('protection_observed')).toHaveLength(1)
    expect(await sweep()).toEqual({ complete: true, appended: 0, failures: [] })
  })

  it('asks what the default branch is called when only the installation told of the repository', async () => {
    await test.truncate()
    await append(installed(null))
    await sweep()
    expect(await logged('repository_observed')).toMatchObject([{ default_branch: null }, { default_branch: 'main' }])
    expect(await logged('config_changed')).toHaveLength(1)
    expect(counts()).toMatchObject({ readRepository: 1 })
  })

  it('looks at the configuration file alone where there is none, or the mode is off', async () => {
    delete github.configs['main']
    await sweep()
    expect(counts()).toEqual({ survey: 1 })
    github.configs['main'] = 'mode: off'
    await sweep()
    expect(counts()).toEqual({ survey: 2 })
  })

  it('goes on by the last good configuration when the file is broken', async () => {
    await sweep()
    github.configs['main'] = 'mode: liv'
    github.pulls.set(12, pullOn(12))
    await sweep()
    expect((await logged('config_changed')).at(-1)).toMatchObject({ config: null, errors: [{ line: 1, key: 'mode' }] })
    expect(await logged('pull_request_observed')).toHaveLength(1)
  })

  it('tells from where a target moved', async () => {
    await sweep()
    github.tips['main'] = sha('c2')
    await sweep()
    expect((await logged('target_moved')).at(-1)).toMatchObject({ before: sha('c1'), after: sha('c2') })
  })

  it('C110 sees the closing of a pull request whose webhooks were all lost', async () => {
    github.pulls.set(12, pullOn(12)).set(13, pullOn(13))
    await sweep()
    github.pulls.set(12, pullOn(12, { state: 'merged', updated_at: '2026-01-05T13:00:00Z' }))
    github.asked.length = 0
    await sweep()
    expect((await logged('pull_request_observed')).at(-1)).toMatchObject({ pull: 12, state: 'merged' })
    expect(counts()).toMatchObject({ observePulls: 1 })
  })

  it('looks at every branch that is a lane, each with its own file', async () => {
    github.configs['main'] = "mode: live\ntargets: [main, 'release/*']"
    github.tips['release/1'] = sha('c5')
    github.configs['release/1'] = 'mode: live\nready: { checks: build }'
    github.pulls.set(12, pullOn(12, { base: 'release/1' }))
    await sweep()
    expect(await logged('config_changed')).toMatchObject([
      { branch: 'main' },
      { branch: 'release/1', default_branch: false },
    ])
    expect(await logged('target_moved')).toMatchObject([{ branch: 'main' }, { branch: 'release/1', after: sha('c5') }])
  })

  it('lets a fact win that arrived while it was reading', async () => {
    await sweep()
    const { survey } = github.port
    const slow: typeof github.port = {
      ...github.port,
      survey: async (...asked) => {
        const answer = await survey(...asked)
        await append({
          type: 'target_moved',
          occurred_at: '2026-01-05T12:00:01Z',
          source: 'delivery:d-9',
          payload: { branch: 'main', before: sha('c1'), after: sha('c9'), forced: false, pusher: 'ann' },
        })
        return answer
      },
    }
    github.tips['main'] = sha('c2')
    await sweep(slow)
    expect((await logged('target_moved')).at(-1)).toMatchObject({ after: sha('c9') })
  })

  it('asks once for the pull requests, once for comments and once for the rest, however many lanes there are', async () => {
    github.configs['main'] = "mode: live\ntargets: [main, 'release/*']"
    for (let n = 1; n <= 3; n++) {
      github.tips[`release/${n}`] = sha(`d${n}`)
      github.pulls.set(n, pullOn(n, { base: `release/${n}` }))
    }
    for (let n = 4; n <= 60; n++) github.pulls.set(n, pullOn(n))
    await sweep()
    github.asked.length = 0
    await sweep()
    // The port pages the open pull requests by 20 itself; here that is one request.
    expect(github.asked).toEqual(['survey', 'observeOpenPulls', 'listCommentsSince'])
  })

  it('looks at protection after an hour, and after a start', async () => {
    await sweep()
    expect(counts()).toMatchObject({ readProtection: 1 })
    now += 59 * 60_000
    await sweep()
    expect(counts()).toMatchObject({ readProtection: 1 })
    now += 60_000
    await sweep()
    expect(counts()).toMatchObject({ readProtection: 2 })
    now += 1_000
    await sweepRepository({
      port: github.port,
      bot: BOT,
      store: test.store,
      repository: REPOSITORY,
      now: () => now,
      startedAt: now,
    })
    expect(counts()).toMatchObject({ readProtection: 3 })
  })

  it('asks what the open pull requests are only where there are any', async () => {
    await sweep()
    expect(counts()).not.toHaveProperty('observeOpenPulls')
    github.pulls.set(12, pullOn(12))
    await sweep()
    expect(counts()).toMatchObject({ observeOpenPulls: 1 })
  })

  it('C40 reads who owns code only where a target asks for it, in the request that it makes anyway', async () => {
    await sweep()
    github.configs['main'] = 'mode: live\nready: { approvals: { code_owners: true } }'
    await sweep()
    await sweep()
    expect(counts()).toMatchObject({ survey: 2, 'survey with owners': 1 })
  })

  it('reports a read that fails and goes on, and ends where GitHub limits it', async () => {
    github.failing['readProtection'] = { failure: 'forbidden', message: 'no' }
    github.pulls.set(12, pullOn(12))
    expect(await sweep()).toMatchObject({
      complete: true,
      failures: [{ what: 'protection of main', failure: { failure: 'forbidden' } }],
    })
    expect(counts()).toMatchObject({ listCommentsSince: 1 })
    github.failing['observeOpenPulls'] = { failure: 'limited', message: 'slow down', until: 1 }
    github.asked.length = 0
    expect(await sweep()).toMatchObject({
      complete: false,
      failures: [{ what: 'open pull requests', failure: { failure: 'limited' } }],
    })
    expect(github.asked.at(-1)).toBe('observeOpenPulls')
  })

  describe('of follow-up issues', () => {
    const resumeLabel = { labels: ['mainkeeper:blocked', 'mainkeeper:resume'] }
    const labelled = { event: 'labeled', label: 'mainkeeper:resume', actor: 'ann', at: '2026-01-05T11:58:00Z' }
    beforeEach(async () => {
      github.pulls.set(12, pullOn(12))
      await sweep()
      await append(onMain(queued(12)), onMain(blocked(12)), onMain(followUpOpened(12)))
    })

    it('tells what each looks like, and leaves alone what others wrote', async () => {
      github.issues.push(issue(), issue({ number: 58, author: 'mallory' }), issue({ number: 59, body: 'x' }))
      await sweep()
      expect(await logged('follow_up_observed')).toMatchObject([{ issue: 57, pull: 12, target: 'main', state: 'open' }])
    })

    it('hears a label whose webhook was lost, as the same request that the webhook makes', async () => {
      github.issues.push(issue(resumeLabel))
      github.histories[57] = [{ ...labelled, label: 'bug', actor: 'bob' }, labelled]
      await sweep()
      const webhook = translateIssue(
        {
          action: 'labeled',
          label: { name: 'mainkeeper:resume' },
          issue: followUp({ updated_at: labelled.at }),
          repository,
          sender: person('ann'),
        },
        context(),
      )
      expect(await logged('resume_requested')).toEqual([eventsOf(webhook)[1]?.payload])
      await append(...eventsOf(webhook))
      expect(await logged('resume_requested')).toHaveLength(1)
      expect(await test.store.models.rejected(10)).toEqual([])
    })

    it('tells that one is gone whose deletion was not heard, but not one that only lost its label', async () => {
      await sweep()
      expect(await logged('follow_up_observed')).toEqual([])
      github.failing['readIssueEvents'] = { failure: 'gone', message: 'This issue was deleted' }
      expect(await sweep()).toMatchObject({ complete: true, failures: [] })
      expect(await logged('follow_up_observed')).toMatchObject([{ issue: 57, pull: 12, target: 'main', state: 'gone' }])
      github.asked.length = 0
      await sweep()
      expect(counts()).not.toHaveProperty('readIssueEvents')
    })

    it('hears a closing as completed whose webhook was lost', async () => {
      github.issues.push(issue({ state: 'closed', state_reason: 'completed' }))
      github.histories[57] = [{ event: 'closed', label: null, actor: 'ann', at: '2026-01-05T11:58:00Z' }]
      await sweep()
      expect(await logged('resume_requested')).toMatchObject([{ pull: 12, follow_up: 57, by: 'ann', via: 'close' }])
    })

    it('asks for nothing where a request is under way, we did it ourselves, or nobody can say who did', async () => {
      github.issues.push(issue(resumeLabel))
      await sweep()
      github.histories[57] = [{ ...labelled, actor: BOT }]
      await sweep()
      expect(await logged('resume_requested')).toEqual([])
      github.histories[57] = [labelled]
      await sweep()
      github.asked.length = 0
      await sweep()
      expect(await logged('resume_requested')).toHaveLength(1)
      expect(counts()).not.toHaveProperty('readIssueEvents')
    })
  })

  it('C116: reads the configuration that a head proposes once, and says what is wrong with it', async () => {
    const head = sha('12')
    github.pulls.set(12, pullOn(12, { sha: head }))
    await sweep()
    await append(examined(12, { sha: head, config_file: true }))
    github.configs[head] = 'mode: live\nci: { timeout: 10 }\n'
    github.asked.length = 0
    await sweep()
    await sweep()
    expect(counts()).toMatchObject({ readFile: 1 })
    expect(await logged('config_proposed')).toMatchObject([
      { pull: 12, sha: head, errors: [{ line: 2, column: 7, key: 'ci.timeout' }] },
    ])
  })

  describe('of comments', () => {
    const later = { created_at: '2026-01-05T12:10:00Z', updated_at: '2026-01-05T12:10:00Z' }
    beforeEach(async () => {
      github.pulls.set(12, pullOn(12))
      await sweep()
      now += 900_000
    })

    it('hears a command whose webhook was lost, once, and the webhook that comes late adds nothing', async () => {
      github.comments.push(comment(5, '/merge', later))
      await sweep()
      await sweep()
      const late = {
        action: 'created',
        issue: { ...followUp({ number: 12, user: person('ann') }), pull_request: {} },
        comment: { id: 5, body: '/merge', user: person('ann'), created_at: later.created_at },
        repository,
      }
      await append(...eventsOf(translateComment(late, context())))
      expect(await logged('command_requested')).toMatchObject([
        { pull: 12, comment: 5, line: 1, name: 'merge', by: 'ann' },
      ])
      expect(await test.store.models.rejected(10)).toEqual([])
    })

    it('hears one on a pull request that is closed, where none is open', async () => {
      github.pulls.set(12, pullOn(12, { state: 'closed' }))
      await sweep()
      github.comments.push(comment(5, '/hold', later))
      await sweep()
      expect(await logged('command_requested')).toMatchObject([{ pull: 12, comment: 5, name: 'hold' }])
    })

    it('hears one on a follow-up issue', async () => {
      github.issues.push(issue())
      github.comments.push(comment(6, '/resume', { ...later, issue: 57 }))
      await sweep()
      expect(await logged('command_requested')).toMatchObject([{ pull: 12, follow_up: 57, name: 'resume' }])
    })

    it('does not hear bots, other issues, edited comments, nor what was typed before Mainkeeper came', async () => {
      github.comments.push(
        comment(7, '/merge', { ...later, author_is_bot: true }),
        comment(8, '/merge', { ...later, issue: 99 }),
        comment(9, '/merge', { ...later, updated_at: '2026-01-05T12:11:00Z' }),
        comment(10, '/merge', { created_at: '2026-01-05T11:00:00Z', updated_at: '2026-01-05T11:00:00Z' }),
      )
      await sweep()
      expect(await logged('command_requested')).toEqual([])
    })

    it('goes on from the last comment that it saw', async () => {
      github.comments.push(comment(5, '/merge', later))
      await sweep()
      expect(await test.store.checkpoints.get(`sweep:${REPOSITORY}`)).toMatchObject({
        value: { comments: '2026-01-05T12:10:00.000Z' },
      })
    })
  })
})

describe('the look at the installations', () => {
  it('records every repository, follows one that was renamed, and tells of one that is not installed any more', async () => {
    const test = await openTestStore()
    const list = [
      { id: 1, repository: 'acme/a', installation: 9, default_branch: 'main', private: false },
      { id: 2, repository: 'acme/b', installation: 9, default_branch: 'trunk', private: true },
    ]
    const look = () =>
      observeRepositories({
        github: { listRepositories: async () => ({ ok: true, value: list }) },
        store: test.store,
        now: () => Date.UTC(2026, 0, 5, 12),
      })
    expect(await look()).toMatchObject({ ok: true, value: [{ repository: 'acme/a' }, { repository: 'acme/b' }] })
    const position = await test.store.log.position()
    await look()
    expect(await test.store.log.position()).toBe(position)
    const renamed = list.pop()
    if (renamed) list.push({ ...renamed, repository: 'acme/c' })
    await look()
    expect((await test.store.models.repositories()).map(({ name }) => name)).toEqual(['acme/a', 'acme/c'])
    list.pop()
    await look()
    const rows = await test.store.models.repositories()
    expect(rows.map(({ name, doc }) => [name, doc.installed, doc.default_branch])).toEqual([
      ['acme/a', true, 'main'],
      ['acme/c', false, 'trunk'],
    ])
    await test.close()
  })
})
