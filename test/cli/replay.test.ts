/** Decisions made again from the log: the same where the rules are the same, reported where they are not. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import type { NewEvent } from '../../src/core/events.ts'
import { decide } from '../../src/core/queue/decide.ts'
import { append, by, installed, take, versionOf } from '../store/lane-facts.ts'
import { openTestStore, type TestStore } from '../support/database/database.ts'
import { queued, REPOSITORY, readyFacts } from '../support/facts.ts'
import { ask, refusal } from './asked.ts'

let at: TestStore
beforeAll(async () => {
  at = await openTestStore()
})
beforeEach(() => at.truncate())
afterAll(() => at.close())

/** Judges the lane and records, as a turn does, until a judgement is no record; gives how many were. */
async function recordAll(): Promise<number> {
  const fence = await take(at.store)
  for (let decisions = 0; ; decisions++) {
    const view = await at.store.views.load(REPOSITORY, 'main')
    if (!view) throw new Error('there is no lane')
    const decision = decide(view)
    if (decision.do !== 'record') {
      await at.store.leases.release(fence, { wakeAt: null })
      return decisions
    }
    await append(at.store, decision.events, { fence, atPosition: view.position, basedOn: view.position })
  }
}

const factsOf = (pull: number): NewEvent[] => readyFacts(pull).filter((fact) => fact.type !== 'finalize_ready')

describe('replay', () => {
  it('makes every decision of a lane again, in the same way', async () => {
    await append(at.store, [...installed(), ...factsOf(12)])
    const first = await recordAll()
    at.setTime(Date.UTC(2026, 0, 5, 13))
    await append(at.store, factsOf(13))
    const second = await recordAll()
    expect(first).toBeGreaterThan(1)
    expect(second).toBeGreaterThan(0)
    for (const question of [{ repository: REPOSITORY }, { repository: REPOSITORY, target: 'main' }]) {
      const { text, exit, answers } = await ask(at.store, 'replay', question)
      expect(answers).toMatchObject([{ decisions: first + second, differences: [] }])
      expect(text).toMatch(/decisions made again from \d+ events; none would be another\.$/)
      expect(exit).toBe(EXIT.ok)
    }
  })

  it('reports a decision that the rules of today would not make, and ends with 1', async () => {
    await append(at.store, [...installed(), ...factsOf(12)])
    const version = (await versionOf(at.store)) ?? 0
    const fence = await take(at.store)
    const hasty = [by('main', queued(12, { priority: 7 }))]
    await append(at.store, hasty, { fence, atPosition: version, basedOn: version })
    const { text, exit, answers } = await ask(at.store, 'replay', { repository: REPOSITORY })
    expect(exit).toBe(EXIT.differs)
    expect(answers).toMatchObject([
      {
        decisions: 1,
        differences: [
          {
            lane: 'main',
            based_on: version,
            recorded: [{ type: 'candidate_queued', payload: { priority: 7 } }],
            now: { do: 'record', events: [{ type: 'finalize_ready' }] },
          },
        ],
      },
    ])
    expect(text).toMatch(
      /1 would be another:\n\n\d+ .* main\n {2}then: candidate_queued #12: .*\n {2}now: {2}finalize_ready #12: /,
    )
  })

  it('names the fields in which a decision would be another', async () => {
    await append(at.store, [...installed(), ...factsOf(12)])
    const fence = await take(at.store)
    const view = await at.store.views.load(REPOSITORY, 'main')
    const decision = view && decide(view)
    if (decision?.do !== 'record') throw new Error('nothing is decided')
    const [event] = decision.events
    const other = { ...event, payload: { ...event.payload, declared_by: 'mallory' } } as NewEvent
    const { position } = view ?? { position: 0 }
    await append(at.store, [other, ...decision.events.slice(1)], { fence, atPosition: position, basedOn: position })
    expect((await ask(at.store, 'replay', { repository: REPOSITORY })).text).toContain('[declared_by]')
  })

  it('does not judge a decision whose log is not what it was based on', async () => {
    await append(at.store, [...installed(), ...factsOf(12)])
    await append(at.store, [by('main', queued(12))], { fence: await take(at.store), basedOn: 1 })
    const { answers, text } = await ask(at.store, 'replay', { repository: REPOSITORY })
    expect(answers).toMatchObject([{ differences: [{ now: { do: 'unjudged' } }] }])
    expect(text).toMatch(/can not be judged: the lane’s version was \d+, and not 1/)
  })

  it('refuses a lane that there is not, and names those that there are', async () => {
    await append(at.store, installed())
    const refused = await refusal(() => ask(at.store, 'replay', { repository: REPOSITORY, target: 'next' }))
    expect(refused).toEqual({ exit: EXIT.notFound, words: 'there is no lane next of acme/rocket; there are main' })
    expect((await refusal(() => ask(at.store, 'replay', { repository: 'acme/plane' }))).exit).toBe(EXIT.notFound)
  })
})
