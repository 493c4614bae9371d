/** What a sweep costs, counted by the twin's meter: the bound is the design's; what goes beyond it, docs/decisions/0024 says. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createGitHub } from '../../src/github/octokit.ts'
import { sweepRepository } from '../../src/ingest/sweep.ts'
import { VirtualClock } from '../../src/twin/clock.ts'
import { loadContract } from '../../src/twin/contract/contract.ts'
import { startTwin, type Twin } from '../../src/twin/twin.ts'
import { openTestStore, type TestStore } from '../support/database/database.ts'

const REPOSITORY = 'acme/widgets'
const clock = new VirtualClock()
let store: TestStore
let twin: Twin
beforeAll(async () => {
  store = await openTestStore()
})
afterEach(() => twin.stop())
afterAll(() => store.close())

/** The requests of a sweep that finds nothing new so long after the one before, of a repository with so many open pull requests and lanes. */
async function requests(
  pulls: number,
  targets: readonly string[],
  ready: string,
  later = 0,
): Promise<Readonly<Record<string, number>>> {
  await store.truncate()
  twin = await startTwin({ clock, contract: await loadContract() })
  const config = `mode: live\ntargets: [${targets.join(', ')}]\nready: ${ready}\n`
  const repo = await twin.repository(REPOSITORY, {
    files: { 'a.txt': 'a\n', CODEOWNERS: '* @bob\n', '.github/mainkeeper.yml': config },
  })
  for (const name of ['update', 'pull_request'] as const) {
    const include = targets.map((target) => `refs/heads/${target}`)
    repo.ruleset({ name, include, rules: [{ type: name }], bypass: [{ actor: 'app' }] })
  }
  const alice = repo.as('alice')
  const tip = (await repo.ref('refs/heads/main')) ?? ''
  for (const target of targets) if (target !== 'main') await alice.push(target, tip)
  for (let n = 0; n < pulls; n++) {
    await alice.commit(`topic-${n}`, { [`${n}.txt`]: 'x\n' })
    await alice.openPull({ head: `topic-${n}`, base: targets[n % targets.length] ?? 'main', title: `Topic ${n}` })
  }
  const { id, privateKey } = twin.app
  const now = () => clock.now()
  const github = createGitHub({ appId: id, privateKey, baseUrl: twin.url, now, pace: { contentMs: 0, writeMs: 0 } })
  const [installed] = await github.listRepositories().then((answer) => (answer.ok ? answer.value : []))
  await github.identity()
  const { installation = 0, default_branch = 'main' } = installed ?? {}
  const payload = { installation, installed: true, suspended: false, default_branch, private: false }
  await store.store.log.append({
    repository: REPOSITORY,
    events: [{ type: 'repository_observed', payload, occurred_at: '2026-01-05T12:00:00Z', source: 'read' }],
  })
  const port = github.repository(REPOSITORY, installation)
  const sweep = () =>
    sweepRepository({ port, bot: twin.app.botLogin, store: store.store, repository: REPOSITORY, now, startedAt: 0 })
  // The first finds lanes and the second what it set off: GitHub works out what is mergeable after it was asked.
  for (let round = 0; round < 2; round++) {
    await sweep()
    for (let due = clock.nextDue(); due !== undefined; due = clock.nextDue()) {
      clock.wakeNext()
      await twin.idle()
    }
  }
  await sweep()
  clock.moveTo(clock.now() + later)
  twin.meter.reset()
  expect(await sweep()).toEqual({ complete: true, appended: 0, failures: [] })
  const { requests: asked } = twin.meter.snapshot(installation)
  expect(twin.violations).toEqual([])
  return asked
}

test.each([
  [0, ['main']],
  [1, ['main']],
  [20, ['main']],
  [21, ['main']],
  [45, ['main']],
  [6, ['main', 'next', 'old']],
  [6, ['main', 'next'], '{ approvals: { code_owners: true } }'],
])('a sweep of %i open pull requests into %j asks within the bound', async (pulls, targets, ready = '{}') => {
  const asked = await requests(pulls, targets, ready)
  expect(asked).toEqual({
    'graphql:ObserveRepository': 1,
    ...(pulls > 0 ? { 'graphql:ObserveOpenPulls': Math.ceil(pulls / 20) } : {}),
    'GET /repos/{owner}/{repo}/issues/comments': 1,
  })
  const total = Object.values(asked).reduce((sum, times) => sum + times, 0)
  expect(total).toBeLessThanOrEqual(Math.ceil(pulls / 20) + targets.length + 1)
})

test.each([[['main']], [['main', 'next', 'old']]])(
  'an hour later a sweep into %j also asks what protects each target, and which rulesets let us pass',
  async (targets) => {
    const asked = await requests(targets.length, targets, '{}', 3_600_000)
    expect(asked).toEqual({
      'graphql:ObserveRepository': 1,
      'graphql:ObserveOpenPulls': 1,
      'GET /repos/{owner}/{repo}/issues/comments': 1,
      'GET /repos/{owner}/{repo}/rules/branches/{branch}': targets.length,
      'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}': targets.length * 2,
      'GET /repos/{owner}/{repo}/branches/{branch}/protection': targets.length,
    })
  },
)
