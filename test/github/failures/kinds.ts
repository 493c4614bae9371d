/**
 * The ways in which one request to GitHub fails, each as a fault of the twin and as the value that the port gives back for a
 * read and for a write. It knows no call.
 */
import type { Failure } from '../../../src/github/port.ts'
import type { CallAct, Faults } from '../../../src/twin/faults.ts'

export type Came = Failure['failure'] | 'ok'

export interface Kind {
  /** Where GitHub answers so. */
  readonly over: 'rest' | 'graphql' | 'both'
  readonly act: (faults: Faults) => CallAct
  readonly read: Came
  readonly write: Came
  /** Whether the write was done all the same. */
  readonly done: boolean
  /** Nothing comes back until we give up. */
  readonly hangs?: true
  /** Seconds that GitHub asks us to wait. */
  readonly wait?: number
}

const rest = (status: number, message: string, came: Came): Kind => ({
  over: 'rest',
  act: (faults) => faults.failBefore(status, { message }),
  read: came,
  write: came,
  done: false,
})

/** GraphQL says 200 and puts what went wrong into the body. */
const graphql = (error: { type?: string; message: string }, came: Came, read = came): Kind => ({
  over: 'graphql',
  act: (faults) => faults.failBefore(200, { data: null, errors: [error] }),
  read,
  write: came,
  done: false,
})

const unanswered = (act: Kind['act'], done: boolean): Kind => ({
  over: 'both',
  act,
  read: 'unavailable',
  write: 'unclear',
  done,
})

const limited = (wait: number, act: Kind['act']): Kind => ({
  over: 'both',
  act,
  read: 'limited',
  write: 'limited',
  done: false,
  wait,
})

/** By name: what GitHub says, or fails to say. */
export const KINDS = {
  'a merge conflict': rest(409, 'Merge conflict', 'conflict'),
  'a head that moved': rest(409, 'Head branch was modified. Review and try the merge again.', 'moved'),
  'a name that is taken': rest(422, 'Reference already exists', 'moved'),
  'a 422 for no reason': { ...rest(422, '', 'moved'), act: (faults) => faults.spurious422() },
  'not there': rest(404, 'Not Found', 'gone'),
  deleted: rest(410, 'This issue was deleted', 'gone'),
  'a missing right': rest(403, 'Resource not accessible by integration', 'forbidden'),
  'a protected branch': rest(403, "You're not authorized to push to this branch.", 'refused'),
  'an invalid value': rest(422, 'Validation Failed', 'refused'),
  'issues switched off': rest(410, 'Issues are disabled for this repo', 'refused'),
  'stale data, under 200': graphql({ type: 'STALE_DATA', message: 'Something changed' }, 'moved'),
  'another sha, under 200': graphql({ type: 'UNPROCESSABLE', message: 'is at b but expected a' }, 'moved'),
  'not there, under 200': graphql({ type: 'NOT_FOUND', message: 'Could not resolve to a node' }, 'gone'),
  'a missing right, under 200': graphql({ type: 'FORBIDDEN', message: 'Not accessible' }, 'forbidden'),
  'a rule, under 200': graphql({ type: 'UNPROCESSABLE', message: 'Repository rule violations found' }, 'refused'),
  'a time-out, under 200': graphql({ message: 'Something went wrong while executing' }, 'unclear', 'unavailable'),
  'words alone, under 200': graphql({ message: 'Hm.' }, 'unclear', 'unavailable'),
  'neither data nor errors, under 200': {
    ...graphql({ message: '' }, 'unclear', 'unavailable'),
    act: (faults) => faults.failBefore(200, {}),
  },
  'half an answer, under 200': {
    ...graphql({ message: '' }, 'refused'),
    act: (faults) =>
      faults.failBefore(200, {
        data: { updateRefs: { clientMutationId: null } },
        errors: [{ type: 'UNPROCESSABLE', path: ['updateRefs'], message: 'Repository rule violations found' }],
      }),
  },
  'a repository that moved elsewhere': rest(301, 'Moved Permanently', 'gone'),
  'a page of a proxy': unanswered((faults) => faults.failBefore(200, '<html></html>'), false),
  'the primary limit': limited(300, (faults) => faults.limit('primary', 300)),
  'a secondary limit': limited(30, (faults) => faults.limit('secondary', 30)),
  'a secondary limit without a time': limited(60, (faults) =>
    faults.failBefore(403, { message: 'You have exceeded a secondary rate limit.' }),
  ),
  'a 429': limited(5, (faults) => faults.failBefore(429, { message: 'Slow down' }, { 'retry-after': '5' })),
  'a 502 before it was done': unanswered((faults) => faults.failBefore(502), false),
  'a 503 before it was done': unanswered((faults) => faults.failBefore(503), false),
  'a 504 after it was done': unanswered((faults) => faults.failAfter(504), true),
  'no answer, not done': { ...unanswered((faults) => faults.hangBefore(), false), hangs: true },
  'no answer, done': { ...unanswered((faults) => faults.hangAfter(), true), hangs: true },
  'a token that was refused': {
    over: 'both',
    act: (faults) => faults.failBefore(401, { message: 'Bad credentials' }),
    read: 'ok',
    write: 'ok',
    done: true,
  },
} as const satisfies Readonly<Record<string, Kind>>

export type KindName = keyof typeof KINDS
