/** What a shadow judged beside what people merged: every category, the thresholds, and what can't be counted. */
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { iso } from '../../../src/core/ids.ts'
import { type Comparison, compareShadow } from '../../../src/core/queue/shadow/compare.ts'
import { CI_APP, check, commit, event, headOf, seen, TIP, targetMoved } from '../../support/facts.ts'
import { logged } from '../../support/given.ts'

const SINCE = Date.UTC(2026, 0, 5, 12)
const DAY = 86_400_000
const at = (hours: number): string => iso(SINCE + hours * 3_600_000)
const onLane = (events: readonly NewEvent[]) => events.map((one) => ({ ...one, lane: 'main' }))

const began = event('shadow_began', { began_at: at(0) })
const judged = (pull: number, verdict: 'land' | 'wait', hours: number, sha = headOf(pull)): NewEvent =>
  event('shadow_judged', {
    pull,
    branch: `topic-${pull}`,
    sha,
    verdict,
    behind: [],
    waits: verdict === 'land' ? [] : [{ code: 'review_approved', reason: 'approvals_missing', words: '1 approval' }],
    judged_at: at(hours),
  })
const mergedAs = (pull: number) => commit(`${pull}f`)
const merged = (pull: number, hours: number): NewEvent =>
  seen(pull, { state: 'merged', merged_as: mergedAs(pull), merged_at: at(hours), updated_at: at(hours) })
const red = (sha: string, rest = {}): NewEvent => check({ sha, branch: 'main', conclusion: 'failure', run: 9, ...rest })

function compared(events: readonly NewEvent[], days = 20): Comparison {
  const comparing = compareShadow({
    target: 'main',
    shadow: { since: at(0), position: 1 },
    required: [{ context: 'test', app_id: CI_APP }],
    neutral: 'passes',
  })
  for (const one of logged(onLane([began, ...events]))) comparing.apply(one)
  return comparing.conclude(SINCE + days * DAY)
}

const only = (events: readonly NewEvent[]) => compared(events).merged[0]

describe('one merged pull request', () => {
  it('agrees where the merged commit would have been landed, and says how long before', () => {
    expect(only([judged(12, 'land', 1), merged(12, 4)])).toMatchObject({ as: 'agreed', lead: 3 * 3_600_000 })
  })

  it('would have waited, and why', () => {
    expect(only([judged(12, 'land', 1), judged(12, 'wait', 2), merged(12, 4)])).toMatchObject({
      as: 'waited',
      waits: [{ reason: 'approvals_missing' }],
    })
  })

  it('counts one that was never judged as one that would have waited', () => {
    expect(only([merged(12, 4)])).toMatchObject({ as: 'waited', waits: [{ reason: 'not_judged' }] })
  })

  it('would have been landed earlier, at a commit that people did not merge', () => {
    const older = commit('0a')
    expect(only([judged(12, 'land', 1, older), judged(12, 'wait', 2), merged(12, 4)])).toMatchObject({
      as: 'earlier',
      would_have_landed: older,
    })
  })

  it('would have been caught where a required check failed on what it was merged as', () => {
    const landed = [judged(12, 'land', 1), merged(12, 4), targetMoved({ before: TIP, after: mergedAs(12) })]
    expect(only([...landed, red(mergedAs(12))])).toMatchObject({ as: 'caught', checks: ['test'] })
    expect(only([...landed, red(mergedAs(12), { context: 'lint' })])).toMatchObject({ as: 'agreed' })
    const again = check({ sha: mergedAs(12), branch: 'main', run: 10 })
    expect(only([...landed, red(mergedAs(12)), again])).toMatchObject({ as: 'agreed' })
  })

  it('is not charged with a check that was red before it', () => {
    const landed = [judged(12, 'land', 1), merged(12, 4), targetMoved({ before: TIP, after: mergedAs(12) })]
    expect(only([red(TIP), ...landed, red(mergedAs(12))])).toMatchObject({ as: 'agreed' })
  })

  it('does not count where it was merged before the shadow began, or elsewhere', () => {
    expect(compared([merged(12, -1)]).merged).toEqual([])
    const other = seen(13, { state: 'merged', base: 'next', merged_as: null, merged_at: at(2) })
    expect(compared([other]).merged).toEqual([])
  })
})

describe('a red required check', () => {
  it.each([
    ['reported after the verdict', [judged(12, 'land', 1), red(headOf(12))]],
    ['that was red at the verdict', [red(headOf(12)), judged(12, 'land', 1)]],
    ['on a commit that was not merged', [judged(12, 'land', 1, commit('0a')), merged(12, 4), red(commit('0a'))]],
    [
      'that was green again before the merge',
      [judged(12, 'land', 1), red(headOf(12)), check({ run: 10 }), merged(12, 4)],
    ],
  ])('%s held back what would have been landed', (_, events) => {
    expect(compared(events)).toMatchObject({ held_back: [{ pull: 12, checks: ['test'] }] })
    expect(compared(events).against).toContain('red_check_held_back')
  })

  it('holds nothing back once people merged that commit, or where it would have waited', () => {
    expect(compared([judged(12, 'land', 1), merged(12, 4), red(headOf(12))]).held_back).toEqual([])
    expect(compared([judged(12, 'wait', 1), red(headOf(12))]).held_back).toEqual([])
  })
})

describe('go', () => {
  const many = (agreed: number, waited: number): NewEvent[] =>
    Array.from({ length: agreed + waited }, (_, index) => index + 1).flatMap((pull) => [
      judged(pull, pull <= agreed ? 'land' : 'wait', 1),
      merged(pull, 2),
    ])

  it.each([
    [19, 1, 14, 95, []],
    [48, 2, 1, 96, []],
    [19, 1, 13, 95, ['too_little_seen']],
    [47, 2, 13, 95, ['too_little_seen']],
    [18, 1, 14, 94, ['too_little_agreement']],
    [0, 0, 13, null, ['nothing_merged', 'too_little_seen']],
    [0, 0, 14, null, ['nothing_merged']],
  ])(
    'with %d agreed and %d that would have waited in %d days is %s %%, against it %j',
    (agreed, waited, days, agreement, against) => {
      expect(compared(many(agreed, waited), days)).toMatchObject({ days, agreement, against })
    },
  )

  it('does not take what would have been caught for disagreement', () => {
    const caught = [merged(99, 3), targetMoved({ after: mergedAs(99) }), red(mergedAs(99))]
    expect(compared([...many(19, 1), ...caught])).toMatchObject({ agreement: 95, against: [] })
  })
})
