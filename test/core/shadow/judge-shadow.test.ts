/** A lane in mode shadow: what it records, what it leaves alone, and when `mode: live` counts again. */
import { describe, expect, it } from 'vitest'
import type { NewEvent, PayloadOf } from '../../../src/core/events.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { laneConfig } from '../../../src/core/queue/shadow/shadow.ts'
import { configured, observedRepository } from '../../store/lane-facts.ts'
import {
  blocked,
  concluded,
  configWith,
  event,
  headOf,
  held,
  landing,
  NOON,
  planned,
  protection,
  published,
  queued,
  readyFacts,
  retracted,
  seen,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'
import { looked } from '../../support/live-lane.ts'

const inMode = (mode: unknown, file: Record<string, unknown> = {}): NewEvent =>
  event('config_changed', { ...configured().payload, config: { ...configWith(file), mode: mode as 'shadow' } })
const house = (mode: unknown = 'shadow', file: Record<string, unknown> = {}) => [
  observedRepository(),
  inMode(mode, file),
]
const began = (): NewEvent => event('shadow_began', { began_at: NOON })
const accepted = (shadow: number): NewEvent =>
  event('cutover_accepted', {
    target: 'main',
    shadow,
    by: 'carol',
    days: 14,
    merged: 50,
    agreed: 50,
    accepted_at: NOON,
  })
const read = event('lane_observed', {
  scope: 'protection',
  pulls: [],
  users: [],
  build: null,
  tip: null,
  observed_at: NOON,
})

const acts = (events: readonly NewEvent[]): string[] => {
  const decision = decide(viewOf(events))
  if (decision.do === 'record') return decision.events.map(({ type }) => type)
  return decision.do === 'perform' ? decision.effects.map(({ effect }) => effect) : ['wait']
}

const verdicts = (events: readonly NewEvent[]): PayloadOf<'shadow_judged'>[] => {
  const decision = decide(viewOf(events))
  return decision.do === 'record'
    ? decision.events.flatMap((one) => (one.type === 'shadow_judged' ? [one.payload] : []))
    : []
}

const BUILDS_OR_LANDS = new Set(['build_planned', 'assemble-build', 'landing_planned', 'advance-target'])

/** Everything that a lane decides, what it records folded at once, up to what has to be done on GitHub. */
function untilPerforming(events: readonly NewEvent[]): string[] {
  const decision = decide(viewOf(events))
  const own = acts(events)
  return decision.do === 'record' ? [...own, ...untilPerforming([...events, ...decision.events])] : own
}

const start = [...house(), began(), read]
const ready = [...start, ...readyFacts(12), queued(12)]
const judgedAs = (payload: PayloadOf<'shadow_judged'>) => event('shadow_judged', payload)

describe('a lane in mode shadow', () => {
  it('says first that it is in shadow, and queues what is ready as ever', () => {
    expect(acts(house())).toEqual(['shadow_began'])
    expect(acts([...start, ...readyFacts(12)])).toEqual(['candidate_queued'])
  })

  it('records that a ready candidate would land, behind which others, once', () => {
    const two = [...ready, ...readyFacts(13), queued(13)]
    const said = verdicts(two)
    expect(said.map(({ pull, sha, verdict, behind, waits }) => ({ pull, sha, verdict, behind, waits }))).toEqual([
      { pull: 12, sha: headOf(12), verdict: 'land', behind: [], waits: [] },
      { pull: 13, sha: headOf(13), verdict: 'land', behind: [12], waits: [] },
    ])
    expect(acts([...two, ...said.map(judgedAs)])).toEqual(['show-check-run', 'show-check-run'])
  })

  it('records what a candidate would wait for, and again when that is something else', () => {
    const unapproved = [...start, ...readyFacts(12), retracted(12, 'rob', { review_id: 112 })]
    const [first] = verdicts(unapproved)
    expect(first).toMatchObject({ verdict: 'wait', waits: [{ code: 'review_approved', reason: 'approvals_missing' }] })
    const known = [...unapproved, ...(first ? [judgedAs(first)] : [])]
    expect(verdicts(known)).toEqual([])
    const draft = [...known, seen(12, { draft: true, updated_at: '2026-01-05T12:01:00Z' })]
    expect(acts(draft)).toEqual(['finalize_withdrawn'])
    const withdrawn = event('finalize_withdrawn', { pull: 12, sha: headOf(12), by: 'ann', reason: 'draft' })
    expect(verdicts([...draft, withdrawn])[0]?.waits.map(({ code }) => code)).toContain('not_draft')
  })

  it.each([
    ['a hold', [held()], 'held'],
    [
      'a merge window',
      [inMode('shadow', { windows: [{ opens: '0 13 * * *', closes: '0 14 * * *' }] })],
      'window_closed',
    ],
    ['a block from when it was live', [blocked(12)], 'merge_conflict'],
    ['a target of which no check is required', [protection({ required: [] })], 'no_required_checks'],
    ['a method that a rule forbids', [protection({ rules: ['required_linear_history'] })], 'linear_history'],
  ])('waits for %s', (_, more, reason) => {
    expect(verdicts([...ready, ...more])).toMatchObject([{ verdict: 'wait', waits: [{ reason }] }])
  })

  it('says nothing of what is not known yet, and looks', () => {
    expect(acts([...start, ...readyFacts(12).filter(({ type }) => type !== 'pull_request_examined')])).toEqual([
      'observe-pulls',
    ])
  })

  it('takes builds back that were begun live, and settles a landing without making it', () => {
    const live = [observedRepository(), inMode('live'), ...readyFacts(12), queued(12), planned('b1', [12])]
    const begun = [...live, published('b1', [12]), inMode('shadow'), began()]
    expect(acts(begun)).toEqual(['build_concluded'])
    const underWay = decide(viewOf([...begun, landing('b1')]))
    expect(underWay).toMatchObject({ effects: [{ effect: 'advance-target', advance: false }] })
  })

  it.each([
    ['says shadow', inMode('shadow')],
    ['says live, which nobody accepted', inMode('live')],
  ])('builds and lands nothing of what is ready while the file %s', (_, file) => {
    const line = [...ready, ...readyFacts(13), queued(13), read, looked([12, 13]), file]
    const passed = [planned('b1', [12]), published('b1', [12]), concluded('b1'), began()]
    const afresh = untilPerforming(line)
    const provenBefore = untilPerforming([...line, ...passed])
    expect(afresh).toContain('shadow_judged')
    expect(provenBefore).toContain('build_concluded')
    expect([...afresh, ...provenBefore].filter((one) => BUILDS_OR_LANDS.has(one))).toEqual([])
    // The same line does build where it is live.
    expect(untilPerforming([...line, accepted(3), inMode('live')])).toContain('build_planned')
  })

  it('shows neither check run nor anything else where the configuration wants none', () => {
    const none = [...house('shadow', { shadow: { check_run: false } }), began(), read, ...readyFacts(12), queued(12)]
    expect(acts([...none, ...verdicts(none).map(judgedAs)])).toEqual(['wait'])
  })

  it('carries commands out and tells nobody', () => {
    const asked = event('command_requested', {
      pull: 12,
      follow_up: null,
      comment: 5,
      line: 1,
      by: 'rob',
      name: 'merge',
      arguments: {},
      error: null,
      requested_at: NOON,
    })
    const looked = event('lane_observed', {
      scope: 'permissions',
      pulls: [],
      users: ['rob'],
      build: null,
      tip: null,
      observed_at: NOON,
    })
    const decision = decide(viewOf([...ready, asked, looked]))
    const events = decision.do === 'record' ? decision.events : []
    expect(events.map(({ type }) => type)).toEqual(['finalize_ready', 'command_answered'])
    const { commands, replies } = viewOf([...ready, asked, looked, ...events]).lane
    expect({ commands, replies }).toEqual({ commands: {}, replies: {} })
  })
})

describe('mode live after a shadow', () => {
  const modeAfter = (...events: NewEvent[]) => {
    const view = viewOf([...house(), began(), ...events])
    return laneConfig(view)?.mode
  }

  it('stays shadow until the shadow is accepted', () => {
    expect(modeAfter(inMode('live'))).toBe('shadow')
    expect(modeAfter(inMode('live'), accepted(3))).toBe('live')
    expect(modeAfter(accepted(3))).toBe('shadow')
    expect(modeAfter(accepted(3), inMode('live'))).toBe('live')
  })

  it('is not opened by the acceptance of another shadow', () => {
    expect(modeAfter(inMode('live'), accepted(2))).toBe('shadow')
  })

  it('has to be accepted again when it was back in shadow after it landed', () => {
    const again = [accepted(3), inMode('live'), ...readyFacts(12), queued(12), planned('b1', [12]), inMode('shadow')]
    expect(acts([...house(), began(), ...again])).toEqual(['shadow_began'])
    expect(modeAfter(...again, began(), inMode('live'))).toBe('shadow')
  })

  it('needs no acceptance where the branch was switched off in between, or the file was removed', () => {
    expect(modeAfter(inMode('off'), inMode('live'))).toBe('live')
    const removed = event('config_changed', { ...configured().payload, blob: null, config: null })
    expect(modeAfter(removed, inMode('live'))).toBe('live')
  })

  it('stays shadow where the file was broken in between', () => {
    const fix = { line: 1, column: 1, key: 'mode', value: 'liv', fix: 'live' }
    const broken = event('config_changed', { ...configured().payload, config: null, errors: [fix] })
    expect(modeAfter(broken, inMode('live'))).toBe('shadow')
  })

  it('lets a lane that is paused be paused', () => {
    expect(modeAfter(inMode('paused'))).toBe('paused')
  })
})

describe('mode by branch', () => {
  it('is one word for all, or a map in which the name counts before a pattern', () => {
    const of = (target: string) =>
      laneConfig(viewOf(house({ main: 'live', '*': 'off', 'release/*': 'shadow', 'release/1': 'paused' }), target))
        ?.mode
    expect(laneConfig(viewOf(house({ next: 'live' })))?.mode).toBe('off')
    expect(['main', 'release/1', 'release/2', 'topic'].map(of)).toEqual(['live', 'paused', 'shadow', 'off'])
  })
})
