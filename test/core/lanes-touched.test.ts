/** Which lanes and pull requests an event touches. */
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { lanesTouched, pullDeciding, pullsTouched } from '../../src/core/queue/lanes-touched.ts'
import {
  approved,
  check,
  declared,
  event,
  examined,
  held,
  integrated,
  NOON,
  permission,
  protection,
  pushed,
  queued,
  retracted,
  seen,
  targetMoved,
} from '../support/facts.ts'
import { logged } from '../support/given.ts'

const LANES = ['*', 'main', 'next']

function touched(
  written: NewEvent,
  base: { before: string | null; after: string | null } = { before: null, after: null },
) {
  const [only] = logged([written])
  if (!only) throw new Error('nothing was written')
  return lanesTouched(only, { lanes: LANES, base })
}

const looked = (scope: 'pulls' | 'checks') =>
  event('lane_observed', { scope, pulls: [12, 13], users: [], build: null, tip: null, observed_at: NOON })

const followUp = event('follow_up_observed', {
  issue: 57,
  pull: 12,
  target: 'main',
  state: 'open',
  state_reason: null,
  labels: [],
  locked: false,
  actor: null,
  updated_at: NOON,
})

const settings = event('settings_touched', { what: 'config', branch: null, user: null, delivery: 'd1' })

describe('an event touches', () => {
  it.each<[string, NewEvent]>([
    ['an observation', seen(12)],
    ['an examination', examined(12)],
    ['an approval', approved(12)],
    ['a retraction', retracted(12)],
    [
      'a request to resume',
      event('resume_requested', { pull: 12, follow_up: null, by: 'ann', via: 'cli', request: 'r1' }),
    ],
  ])("the lanes of its pull request's base before and after: %s", (_, written) => {
    expect(touched(written, { before: 'main', after: 'next' })).toEqual(['main', 'next'])
    expect(touched(written, { before: null, after: 'next' })).toEqual(['next'])
  })

  it("the repository's own lane when a pull request is for no lane, and none when it only says something about one", () => {
    expect(touched(seen(12), { before: null, after: 'topic' })).toEqual(['*'])
    expect(touched(approved(12), { before: 'topic', after: 'topic' })).toEqual([])
  })

  it('the lane of the branch that moved, or of the target that it names', () => {
    expect(touched(targetMoved({ branch: 'next' }))).toEqual(['next'])
    expect(touched(targetMoved({ branch: 'topic' }))).toEqual([])
    expect(touched(held({ target: 'next' }))).toEqual(['next'])
    expect(touched(followUp)).toEqual(['main'])
  })

  it('every target for what any of them may depend on', () => {
    for (const written of [check(), protection(), permission('rob'), pushed(12)])
      expect(touched(written)).toEqual(['main', 'next'])
  })

  it("every target and the repository's own lane for settings", () => {
    expect(touched(settings)).toEqual(LANES)
  })

  it('the lane that wrote it, and no other', () => {
    for (const written of [queued(12), declared(12), looked('pulls')])
      expect(touched({ ...written, lane: 'next' }, { before: 'main', after: 'main' })).toEqual(['next'])
  })

  it('no lane that there is not', () => {
    expect(touched({ ...queued(12), lane: 'gone' })).toEqual([])
    expect(touched(seen(12), { before: 'gone', after: 'main' })).toEqual(['main'])
  })
})

describe('an event is folded into', () => {
  const folded = (written: NewEvent) => logged([written]).flatMap((one) => pullsTouched(one))

  it('the pull request that it names', () => {
    for (const written of [seen(12), examined(12), approved(12), retracted(12), declared(12), integrated(12)])
      expect(folded(written)).toEqual([12])
  })

  it('every pull request that was looked at', () => {
    expect(folded(looked('pulls'))).toEqual([12, 13])
    expect(folded(looked('checks'))).toEqual([])
  })

  it('no pull request where it is about its place in a lane', () => {
    for (const written of [queued(12), followUp, check(), targetMoved()]) expect(folded(written)).toEqual([])
  })
})

describe("a pull request's base decides", () => {
  it('for facts and requests about it, not for what a lane wrote', () => {
    const decides = (written: NewEvent) => logged([written]).map((one) => pullDeciding(one))
    expect([seen(12), approved(12), queued(12), integrated(12), check()].flatMap(decides)).toEqual([
      12,
      12,
      null,
      null,
      null,
    ])
  })
})
