/** The right over one pull request: given by whoever may declare, used by whom it was given to, ended by either of them. */
import { describe, expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { carriedOut, next, people, typed } from '../../support/asking.ts'
import { approved, blocked, house, queued, readyFacts, seen } from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

/** #12 is ann's, who may do nothing by herself; #13 is another's. */
const shop: NewEvent[] = [
  ...house({ permissions: { priority: 'write', try: 'triage' } }),
  ...people({ bob: 'write', ann: 'read', mallory: 'read', tom: 'triage', nobody: 'none' }),
  ...readyFacts(12),
  seen(13, { author: 'sue', draft: true }),
]
const ask = (by: string, body: string, events: readonly NewEvent[] = shop, pull = 12) =>
  carriedOut([...events, ...typed(by, body, pull)])
const delegates = (events: readonly NewEvent[], pull = 12) => viewOf(events).pulls.get(pull)?.delegates

describe('C17 the right over one pull request, given to its author', () => {
  const { log: given, reply } = ask('bob', '/delegate')

  test('C17 lets the author set its priority, and nobody else', () => {
    expect(reply).toContain('`ann` may now declare')
    expect(ask('ann', '/merge priority=high').reason).toBe('permission')
    expect(ask('ann', '/merge priority=high', given)).toMatchObject({ result: 'taken', reason: 'declared' })
    expect(ask('mallory', '/merge', given)).toMatchObject({ result: 'refused', reason: 'permission' })
  })

  test('C17 lets the author resume, retry and try it', () => {
    const stuck = [...given, queued(12), blocked(12)]
    const without = [...shop, queued(12), blocked(12)]
    expect(ask('ann', '/retry', without).reason).toBe('permission')
    expect(ask('ann', '/retry', stuck).result).toBe('taken')
    const resumed = (events: readonly NewEvent[]) =>
      ask('ann', '/resume', events).log.findLast(({ type }) => type === 'resume_answered')?.payload
    expect(resumed(without)).toMatchObject({ result: 'refused', reason: 'permission' })
    expect(resumed(stuck)).toMatchObject({ result: 'remembered' })
    expect(ask('ann', '/try').reason).toBe('permission')
    expect(ask('ann', '/try', given).result).toBe('taken')
  })

  test('C17 is over that one alone, stops no branch, makes no approval and can not be given on', () => {
    expect(ask('ann', '/merge', given, 13).reason).toBe('permission')
    for (const body of ['/hold', '/release', '/delegate @mallory'])
      expect([body, ask('ann', body, given).reason]).toEqual([body, 'permission'])
    const unapproved = shop.filter(({ type }) => type !== 'review_approved')
    const { log } = ask('bob', '/delegate @tom', unapproved)
    const queues = (events: readonly NewEvent[]) => JSON.stringify(next(events)).includes('candidate_queued')
    expect(queues([...log, approved(12, 'tom', { review_id: 300 })])).toBe(false)
    expect(queues([...log, approved(12, 'bob', { review_id: 300 })])).toBe(true)
  })
})

describe('C18 the right over one pull request, given by name', () => {
  test('C18 is given to whoever is named, in any case, with or without an @, also to one who may only try', () => {
    for (const body of ['/delegate @tom', '/delegate Tom']) expect(delegates(ask('bob', body).log)).toEqual(['tom'])
    const { log } = ask('bob', '/delegate @tom')
    expect(ask('tom', '/merge').reason).toBe('permission')
    expect(ask('tom', '/merge', log).result).toBe('taken')
  })

  test('C18 is refused for somebody unknown, by name, and by whoever may not declare', () => {
    const unknown = ask('bob', '/delegate @nobody')
    expect(unknown).toMatchObject({
      result: 'refused',
      reason: 'unknown_user',
      reply: '`nobody` is nobody who can see this repository.',
    })
    expect(delegates(unknown.log)).toEqual([])
    expect(ask('mallory', '/delegate @tom')).toMatchObject({ result: 'refused', reason: 'permission' })
    expect(ask('bob', '/delegate', [...shop, seen(12, { state: 'closed' })]).reason).toBe('not_open')
  })

  test('C18 is given once it was looked up whether there is such a user, and nobody is looked up for who may not ask', () => {
    const idle = [...shop.slice(0, 8), seen(12, { draft: true })]
    const looks = (by: string) => next([...idle, ...typed(by, '/delegate @stranger')])
    expect(looks('bob')).toContainEqual({ effect: 'observe-pulls', pulls: [], users: ['stranger'] })
    expect(looks('mallory')).toMatchObject([{ type: 'command_answered', payload: { reason: 'permission' } }])
    expect(looks('eve')).toContainEqual({ effect: 'observe-pulls', pulls: [], users: ['eve'] })
    // And nobody else's question waits for that.
    const beside = next([...idle, ...typed('bob', '/delegate @stranger'), ...typed('mallory', '/why')])
    expect(beside).toMatchObject([{ type: 'command_answered', payload: { reason: 'told' } }])
  })

  test('C18 is taken back by either side, from one or from all, and only where it was given', () => {
    const { log } = ask('bob', '/delegate @tom\n/delegate')
    expect(delegates(log)).toEqual(['tom', 'ann'])
    expect(delegates(ask('tom', '/undelegate', log).log)).toEqual(['ann'])
    expect(delegates(ask('bob', '/undelegate @tom', log).log)).toEqual(['ann'])
    const none = ask('bob', '/undelegate', log)
    expect(none.reply).toBe('`tom`, `ann`: the right over #12 is taken back.')
    expect(delegates(none.log)).toEqual([])
    expect(ask('tom', '/merge', none.log).reason).toBe('permission')
    expect(ask('bob', '/undelegate').reply).toBe('Nobody was given the right over #12.')
    expect(ask('mallory', '/undelegate', log)).toMatchObject({ result: 'refused', reason: 'not_delegated' })
    expect(ask('ann', '/undelegate @tom', log)).toMatchObject({ result: 'refused', reason: 'permission' })
  })
})
