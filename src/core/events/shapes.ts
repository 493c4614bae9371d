/** The pieces that payloads of several families are made of. It refuses to know in which events they stand. */
import { z } from 'zod'
import { pullNumber, sha } from '../ids.ts'

export const yesNoUnknown = z.enum(['yes', 'no', 'unknown'])
export type YesNoUnknown = z.infer<typeof yesNoUnknown>
export const code = z.string().regex(/^[a-z][a-z0-9_]*$/)
export const words = z.string().max(2000)
export const ref = z.string().min(1).max(1024)
export const candidate = { pull: pullNumber, branch: ref, sha }
export const method = z.enum(['merge', 'squash', 'rebase', 'fast-forward'])
export type Method = z.infer<typeof method>
/** How a target is moved: to the tested commit itself, or by GitHub's merge of the pull request. */
export const mode = z.enum(['exact', 'native'])
export type Mode = z.infer<typeof mode>
export const member = z.strictObject({ pull: pullNumber, sha })
export const prefix = z.strictObject({ pull: pullNumber, sha, tree: sha })

/** Where a command was said: what names it on GitHub. */
const saidSchema = z.strictObject({
  /** The comment's id; elsewhere the id of the review, of the review comment or of the check run, or the pull request's number. */
  comment: z.int().positive(),
  /** Absent: in a comment. */
  on: z.enum(['review', 'review_comment', 'description', 'button']).optional(),
  /** The delivery that told of a button: one check run's may be pressed many times. */
  press: z.string().optional(),
})
export const said = saidSchema.shape
export type Said = Readonly<z.infer<typeof saidSchema>>

/** The same as one word; in a comment its id alone. */
export const threadOf = ({ comment, on, press }: Said): string =>
  on === undefined ? String(comment) : [on, comment, ...(press === undefined ? [] : [press])].join('-')

/** That alone of something that was said. */
export const saidOf = ({ comment, on, press }: Said): Said => ({
  comment,
  ...(on === undefined ? {} : { on }),
  ...(press === undefined ? {} : { press }),
})

/** A failed check that is a job of GitHub Actions: its check run, and the workflow run that it is a job of. */
export const failedJob = z.strictObject({
  context: z.string(),
  app_id: z.int().nullable(),
  run: z.int().nonnegative(),
  workflow: z.int().positive(),
})
export type FailedJob = Readonly<z.infer<typeof failedJob>>

/** One piece of evidence that a person can follow: what it is, and where it can be seen. */
export const evidence = z.strictObject({
  kind: z.enum(['file', 'check', 'commit', 'pull_request', 'message', 'review', 'rule']),
  text: words,
  url: z.string().max(2000).optional(),
})
export type Evidence = z.infer<typeof evidence>

/** The state of one required check, as it counted for a verdict. */
export const checkResult = z.strictObject({
  context: z.string(),
  app: z.string().nullable(),
  state: z.enum(['passed', 'failed', 'pending', 'missing', 'cancelled', 'timed_out']),
  conclusion: z.string().nullable(),
  url: z.string().nullable(),
  /** How long it ran; absent where it did not end or GitHub did not say. */
  seconds: z.number().nonnegative().optional(),
})
export type CheckResult = z.infer<typeof checkResult>
