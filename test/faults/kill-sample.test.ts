/** A few of the points of `npm run kill`, so that the test suite notices when a kill makes a difference, or the harness none. */
import { expect, inject, test } from 'vitest'
import { differences } from './kill/ending.ts'
import { wordsOf } from './kill/point.ts'
import { replayAll } from './kill/replays.ts'
import { STORIES } from './kill/stories.ts'

const POINTS = 6

test.runIf(inject('postgresTemplate'))(
  'law 7: killed at a request or a commit of a landing and started again, it ends the same',
  async () => {
    const stories = STORIES.filter(({ name, database }) => name === 'landing' && database === 'postgres')
    const replayed = await replayAll({ stories, points: POINTS, seed: 7, workers: 2 })
    expect(replayed).toHaveLength(POINTS)
    expect(replayed.map(({ point }) => wordsOf(point)).join('\n')).toContain('commit append ')
    const wrong = replayed.filter(({ outcome }) => outcome !== 'same')
    expect(wrong.map(({ point, outcome, told }) => [wordsOf(point), outcome, ...told])).toEqual([])
  },
  180_000,
)

test('what an ending lacks, and what it has once too often, is a difference', () => {
  expect(differences(['a', 'b'], ['b', 'a'])).toEqual([])
  expect(differences(['a', 'b'], ['b', 'b', 'c'])).toEqual(['- a', '+ b', '+ c'])
})
