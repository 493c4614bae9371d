/** Work that was blocked and is built again at the same commit, and what is told where it is not. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { decide } from '../../../src/core/queue/decide.ts'
import { carriedOut, next, people, typed } from '../../support/asking.ts'
import {
  approved,
  blocked,
  commit,
  declared,
  event,
  examined,
  house,
  pushed,
  queued,
  readyFacts,
  retracted,
  seen,
} from '../../support/facts.ts'
import { viewOf } from '../../support/given.ts'

const failed: NewEvent[] = [
  ...house(),
  ...people({ bob: 'write', mallory: 'read' }),
  ...readyFacts(12),
  queued(12, { priority: 7 }),
  blocked(12, { reason: 'checks_failed' }),
]
const newer = commit('d1')
const moved = [
  seen(12, { sha: newer }),
  pushed(12, { sha: newer }),
  examined(12, { sha: newer }),
  declared(12, { sha: newer }),
]
const queues = (sha: string) => [
  expect.objectContaining({ type: 'candidate_queued', payload: expect.objectContaining({ pull: 12, sha }) }),
]

test('`/retry` of a blocked head is taken, and it is queued again at its old place', () => {
  const { log, result, reply } = carriedOut([...failed, ...typed('bob', '/retry')])
  expect({ result, reply }).toEqual({ result: 'taken', reply: null })
  expect(next(log)).toMatchObject([{ type: 'candidate_queued', payload: { resumed: true } }])
})

test('C15 `/retry` by somebody without the right is refused, with the right that it needs', () => {
  const { result, reason, reply, types } = carriedOut([...failed, ...typed('mallory', '/retry')])
  expect({ result, reason, reply }).toEqual({
    result: 'refused',
    reason: 'permission',
    reply: '`/retry` needs write permission on this repository.',
  })
  expect(types).toEqual(['command_answered'])
})

test('C15 the right to retry is one of its own', () => {
  const strict = [...house({ permissions: { retry: 'maintain' } }), ...failed.slice(2)]
  expect(carriedOut([...strict, ...typed('bob', '/retry')]).reply).toContain('needs maintain permission')
  expect(carriedOut([...strict, ...typed('bob', '/resume')]).types).toContain('resume_answered')
})

test('`/retry` of what is not blocked, or of what is in the queue, is refused', () => {
  const idle = [...failed.slice(0, -2), queued(12)]
  expect(carriedOut([...idle, ...typed('bob', '/retry')])).toMatchObject({
    result: 'refused',
    reason: 'queued',
    reply: '#12 is in the queue already, at place 1 of 1.',
  })
  const draft = [...failed.slice(0, -2), seen(12, { draft: true })]
  expect(carriedOut([...draft, ...typed('bob', '/retry')])).toMatchObject({
    result: 'refused',
    reason: 'not_blocked',
    reply: '#12 is not blocked: Waiting: it is a draft.',
  })
})

test('C29 a retry after a push that nobody approved is refused, and nothing is remembered of it', () => {
  const { log, result, reason, reply } = carriedOut([...failed, ...moved, ...typed('bob', '/retry')])
  expect({ result, reason }).toEqual({ result: 'refused', reason: 'other_head' })
  expect(reply).toMatch(
    /^b12b12b was blocked, and the head is d1d1d1d now: that is queued by itself once it is ready\./,
  )
  expect(reply).toContain('`review_approved` unmet')
  expect(viewOf(log).lane.resumes).toEqual({})
})

test('a retry of a head whose approval was taken back is refused with what is missing', () => {
  const withdrawn = [...failed, retracted(12, 'rob', { review_id: 112 })]
  const { reason, reply } = carriedOut([...withdrawn, ...typed('bob', '/retry')])
  expect(reason).toBe('not_ready')
  expect(reply).toMatch(/^Not built again: it is not ready\. Missing:/)
})

test('after three failures of one commit a retry has to be forced, as a resume has', () => {
  const thrice = [...failed, ...[1, 2].flatMap(() => [queued(12, { resumed: true }), ...failed.slice(-1)])]
  expect(carriedOut([...thrice, ...typed('bob', '/retry')])).toMatchObject({ result: 'refused', reason: 'needs_force' })
})

test('the button Retry asks for the same, and is answered in words where it is refused', () => {
  const pressed = (by: string) =>
    event('resume_requested', { pull: 12, follow_up: null, by, via: 'button', retry: true, request: 'delivery:1' })
  expect(next(carriedOut([...failed, pressed('bob')]).log)).toMatchObject([{ type: 'candidate_queued' }])
  const refused = carriedOut([...failed, ...moved, pressed('bob')]).log
  const decision = decide(viewOf(refused))
  expect(
    decision.do === 'perform' && decision.effects.filter(({ effect }) => effect === 'answer-resume'),
  ).toMatchObject([{ pull: 12, reply: expect.stringContaining('the head is d1d1d1d now') }])
  const forbidden = decide(viewOf(carriedOut([...failed, pressed('mallory')]).log))
  expect(forbidden.do === 'perform' && forbidden.effects[0]).toMatchObject({
    reply: '`/retry` needs write permission on this repository.',
  })
})

test('C28 another approval, or another declaration, after a failed build takes the work up again by itself', () => {
  expect(next([...failed, approved(12, 'sue', { review_id: 300 })])).toEqual(queues(commit('b12')))
  expect(next([...failed, declared(12, { via: 'command' })])).toEqual(queues(commit('b12')))
  expect(next(failed)).not.toEqual(queues(commit('b12')))
})

test('C28 after a push it is the newest commit that is taken up, once that is approved', () => {
  expect(next([...failed, ...moved])).not.toContainEqual(expect.objectContaining({ type: 'candidate_queued' }))
  const again = [...failed, ...moved, approved(12, 'rob', { review_id: 300, sha: newer })]
  const checked = readyFacts(12).flatMap((one) =>
    one.type === 'check_reported' ? [{ ...one, payload: { ...one.payload, sha: newer } }] : [],
  )
  expect(next([...again, ...checked])).toMatchObject([
    { type: 'candidate_superseded', payload: { new_sha: newer } },
    { type: 'candidate_queued', payload: { sha: newer } },
  ])
})
