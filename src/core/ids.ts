/** The identities that everything else speaks of, and how time is written. It knows nothing of events or GitHub. */
import { z } from 'zod'

/** A full commit, tree or blob id: 40 lower-case hex digits. */
export const sha = z.string().regex(/^[0-9a-f]{40}$/, 'a full commit id: 40 lower-case hex digits')
/** `owner/name` as GitHub spells it. */
export const repositoryName = z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'owner/name')
export const login = z.string().min(1).max(100)
export const pullNumber = z.int().positive()
/** An ISO 8601 instant with its offset. */
export const timestamp = z.iso.datetime({ offset: true })

/** Milliseconds since the epoch: what `decide` counts in. Payloads hold ISO strings. */
export type Instant = number

/** The sha that GitHub sends for "there is nothing here": a ref before its creation or after its deletion. */
export const ZERO_SHA = '0'.repeat(40)

/** The lane of a repository that belongs to no target. */
export const REPOSITORY_LANE = '*'

export const iso = (instant: Instant): string => new Date(instant).toISOString()
export const instant = (text: string): Instant => Date.parse(text)
export const short = (id: string): string => id.slice(0, 7)

/** The refs under which Mainkeeper works; nobody else writes there (landing.md, ruleset D). */
export const scratchRef = (build: string, epoch: number, attempt: number): string =>
  `refs/heads/mainkeeper/scratch/${build}-${epoch}-${attempt}`
export const publishedRef = (target: string, build: string): string => `refs/heads/mainkeeper/queue/${target}/${build}`
/** Whether a branch is one of those. */
export const isOurBranch = (branch: string | null): boolean => branch?.startsWith('mainkeeper/') ?? false
