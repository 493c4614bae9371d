/** Where branches stand, a target among them. It refuses to know who writes an event or who reads it. */
import { z } from 'zod'
import { login, repositoryName, sha, timestamp } from '../ids.ts'
import { define } from './definition.ts'
import { ref } from './shapes.ts'

export const branchFacts = {
  branch_pushed: define({
    kind: 'observation',
    taxonomy: 'branch.pushed',
    level: 'debug',
    meaning: 'A branch stands at a commit.',
    payload: z.strictObject({
      branch: ref,
      sha,
      before: sha,
      remote: repositoryName,
      forced: z.boolean(),
      pusher: login.nullable(),
      pushed_at: timestamp,
    }),
    identity: (p) => `branch:${p.remote}:${p.branch}`,
    outside: ['before', 'forced', 'pusher', 'pushed_at'],
  }),
  target_moved: define({
    kind: 'observation',
    taxonomy: 'branch.target-moved',
    level: 'info',
    meaning: 'The target branch stands at another commit; whether it was us is derived.',
    payload: z.strictObject({ branch: ref, before: sha, after: sha, forced: z.boolean(), pusher: login.nullable() }),
    identity: (p) => `target:${p.branch}`,
    outside: ['before', 'forced', 'pusher'],
  }),
} as const
