import { afterEach, expect, test } from 'vitest'
import { attachCi, type CiHandle, type CiOptions } from '../../src/twin/ci/ci.ts'
import { rule } from '../../src/twin/ci/run.ts'
import { VirtualClock } from '../../src/twin/clock.ts'
import { memoryCiHost } from './memory-ci-host.ts'

const zeros = '0'.repeat(40)
const green = rule(() => 'success')
const attached: CiHandle[] = []

afterEach(async () => {
  for (const ci of attached.splice(0)) await ci.stop()
})

function setUp(options: Partial<CiOptions> = {}) {
  const clock = new VirtualClock()
  const host = memoryCiHost(clock)
  const ci = attachCi(host, { run: green, ...options })
  attached.push(ci)
  const untilQuiet = async () => {
    await ci.idle()
    while (clock.wakeNext()) {
      await new Promise((resolve) => setImmediate(resolve))
      await ci.idle()
    }
  }
  const conclusions = () => ci.runs().map((run) => run.conclusion)
  return { clock, host, ci, untilQuiet, conclusions }
}

test('A pushed branch gets a check run that is queued, runs and ends on the clock of the twin', async () => {
  const { host, untilQuiet } = setUp()
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  await untilQuiet()
  expect(host.told).toEqual([
    '09:00:00 test@aaa #1 by github-actions queued',
    '09:00:01 test@aaa in_progress',
    '09:01:00 test@aaa completed success',
  ])
})

test('A rule judges the files of the commit', async () => {
  const run = rule((files) => (files['version'] === '2' ? 'failure' : 'success'))
  const { host, ci, untilQuiet } = setUp({ run })
  host.commit('aaa', { version: '1' })
  host.commit('bbb', { version: '2' })
  host.push('refs/heads/a', 'aaa')
  host.push('refs/heads/b', 'bbb')
  await untilQuiet()
  expect(Object.fromEntries(ci.runs().map((each) => [each.sha, each.conclusion]))).toEqual({
    aaa: 'success',
    bbb: 'failure',
  })
})

test('A rule that throws fails the check and its message is the log', async () => {
  const { host, ci, untilQuiet } = setUp({
    run: rule(() => {
      throw new Error('no such case')
    }),
  })
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  await untilQuiet()
  expect(ci.runs()).toMatchObject([{ conclusion: 'failure', log: 'Error: no such case' }])
})

test('Branches, queue branches and fork heads start CI; main, scratch branches, tags and deletions do not', async () => {
  const { host, ci } = setUp()
  for (const ref of [
    'refs/heads/topic',
    'refs/heads/mainkeeper/queue/main/1',
    'refs/pull/7/head',
    'refs/heads/main',
    'refs/heads/mainkeeper/scratch/main',
    'refs/tags/v1',
  ])
    host.push(ref, 'aaa')
  host.push('refs/heads/gone', zeros)
  expect(ci.runs().map((run) => run.ref)).toEqual([
    'refs/heads/topic',
    'refs/heads/mainkeeper/queue/main/1',
    'refs/pull/7/head',
  ])
})

test('Statuses tell the same story in the words of statuses', async () => {
  const { host, untilQuiet } = setUp({ as: 'status', name: 'ci/build', run: rule(() => 'timed_out') })
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  await untilQuiet()
  expect(host.told).toEqual([
    '09:00:00 ci/build@aaa pending (queued)',
    '09:00:01 ci/build@aaa pending (in progress)',
    '09:01:00 ci/build@aaa error (timed_out)',
  ])
})

async function orderOf(seed: number) {
  const { host, untilQuiet } = setUp({ checks: ['a', 'b', 'c', 'd', 'e'], seed })
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  await untilQuiet()
  return host.told.filter((line) => line.includes('completed')).map((line) => line.slice(9, 10))
}

test('Answers due at the same instant come in an order of the seed, not in the order of the pushes', async () => {
  const orders = await Promise.all([1, 1, 2, 3].map(orderOf))
  expect(orders[0]).toEqual(orders[1])
  expect(new Set(orders.map(String)).size).toBeGreaterThan(1)
  for (const order of orders) expect([...order].sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
})

async function endOf(seed: number) {
  const { host, ci, untilQuiet } = setUp({ seed, duration: (_sha, random) => Math.floor(random() * 1e6) })
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  await untilQuiet()
  return ci.runs()[0]?.endedAt
}

test('A duration is drawn from the seed', async () => {
  expect(await endOf(1)).toBe(await endOf(1))
  expect(await endOf(1)).not.toBe(await endOf(2))
})

async function flakyHistory() {
  const { host, ci, untilQuiet, conclusions } = setUp({ flaky: 0.5, seed: 3 })
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  await untilQuiet()
  for (let turn = 0; turn < 9; turn++) {
    ci.rerun('aaa')
    await untilQuiet()
  }
  return conclusions()
}

test('A flaky check fails some of the attempts that would succeed, the same ones for the same seed', async () => {
  const first = await flakyHistory()
  expect(new Set(first)).toEqual(new Set(['success', 'failure']))
  expect(await flakyHistory()).toEqual(first)
})

test('A commit that is flaky on one branch may be sound on another', async () => {
  const { host, untilQuiet, conclusions } = setUp({ flaky: 0.5 })
  host.commit('aaa', {})
  for (let turn = 0; turn < 10; turn++) host.push(`refs/heads/mainkeeper/queue/main/${turn}`, 'aaa')
  await untilQuiet()
  expect(new Set(conclusions())).toEqual(new Set(['success', 'failure']))
})

test('A flaky check spoils successes only', async () => {
  const { host, untilQuiet, conclusions } = setUp({ flaky: 1, run: rule(() => 'neutral') })
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  await untilQuiet()
  expect(conclusions()).toEqual(['neutral'])
})

test('A check that never starts stays queued, and a re-run cancels it and may start', async () => {
  const { host, ci, untilQuiet, conclusions } = setUp({ neverStart: (job) => job.attempt === 1 })
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  await untilQuiet()
  expect(host.told).toEqual(['09:00:00 test@aaa #1 by github-actions queued'])
  ci.rerun('aaa', 'test')
  await untilQuiet()
  expect(conclusions()).toEqual(['cancelled', 'success'])
})

test('A check can be cancelled by what it runs on', async () => {
  const { host, untilQuiet, conclusions } = setUp({ cancel: (job) => job.ref === 'refs/heads/b' })
  host.commit('aaa', {})
  host.push('refs/heads/a', 'aaa')
  host.push('refs/heads/b', 'aaa')
  await untilQuiet()
  expect(conclusions()).toEqual(['success', 'cancelled'])
})

test('A re-run of what failed leaves what passed as it was', async () => {
  const { host, ci, untilQuiet } = setUp({
    checks: ['lint', 'test', 'docs'],
    run: async (_source, { check, attempt }) => ({
      conclusion: check === 'lint' || attempt > 1 ? 'success' : check === 'test' ? 'failure' : 'cancelled',
      log: '',
    }),
  })
  host.commit('aaa', {})
  host.push('refs/heads/a', 'aaa')
  host.push('refs/heads/b', 'aaa')
  await untilQuiet()
  host.rerunFailed(153_680_001)
  await untilQuiet()
  expect(ci.runs().map(({ ref, check, attempt, conclusion }) => [ref.at(-1), check, attempt, conclusion])).toEqual([
    ['a', 'lint', 1, 'success'],
    ['a', 'test', 1, 'failure'],
    ['a', 'docs', 1, 'cancelled'],
    ['b', 'lint', 1, 'success'],
    ['b', 'test', 1, 'failure'],
    ['b', 'docs', 1, 'cancelled'],
    ['a', 'test', 2, 'success'],
    ['a', 'docs', 2, 'success'],
  ])
})

test('A re-run of a commit that no check ran on is refused', () => {
  const { ci } = setUp()
  expect(() => ci.rerun('aaa', 'lint')).toThrow("no check 'lint' ran on aaa")
})

test('A deleted branch lets its checks run to the end', async () => {
  const { host, untilQuiet, conclusions } = setUp()
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  host.push('refs/heads/topic', zeros)
  await untilQuiet()
  expect(conclusions()).toEqual(['success'])
})

test('A deleted branch cancels its checks where that is asked for, and they answer only once', async () => {
  const { host, untilQuiet } = setUp({ cancelOnDelete: true })
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  host.push('refs/heads/topic', zeros)
  await untilQuiet()
  expect(host.told).toEqual(['09:00:00 test@aaa #1 by github-actions queued', '09:00:00 test@aaa completed cancelled'])
})

test('A check that is cancelled while it runs does not answer a second time', async () => {
  const { clock, host, ci, untilQuiet } = setUp()
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  clock.wakeNext()
  await new Promise((resolve) => setImmediate(resolve))
  await ci.idle()
  ci.rerun('aaa')
  await untilQuiet()
  expect(host.told).toEqual([
    '09:00:00 test@aaa #1 by github-actions queued',
    '09:00:01 test@aaa in_progress',
    '09:00:01 test@aaa completed cancelled',
    '09:00:01 test@aaa #2 by github-actions queued',
    '09:00:02 test@aaa in_progress',
    '09:01:01 test@aaa completed success',
  ])
})

test('CI that cannot read the commit says so to whoever waits for it', async () => {
  const { host, untilQuiet } = setUp()
  host.push('refs/heads/topic', 'aaa')
  await expect(untilQuiet()).rejects.toThrow('no commit aaa')
})

test('A stopped CI hears no push, reports nothing and leaves nobody asleep', async () => {
  const { clock, host, ci } = setUp()
  host.commit('aaa', {})
  host.push('refs/heads/topic', 'aaa')
  await ci.stop()
  host.push('refs/heads/topic', 'aaa')
  expect(clock.nextDue()).toBeUndefined()
  expect(host.told).toEqual(['09:00:00 test@aaa #1 by github-actions queued'])
})

test('A stopped CI has waited for the program that it ended, due or not, to be cleared away', async () => {
  for (const duration of [0, 60_000]) {
    let cleared = false
    let begin = () => {}
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const { clock, host, ci } = setUp({
      duration: () => duration,
      run: async (_source, _job, signal) => {
        begin()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        await new Promise((resolve) => setImmediate(resolve))
        cleared = true
        return { conclusion: 'cancelled', log: '' }
      },
    })
    host.commit('aaa', {})
    host.push('refs/heads/topic', 'aaa')
    clock.wakeNext()
    await begun
    await ci.stop()
    expect(cleared, `${duration} ms`).toBe(true)
  }
})
