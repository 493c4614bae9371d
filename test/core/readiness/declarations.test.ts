/** What declares a pull request finished and what withdraws that, and what a lane does for what is not ready yet. */
import { describe, expect, test } from 'vitest'
import type { NewEvent, PayloadOf } from '../../../src/core/events.ts'
import { iso } from '../../../src/core/ids.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { judge } from '../../../src/core/queue/judgement.ts'
import { retargets } from '../../../src/core/queue/rules/landing/stacked.ts'
import {
  approved,
  configWith,
  declared,
  event,
  examined,
  headOf,
  house,
  integrated,
  NOON,
  permission,
  planned,
  protection,
  published,
  pushed,
  queued,
  readyFacts,
  retracted,
  seen,
  TIP,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const looked = (pulls: number[], users = ['rob'], observed_at = NOON): NewEvent =>
  event('lane_observed', { scope: 'pulls', pulls, users, build: null, tip: TIP, observed_at })
const protectionRead: NewEvent = event('lane_observed', {
  scope: 'protection',
  pulls: [],
  users: [],
  build: null,
  tip: null,
  observed_at: NOON,
})
const withdrawn = (reason: PayloadOf<'finalize_withdrawn'>['reason'], sha = headOf(12)): NewEvent =>
  event('finalize_withdrawn', { pull: 12, sha, by: 'ann', reason })

/** The declarations that a lane records, in few words. */
const declares = (file: Record<string, unknown>, ...events: NewEvent[]): string[] => {
  const decision = decide(viewOf([...house(file), ...events]))
  if (decision.do !== 'record') return []
  return decision.events.flatMap(({ type, payload }) =>
    type === 'finalize_ready'
      ? [`ready by ${payload.declared_by} via ${payload.via} at ${payload.sha.slice(0, 4)}`]
      : type === 'finalize_withdrawn'
        ? [`withdrawn: ${payload.reason}`]
        : [],
  )
}

describe('a declaration', () => {
  const byLabel = { ready: { when: 'label', label: 'Ship it' } }
  const byAutoMerge = { ready: { when: 'auto_merge' } }
  const byCommand = { ready: { when: 'command' } }
  const labelled = seen(12, { labels: ['ship it'] })
  const auto = seen(12, { auto_merge: 'max' })

  test('is made by the label in any case, by auto-merge in the name of who switched it on, by command alone', () => {
    expect(declares(byLabel, labelled)).toEqual(['ready by ann via label at b12b'])
    expect(declares(byLabel, seen(12))).toEqual([])
    expect(declares(byAutoMerge, auto)).toEqual(['ready by max via auto_merge at b12b'])
    expect(declares(byAutoMerge, seen(12))).toEqual([])
    expect(declares(byCommand, seen(12, { labels: ['ship it'], auto_merge: 'max' }))).toEqual([])
    expect(declares(byAutoMerge, seen(12, { auto_merge: 'max', draft: true }))).toEqual([])
  })

  test.each<[string, Record<string, unknown>, NewEvent[], string]>([
    ['it becomes a draft', {}, [declared(12), seen(12, { draft: true })], 'draft'],
    ['it is closed', {}, [declared(12), seen(12, { state: 'closed' })], 'closed'],
    ['its base is changed', {}, [declared(12), seen(12, { base: 'next' })], 'base_changed'],
    ['the label is removed', byLabel, [labelled, declared(12, { via: 'label' }), seen(12)], 'label_removed'],
    [
      'auto-merge is switched off',
      byAutoMerge,
      [auto, declared(12, { via: 'auto_merge' }), seen(12)],
      'auto_merge_off',
    ],
    [
      'a commit is pushed after the command',
      byCommand,
      [declared(12, { via: 'command' }), seen(12, { sha: headOf(13) })],
      'pushed',
    ],
  ])('C26 it is withdrawn when %s', (_, file, events, reason) => {
    expect(declares(file, seen(12), ...events)).toEqual([`withdrawn: ${reason}`])
  })

  test('holds while what declared it stands', () => {
    expect(declares(byLabel, labelled, declared(12, { via: 'label' }))).toEqual([])
    expect(declares(byAutoMerge, auto, declared(12, { via: 'auto_merge' }))).toEqual([])
  })

  test('that a level made is made anew for the next commit, one by command is not', () => {
    const next = headOf(13)
    expect(declares(byLabel, seen(12, { labels: ['ship it'], sha: next }), withdrawn('pushed'))).toEqual([
      'ready by ann via label at b13b',
    ])
    expect(declares(byCommand, seen(12, { sha: next }), withdrawn('pushed'))).toEqual([])
    expect(declares({}, declared(12), seen(12, { sha: next }))).toEqual(['ready by ann via non_draft at b13b'])
  })

  test('that was cancelled comes back by the label only when that was taken away and set again', () => {
    expect(declares(byLabel, labelled, withdrawn('cancelled'))).toEqual([])
    expect(declares(byLabel, labelled, withdrawn('cancelled'), seen(12))).toEqual(['withdrawn: label_removed'])
    expect(declares(byLabel, withdrawn('label_removed'), labelled)).toEqual(['ready by ann via label at b12b'])
    expect(declares({}, seen(12), withdrawn('cancelled'))).toEqual([])
  })
})

describe('what is not known', () => {
  const act = (events: NewEvent[], now = NOON) => {
    const decision = decide(viewOf(events, 'main', now))
    return decision.do === 'perform' ? decision.effects : decision
  }
  const without = (type: NewEvent['type']) => readyFacts(12).filter((one) => one.type !== type)

  test('the rules of a target are read before anybody is looked at by them', () => {
    expect(act([...house(), ...without('protection_observed')])).toEqual([{ effect: 'observe-protection' }])
  })

  test('what it depends on is looked at with it', () => {
    const dependent = [...house(), ...readyFacts(12), seen(12, { depends_on: [7] })]
    expect(act(dependent)).toEqual([{ effect: 'observe-pulls', pulls: [12, 7], users: ['rob'] }])
  })

  test('C40 teams are looked at with the approvers, and a team that an approver is not in again after ten minutes', () => {
    const file = { ready: { approvals: { code_owners: true } } }
    const owned = examined(12, { owners: [{ file: 'a', owners: ['acme/web'] }] })
    const known = [...house(file), ...readyFacts(12), owned]
    expect(act(known)).toEqual([{ effect: 'observe-pulls', pulls: [12], users: ['acme/web', 'rob'] }])
    const outside = [
      ...known,
      event('team_observed', { team: 'acme/web', members: ['sue'] }),
      looked([12], ['acme/web']),
    ]
    const shown = event('check_run_written', { pull: 12, sha: headOf(12), check_run: 1, content: 'x' })
    const later = act([...outside, shown], '2026-01-05T12:10:00Z')
    expect(later).toEqual([{ effect: 'observe-pulls', pulls: [], users: ['acme/web'] }])
  })

  test('C44 a request for changes or an approval that can not be weighed leaves it out of the queue', () => {
    const request = retracted(12, 'sue', { review_id: 300, reason: 'changes_requested' })
    expect(act([...house(), ...readyFacts(12), request])).toEqual([
      { effect: 'observe-pulls', pulls: [12], users: ['rob', 'sue'] },
    ])
    expect(act([...house(), ...without('permission_observed')])).toEqual([
      { effect: 'observe-pulls', pulls: [12], users: ['rob'] },
    ])
  })
})

describe('C52 a lane between two windows', () => {
  const windows = [{ opens: '0 13 * * *', closes: '0 14 * * *', zone: 'UTC' }]
  const line: NewEvent[] = [...house({ windows }), ...readyFacts(12), queued(12), protectionRead, looked([12])]

  test('C52 keeps its queue, builds nothing, and wakes when the next one opens', () => {
    const shown = decide(viewOf(line))
    if (shown.do !== 'perform') throw new Error(shown.do)
    const [effect] = shown.effects
    if (effect?.effect !== 'show-check-run') throw new Error(effect?.effect)
    expect(effect.check_run.title).toContain('Held: no merge window is open')
    const told = event('check_run_written', { pull: 12, sha: headOf(12), check_run: 1, content: effect.content })
    const rest = decide(viewOf([...line, told]))
    expect(rest.do === 'wait' && iso(rest.until ?? 0)).toBe('2026-01-05T13:00:00.000Z')
    // And it asks GitHub nothing meanwhile.
    expect(decide(viewOf([...line, told], 'main', '2026-01-05T12:30:00Z')).do).toBe('wait')
    const open = '2026-01-05T13:00:00Z'
    const fresh = [...line, told, looked([12], ['rob'], open)]
    expect(decide(viewOf(fresh, 'main', open))).toMatchObject({ do: 'record', events: [{ type: 'build_planned' }] })
  })

  test('C52 is opened by no release, and says so', () => {
    const command = {
      pull: 12,
      follow_up: null,
      comment: 5,
      line: 1,
      by: 'rob',
      name: 'release',
      arguments: {},
      error: null,
      requested_at: NOON,
    }
    expect(decide(viewOf([...line, event('command_requested', command)]))).toMatchObject({
      do: 'record',
      events: [
        {
          type: 'command_answered',
          payload: {
            result: 'refused',
            reply: expect.stringContaining('There is no hold to release: no merge window'),
          },
        },
      ],
    })
  })

  test('C52 queues what becomes ready', () => {
    expect(decide(viewOf([...house({ windows }), ...readyFacts(12)]))).toMatchObject({
      do: 'record',
      events: [{ type: 'candidate_queued' }],
    })
  })
})

describe('C34 a required check that never appears', () => {
  const built: NewEvent[] = [
    ...house({ ci: { start_timeout: '10m' } }),
    ...readyFacts(12),
    queued(12),
    protectionRead,
    looked([12]),
    planned('b1', [12]),
    published('b1', [12]),
  ]
  const asked = (observed_at: string): NewEvent =>
    event('lane_observed', { scope: 'checks', pulls: [], users: [], build: 'b1', tip: null, observed_at })

  test('C34 is waited for until the start time-out, then looked for, then named', () => {
    const late = '2026-01-05T12:10:00Z'
    const verdict = (events: NewEvent[], now: string) => {
      const decision = decide(viewOf(events, 'main', now))
      if (decision.do === 'record') return decision.events.map(({ type, payload }) => [type, payload])
      return decision.do === 'perform' ? decision.effects.map(({ effect }) => effect) : [decision.until]
    }
    expect(verdict(built, '2026-01-05T12:04:59Z')).not.toContain('observe-checks')
    expect(verdict(built, late)).toEqual(['observe-checks'])
    expect(verdict([...built, asked(late)], late)).toEqual([
      [
        'build_concluded',
        expect.objectContaining({
          verdict: 'never_started',
          checks: [expect.objectContaining({ context: 'test', state: 'missing' })],
        }),
      ],
    ])
  })
})

describe('a stack', () => {
  const upper = [seen(13, { base: 'topic-12', branch: 'topic-13' }), pushed(13)]
  const shownAll = (events: NewEvent[]): NewEvent[] => {
    const decision = decide(viewOf(events))
    if (decision.do !== 'perform') return events
    const shown = decision.effects.flatMap((effect) =>
      effect.effect === 'show-check-run'
        ? [event('check_run_written', { pull: effect.pull, sha: effect.sha, check_run: 1, content: effect.content })]
        : [],
    )
    return shown.length > 0 ? shownAll([...events, ...shown]) : events
  }
  const landed = [...house(), ...readyFacts(12), ...upper, integrated(12)]

  test('tells the upper one what it waits for, and leaves it alone', () => {
    const standing = decide(viewOf([...house(), ...readyFacts(12), ...upper, queued(12), protectionRead, looked([12])]))
    expect(standing).toMatchObject({
      do: 'record',
      events: [{ type: 'build_planned', payload: { members: [{ pull: 12 }] } }],
    })
    const decision = decide(viewOf([...house(), ...upper, seen(12, { draft: true })]))
    if (decision.do !== 'perform') throw new Error(decision.do)
    expect(decision.effects).toContainEqual(
      expect.objectContaining({
        effect: 'show-check-run',
        pull: 13,
        check_run: expect.objectContaining({ title: expect.stringContaining('Waiting for #12 to land') }),
      }),
    )
  })

  test('gives the upper one the target as base when the lower one landed, once', () => {
    const all = shownAll(landed)
    expect(decide(viewOf(all))).toEqual({
      do: 'perform',
      effects: [{ effect: 'retarget-pull', pull: 13, from: 'topic-12', to: 'main' }],
    })
    const done = event('pull_retargeted', { pull: 13, from: 'topic-12', to: 'main', refused: null })
    expect(decide(viewOf([...all, done]))).toEqual({ do: 'wait' })
  })

  test('does so too when the lower one was closed because it landed as other commits', () => {
    const all = shownAll([...landed, seen(12, { state: 'closed' })])
    expect(decide(viewOf(all))).toMatchObject({ effects: [{ effect: 'retarget-pull', pull: 13 }] })
  })

  test('leaves the upper one alone when the lower one got another head after it landed', () => {
    const bases = (events: NewEvent[]) => retargets(judge(viewOf(events), configWith()))
    expect(bases(landed)).toHaveLength(1)
    expect(bases([...landed, seen(12, { sha: headOf(99) })])).toEqual([])
  })
})

test('C21 the author’s own approval, or one of somebody without the right, queues nothing', () => {
  const own = [...readyFacts(12).filter(({ type }) => type !== 'review_approved'), permission('ann', 'admin')]
  const decision = decide(viewOf([...house(), ...own, approved(12, 'ann', { review_id: 400 })]))
  expect(decision.do).toBe('perform')
  expect(decide(viewOf([...house(), ...own, protection(), approved(12, 'rob', { review_id: 401 })]))).toMatchObject({
    do: 'record',
    events: [{ type: 'candidate_queued' }],
  })
})
