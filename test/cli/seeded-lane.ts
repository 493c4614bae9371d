/**
 * A log as a day leaves it, for what the command line reads: #12 is blocked with a follow-up, #13 is tested, #14 landed, #15
 * waits for an approval.
 */
import type { NewEvent } from '../../src/core/events.ts'
import type { Store } from '../../src/store/store.ts'
import { append, by, installed } from '../store/lane-facts.ts'
import {
  approved,
  BUILT,
  blocked,
  check,
  commit,
  concluded,
  declared,
  event,
  examined,
  followUpOpened,
  headOf,
  integrated,
  landing,
  permission,
  planned,
  protection,
  published,
  pushed,
  queued,
  REPOSITORY,
  readyFacts,
  seen,
  targetMoved,
} from '../support/facts.ts'

const lane = (...events: NewEvent[]): NewEvent[] => events.map((one) => by('main', one))

export async function seedLane(store: Store): Promise<void> {
  await append(store, [...installed(), targetMoved(), protection(), permission('rob')])
  for (const pull of [12, 13, 14]) await append(store, readyFacts(pull).map(asItIsWritten))
  await append(store, [
    seen(15),
    pushed(15),
    examined(15),
    check({ sha: headOf(15), branch: 'topic-15' }),
    ...lane(declared(15)),
  ])
  await append(store, lane(queued(14)))
  await append(store, lane(planned('b1', [14])))
  await append(store, lane(published('b1', [14])))
  await append(store, lane(concluded('b1', { checks: [passed()] })))
  await append(store, lane(landing('b1')))
  await append(store, lane(event('landing_concluded', landed())))
  await append(store, lane(integrated(14, { build: 'b1', checks: [passed()], approvals: [approval()] })))
  await append(store, lane(queued(12)))
  await append(store, lane(blocked(12)))
  await append(store, lane(followUpOpened(12, 57)))
  await append(store, lane(queued(13)))
  await append(store, lane(planned('b2', [13], { base: BUILT })))
  await append(store, lane(published('b2', [13], { sha: commit('e2'), prefixes: [prefix(13)] })))
}

/** A declaration is written by the lane, everything else that makes a pull request ready by nobody of ours. */
const asItIsWritten = (fact: NewEvent): NewEvent => (fact.type === 'finalize_ready' ? by('main', fact) : fact)

const passed = () => ({
  context: 'test',
  app: 'ci',
  state: 'passed' as const,
  conclusion: 'success',
  url: 'https://ci.example/1',
})
const approval = () => ({ reviewer: 'rob', sha: headOf(14), review_id: 114, permission: 'write' })
const prefix = (pull: number) => ({ pull, sha: commit('e2'), tree: commit('f2') })
const landed = () => ({
  build: 'b1',
  result: 'landed' as const,
  target: BUILT,
  tree: commit('f1'),
  message: null,
  concluded_at: '2026-01-05T12:00:00Z',
})

/** An approval that contradicts a recorded one: the log refuses it. */
export async function seedRefused(store: Store): Promise<void> {
  await append(store, [approved(12, 'mallory', { review_id: 112 })])
}

/** A delivery that nobody could make sense of. */
export async function seedFailed(store: Store): Promise<void> {
  const delivery = { id: 'd-1', event: 'push', action: null, repository: REPOSITORY, installation: 1, body: '{}' }
  await store.inbox.receive(delivery)
  await store.inbox.failed('d-1', ['payload.ref: expected a string'])
}
