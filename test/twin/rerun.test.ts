/** Failed jobs of a workflow run that are run again: https://docs.github.com/rest/actions/workflow-runs#re-run-failed-jobs-from-a-workflow-run */
import { expect, test } from 'vitest'
import { attachCi, type CiOptions } from '../../src/twin/ci/ci.ts'
import type { Rights } from '../../src/twin/state.ts'
import { clientFor, failureOf, twinForTest } from './app-client.ts'

const REPO = { owner: 'acme', repo: 'shop' }
const DAY = 24 * 60

/** One commit on which CI ran, and the number of its workflow run. */
async function ran(options: Partial<CiOptions> = {}, permissions?: Rights) {
  const { twin, clock } = await twinForTest()
  const repository = await twin.repository('acme/shop', permissions ? { permissions } : {})
  const flaky = (job: { attempt: number; check: string }) => job.attempt === 1 && job.check === 'test'
  const run = async () => ({ conclusion: 'success', log: '' }) as const
  const ci = attachCi(repository, { checks: ['lint', 'test'], flaky, run, ...options })
  const sha = await repository.as('alice').commit('topic', { 'a.txt': 'a' })
  const { rest } = await clientFor(twin, repository)
  const passes = async (minutes: number) => {
    const until = clock.now() + minutes * 60_000
    await ci.idle()
    for (let due = clock.nextDue(); due !== undefined && due <= until; due = clock.nextDue()) {
      clock.wakeNext()
      await new Promise((resolve) => setImmediate(resolve))
      await ci.idle()
    }
    clock.moveTo(until)
  }
  const runs = async () =>
    (await rest.checks.listForRef({ ...REPO, ref: sha, filter: 'all' })).data.check_runs.toReversed()
  const rerun = async () => {
    const run_id = Number(/actions\/runs\/(\d+)\/job\/\d+$/.exec((await runs())[0]?.details_url ?? '')?.[1])
    return rest.actions.reRunWorkflowFailedJobs({ ...REPO, run_id })
  }
  return { rest, passes, runs, rerun }
}

test('come as new check runs of the same suite, and what passed stays', async () => {
  const { passes, runs, rerun } = await ran()
  await passes(2)
  expect((await rerun()).status).toBe(201)
  await passes(2)
  const all = await runs()
  expect(all.map(({ name, conclusion }) => `${name} ${conclusion}`)).toEqual([
    'lint success',
    'test failure',
    'test success',
  ])
  expect(new Set(all.map(({ check_suite }) => check_suite?.id)).size).toBe(1)
  expect(new Set(all.map(({ details_url }) => details_url?.split('/job/')[0])).size).toBe(1)
  expect(all[2]?.id).toBeGreaterThan(all[1]?.id ?? 0)
})

test('are refused while any of its jobs goes on, be it for the first time or again', async () => {
  const { passes, rerun } = await ran()
  expect(await failureOf(rerun())).toMatchObject({ status: 403, message: expect.stringContaining('already running') })
  await passes(2)
  await rerun()
  expect(await failureOf(rerun())).toMatchObject({ status: 403, message: expect.stringContaining('already running') })
})

test('are refused where none failed, where there is no such run, and after a month', async () => {
  const { rest, passes, rerun } = await ran({ flaky: 0 })
  await passes(2)
  expect(await failureOf(rerun())).toMatchObject({ status: 403, message: expect.stringContaining('cannot be retried') })
  const strange = rest.actions.reRunWorkflowFailedJobs({ ...REPO, run_id: 1 })
  expect(await failureOf(strange)).toMatchObject({ status: 404 })
  const old = await ran()
  await old.passes(31 * DAY)
  expect(await failureOf(old.rerun())).toMatchObject({ status: 403, message: expect.stringContaining('a month ago') })
})

test('are refused to whom the right is not given', async () => {
  const { passes, rerun } = await ran({}, { metadata: 'read', checks: 'read' })
  await passes(2)
  expect(await failureOf(rerun())).toMatchObject({ status: 403, message: expect.stringContaining('not accessible') })
})
