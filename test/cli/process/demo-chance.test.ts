/** The failure by chance of the demo: on which build it falls, and what counts as seen through. */
import { expect, test } from 'vitest'
import { mishap, seenThrough } from '../../../src/cli/demo/chance.ts'
import { repeated } from '../../../src/cli/demo/ending.ts'
import type { CiRun } from '../../../src/twin/ci/run.ts'

const HEAD = 'a1'
const parents: Readonly<Record<string, readonly string[]>> = {
  b1: ['main', HEAD],
  b2: ['main', 'a2'],
  b3: ['main', HEAD],
}
const log = async (sha: string) => [{ sha, parents: parents[sha] ?? [] }] as never
const source = { gitDir: '', files: async () => ({}) }
const passes: CiRun = async () => ({ conclusion: 'success', log: '' })
const fails: CiRun = async () => ({ conclusion: 'failure', log: 'red' })

async function conclusions(
  run: CiRun,
  builds: readonly string[],
  ref = 'refs/heads/mainkeeper/queue/main/b',
): Promise<string[]> {
  const told: string[] = []
  const chance = mishap({ log }, run, (sha) => told.push(sha))
  chance.befall(HEAD)
  const ended: string[] = []
  for (const sha of builds) {
    const job = { sha, tree: 't', ref, check: 'test', attempt: 1 }
    ended.push((await chance.run(source, job, new AbortController().signal)).conclusion)
  }
  return [...ended, ...told]
}

test('falls once, on the first build of the head, and is told', async () => {
  expect(await conclusions(passes, ['b2', 'b1', 'b3'])).toEqual(['success', 'failure', 'success', 'b1'])
})

test('falls on no branch of people, and on no build that fails anyway', async () => {
  expect(await conclusions(passes, ['b1'], 'refs/heads/topic')).toEqual(['success'])
  expect(await conclusions(fails, ['b1'])).toEqual(['failure'])
})

test('is seen through when the same tree passes afterwards, as another commit or by another run', () => {
  const ran = (sha: string, tree: string, conclusion: 'success' | 'failure') => ({
    check: 'test',
    sha,
    tree,
    ref: 'r',
    attempt: 1,
    conclusion,
  })
  const through = [ran('b1', 'tree1'.padEnd(40, '0'), 'failure'), ran('b3', 'tree1'.padEnd(40, '0'), 'success')]
  expect(repeated(through)).toBe('CI failed by chance on 1 tree (tree100) that passed when tested again')
  expect(seenThrough([ran('b1', 'tree', 'failure'), ran('b1', 'tree', 'success')])).toEqual(['tree'])
  expect(seenThrough([ran('b1', 'tree', 'success'), ran('b1', 'tree', 'failure')])).toEqual([])
  expect(seenThrough([ran('b1', 'tree', 'failure'), { ...ran('b1', 'tree', 'success'), check: 'lint' }])).toEqual([])
  expect(seenThrough([ran('b1', 'tree', 'failure'), ran('b2', 'other', 'success')])).toEqual([])
})
