/** Rights over one pull request, given and taken back. It refuses to know who writes an event or who reads it. */
import { z } from 'zod'
import { login, pullNumber, timestamp } from '../ids.ts'
import { define } from './definition.ts'

export const delegations = {
  delegated: define({
    kind: 'decision',
    taxonomy: 'pull-request.delegated',
    level: 'notice',
    lifecycle: 'updates',
    meaning:
      'Somebody who may declare gave another the right to do so over this pull request alone: to declare, cancel, set priority, resume, retry and try. Their review counts as it did before.',
    payload: z.strictObject({ pull: pullNumber, to: login, by: login, delegated_at: timestamp }),
  }),
  undelegated: define({
    kind: 'decision',
    taxonomy: 'pull-request.undelegated',
    level: 'notice',
    lifecycle: 'updates',
    meaning: 'A right over one pull request was taken back, or given back.',
    payload: z.strictObject({ pull: pullNumber, from: login, by: login }),
  }),
} as const
