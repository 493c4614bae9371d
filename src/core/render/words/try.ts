/** What is said of a try: that it is under way, and how it ended, on what it stood, and that nothing landed. */
import type { Evidence } from '../../events/shapes.ts'
import type { PayloadOf } from '../../events.ts'
import { short } from '../../ids.ts'
import type { Explanation } from '../../readiness/explanation.ts'
import { code, prose } from '../escape.ts'
import { bullets } from './blocked-text.ts'

/** One line while it goes on. */
export function trying({ sha, by, build }: NonNullable<Explanation['trial']>): string {
  const asked = `A try of ${short(sha)}, asked for by ${prose(by)},`
  if (!build) return `${asked} waits for a slot that nothing needs that is to land.`
  return build.sha === null
    ? `${asked} is being assembled on ${build.base}.`
    : `${asked} is with CI as ${build.sha}, on ${build.base}.`
}

interface Tried {
  readonly target: string
  readonly sha: string
  readonly base: string
  /** The commit that CI was given. */
  readonly built: string | null
}

type Result = Exclude<PayloadOf<'try_concluded'>['result'], 'refused' | 'withdrawn'>

const ENDS: Readonly<Record<Result, string>> = {
  passed: 'passed',
  failed: 'failed',
  timed_out: 'did not finish in time',
  never_started: 'was never begun by CI',
  cancelled: 'was cancelled by CI',
}

/** How CI ended it. */
export function tryEnded({ target, sha, base, built }: Tried, result: Result, evidence: readonly Evidence[]): string {
  const what = `**The try of ${short(sha)} ${ENDS[result]}**, on ${code(target)} at ${base}`
  const commit = built === null ? '' : `, built as ${built}`
  return [`${what}${commit}. Nothing landed.`, bullets(evidence)].filter((part) => part !== '').join('\n\n')
}

/** Why there was nothing that CI could be given. */
export const notTried = (sha: string, why: string, evidence: readonly Evidence[] = []): string =>
  [`**${short(sha)} could not be tried**: ${prose(why, 500)}.`, bullets(evidence)]
    .filter((part) => part !== '')
    .join('\n\n')

export const replacesTry = (sha: string): string => `The try of ${short(sha)} is withdrawn for this one.`

export const withdrewTry = (sha: string): string => `The try of ${short(sha)} is withdrawn.`

export const noTry = (pull: number): string => `No try of #${pull} is under way.`

export const neverTried = (pull: number): string =>
  `#${pull} was not tried yet, so there is no last commit to try it on; leave ${code('parent')} out, or name a commit.`

export const nothingIsBuilt = (): string => 'Nothing is built here while Mainkeeper runs in shadow.'

/** Why there is nothing to be learned from a try. */
export const provesNothing = (target: string): string => `no check is required of ${target}, so it would prove nothing`
