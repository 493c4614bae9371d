/**
 * The requirement that what a pull request names in its description as `Depends on #12` has landed, on whichever target, or
 * is in the queue of the same lane, where the plan puts it ahead. What the description says was read when the pull request
 * was; here it is only judged.
 */
import type { Evidence } from '../../events/shapes.ts'
import type { Lane } from '../../queue/lane.ts'
import { met, type Requirement, type SeenSubject, unknown, unmet } from '../requirement.ts'

type State = 'landed' | 'queued' | 'open' | 'closed' | 'none' | 'unknown'

export const dependenciesLanded: Requirement = {
  code: 'dependencies_landed',
  asks: 'Every pull request that its description names as `Depends on #12` has landed, or is in the same queue, so that it lands before. Asked where there is such a line.',
  reasons: { unmet: ['dependency_open', 'dependency_closed', 'dependency_none'], unknown: ['dependency_unknown'] },
  changesWith: [
    'pull_request_observed',
    'integration_completed',
    'lane_observed',
    'candidate_queued',
    'candidate_superseded',
    'candidate_dequeued',
    'integration_blocked',
  ],
  evaluate({ seen, view }) {
    const wanted = seen.depends_on.filter((number) => number !== seen.pull)
    if (wanted.length === 0) return null
    const states = new Map(wanted.map((number) => [number, stateOf(number, view)]))
    const those = (state: State) => wanted.filter((number) => states.get(number) === state)
    const [none, closed, waiting, unseen] = [those('none'), those('closed'), those('open'), those('unknown')]
    if (none.length > 0)
      return unmet('dependency_none', `depends on ${told(none)}, which is no pull request here`, none.map(evidence))
    if (closed.length > 0)
      return unmet('dependency_closed', `depends on ${told(closed)}, closed without landing`, closed.map(evidence))
    if (waiting.length > 0)
      return {
        ...unmet('dependency_open', `depends on ${told(waiting)}, not landed yet`, waiting.map(evidence)),
        awaits: `${told(waiting)} to land`,
      }
    if (unseen.length > 0)
      return unknown('dependency_unknown', `depends on ${told(unseen)}, not looked at yet`, unseen.map(evidence))
    const [landed, queued] = [those('landed'), those('queued')]
    const words = [
      ...(landed.length > 0 ? [`landed: ${told(landed)}`] : []),
      ...(queued.length > 0 ? [`queued to land before it: ${told(queued)}`] : []),
    ]
    return met(words.join('; '), wanted.map(evidence))
  },
}

/** What was looked at and is not there does not exist: GitHub gives no number twice. */
function stateOf(number: number, { pulls, others, lane }: SeenSubject['view']): State {
  const pull = pulls.get(number) ?? others.get(number)
  if (!pull?.seen) return lane.observed.pulls[number] ? 'none' : 'unknown'
  if (pull.landed || pull.seen.state === 'merged') return 'landed'
  return lane.entries[number]?.sha === pull.seen.sha ? 'queued' : pull.seen.state
}

/** What it depends on and that waits in the same lane: it has to land before, or in the same build and ahead. */
export const waitsFor = ({ entries }: Pick<Lane, 'entries'>, { pull, depends_on }: SeenSubject['seen']): number[] =>
  depends_on.filter((number) => number !== pull && entries[number] !== undefined)

const told = (numbers: readonly number[]): string => numbers.map((number) => `#${number}`).join(', ')

const evidence = (number: number): Evidence => ({ kind: 'pull_request', text: `#${number}` })
