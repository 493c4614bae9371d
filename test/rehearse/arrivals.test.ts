/** When the changes of a history come to the lane. */
import { describe, expect, it } from 'vitest'
import { arrivalsOf } from '../../src/rehearse/arrivals.ts'
import type { Change } from '../../src/rehearse/history.ts'

const change = (number: number, at: number, given: Partial<Change> = {}): Change => ({
  via: 'squash',
  number,
  named: true,
  title: `Change ${number}`,
  author: 'Mona',
  commit: `c${number}`,
  head: `h${number}`,
  at,
  headAt: null,
  again: null,
  before: 'b',
  after: 'a',
  odd: [],
  ...given,
})
const come = (changes: readonly Change[], direct: 'push' | 'queue' = 'push') =>
  arrivalsOf(changes, { wait: 30, direct }).map(({ pull, at, direct }) => `${pull} at ${at}${direct ? ' pushed' : ''}`)

describe('the arrivals of a history', () => {
  it('are the merges, in their order and spacing, the wait earlier', () => {
    expect(come([change(1, 100), change(2, 101), change(3, 500)])).toEqual(['1 at 70', '2 at 71', '3 at 470'])
  })

  it('are no earlier than the head, no later than the merge, and never before who was merged earlier', () => {
    const changes = [change(1, 100, { headAt: 95 }), change(2, 110), change(3, 140, { headAt: 999 })]
    expect(come(changes)).toEqual(['1 at 95', '2 at 95', '3 at 140'])
  })

  it('go on from the time before where a clock went back', () => {
    expect(come([change(1, 100), change(2, 40), change(3, 130)])).toEqual(['1 at 70', '2 at 70', '3 at 100'])
    expect(come([change(1, 100), change(2, 40, { via: null })])).toEqual(['1 at 70', '2 at 100 pushed'])
  })

  it('have what was no pull request pushed when it was, or queued with the wait', () => {
    const changes = [change(1, 100), change(2, 105, { via: null }), change(3, 110)]
    expect(come(changes)).toEqual(['1 at 70', '3 at 80', '2 at 105 pushed'])
    expect(come(changes, 'queue')).toEqual(['1 at 70', '2 at 75', '3 at 80'])
  })

  it('have come again when it was merged whatever comes twice, by an id of its own', () => {
    const again = { number: 9, before: 'x', after: 'y' }
    const arrivals = arrivalsOf([change(1, 100, { again })], { wait: 30, direct: 'push' })
    expect(arrivals.map(({ pull, sha, at }) => [pull, sha, at])).toEqual([
      [1, 'h1', 70],
      [9, expect.stringMatching(/^[0-9a-f]{40}$/), 100],
    ])
  })

  it('give somebody to whatever has no author', () => {
    expect(arrivalsOf([change(1, 100, { author: '' })], { wait: 0, direct: 'push' })[0]?.author).toBe('nobody')
  })
})
