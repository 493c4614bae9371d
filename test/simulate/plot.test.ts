/** Figures of several runs told together, and the picture that is drawn of them. */
import { expect, test } from 'vitest'
import { compare } from '../../src/simulate/compare.ts'
import { quantile, rangeOf } from '../../src/simulate/report/figures.ts'
import { plotOf } from '../../src/simulate/report/plot.ts'
import { draw } from '../../src/simulate/workload/synthetic.ts'
import { configWith } from '../support/facts.ts'
import { SERIAL } from './played.ts'

const workload = { count: 4, rate: null, bad: 0, flake: 0, minutes: 30, spread: 'fixed' as const }
const policies = [
  { name: 'serial', config: configWith(SERIAL) },
  { name: 'a <b> & "c"', config: configWith() },
]

test('policies are played on the same seeds, and what was broken off is left out', async () => {
  const compared = await compare((seed) => draw(workload, seed), policies, [1, 2])
  expect(compared.map(({ policy, runs }) => [policy, runs.map(({ seed }) => seed)])).toEqual([
    ['serial', [1, 2]],
    ['a <b> & "c"', [1, 2]],
  ])
  expect(compared[0]?.runs[0]).toMatchObject({ landed: 4, builds: 4, builds_per_landed: 1, took_ms: 7_200_000 })
  const stop = new AbortController()
  const stopped = await compare((seed) => draw(workload, seed), policies, [1, 2], {
    signal: stop.signal,
    onProgress: (what, done) => what === 'serial, seed 2' && done === 1 && stop.abort(),
  })
  expect(stopped.map(({ policy, runs }) => [policy, runs.length])).toEqual([['serial', 1]])
})

test('a picture has a point and a name for each policy, and no name can break it', async () => {
  const picture = plotOf(await compare((seed) => draw(workload, seed), policies, [1]), 'builds & waits')
  expect(picture.match(/<circle /g)).toHaveLength(2)
  expect(picture).toContain('>a &lt;b&gt; &amp; &quot;c&quot;</text>')
  expect(picture).toContain('>builds &amp; waits</text>')
  // One build for each landing: at the right end of an axis that goes to 1.
  expect(picture).toContain('<circle cx="550.0"')
  const nothing = compare((seed) => draw({ ...workload, count: 1, bad: 0.9 }, seed), policies, [1])
  expect(plotOf(await nothing, '')).not.toContain('<circle')
})

test('ranges leave out runs without a figure', () => {
  expect(rangeOf([3, null, 1, 2])).toEqual({ median: 2, least: 1, most: 3 })
  expect(rangeOf([null])).toBeNull()
  expect([quantile([4, 1, 3, 2], 0.5), quantile([1, 2, 3], 0.95), quantile([], 0.5)]).toEqual([3, 3, Number.NaN])
})
