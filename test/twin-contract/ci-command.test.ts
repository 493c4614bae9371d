import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CiJob, type CommitSource, command } from '../../src/twin/ci/run.ts'

let folder: string
let source: CommitSource
let job: CiJob

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-command-'))
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim()
  git('init', '--quiet')
  writeFileSync(join(folder, 'word'), 'committed\n')
  git('add', 'word')
  git('-c', 'user.name=Test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'One')
  writeFileSync(join(folder, 'word'), 'not committed\n')
  source = { gitDir: join(folder, '.git'), files: async () => ({}) }
  job = { sha: git('rev-parse', 'HEAD'), tree: git('rev-parse', 'HEAD^{tree}'), ref: 'x', check: 'test', attempt: 1 }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const never = new AbortController().signal

test('A program runs in a checkout of the commit, and exit code 0 is success', async () => {
  const verdict = await command(['sh', '-c', 'cat word; git rev-parse HEAD'])(source, job, never)
  expect(verdict).toEqual({ conclusion: 'success', log: `committed\n${job.sha}\n` })
})

test('Another exit code is failure, and what the program said is kept', async () => {
  const verdict = await command(['sh', '-c', 'echo broken >&2; exit 3'])(source, job, never)
  expect(verdict).toEqual({ conclusion: 'failure', log: 'broken\n' })
})

test('A program that is not there is failure', async () => {
  const verdict = await command(['no-such-program'])(source, job, never)
  expect(verdict).toMatchObject({ conclusion: 'failure', log: expect.stringContaining('ENOENT') })
})

test('A program that outlives its time is ended with all that it started', async () => {
  const verdict = await command(['sh', '-c', 'sleep 60 & sleep 60'], { timeout: 100 })(source, job, never)
  expect(verdict.conclusion).toBe('timed_out')
})

test('An abort ends the program', async () => {
  const stop = new AbortController()
  const begun = join(mkdtempSync(join(tmpdir(), 'begun-')), 'mark')
  const judged = command(['sh', '-c', `touch ${begun}; sleep 60`])(source, job, stop.signal)
  while (!existsSync(begun)) await new Promise((resolve) => setImmediate(resolve))
  stop.abort()
  await expect(judged).resolves.toMatchObject({ conclusion: 'cancelled' })
  rmSync(dirname(begun), { recursive: true })
})

test('An abort before the checkout is a cancellation too', async () => {
  await expect(command(['true'])(source, job, AbortSignal.abort())).resolves.toMatchObject({ conclusion: 'cancelled' })
})

test('A commit that is not there is the fault of CI, not of the commit', async () => {
  const judged = command(['true'])(source, { ...job, sha: '1'.repeat(40) }, never)
  await expect(judged).rejects.toThrow(`no checkout of ${'1'.repeat(40)}`)
})

test('No checkout is left behind', async () => {
  for (const end of ['true', 'false']) {
    const verdict = await command(['sh', '-c', `pwd; ${end}`])(source, job, never)
    expect(verdict.log).toContain('twin-ci-')
    expect(existsSync(verdict.log.trim())).toBe(false)
  }
})
