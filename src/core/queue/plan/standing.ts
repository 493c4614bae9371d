/**
 * Why a candidate is where it is, as a code with its evidence: with whom it is tested, in which failed build it is suspected,
 * or for whom it waits. The words for it stand in `render`.
 */
import { type Candidate, type KnownBuild, type Knowledge, type Queue, sameMember } from './known.ts'

export type Standing =
  /** In a running build; `failed` is one of it and others that failed before, if one did: it is being found out by whom. */
  | {
      readonly code: 'testing'
      readonly build: string
      readonly with: readonly number[]
      readonly failed: string | null
    }
  /** It was inferred to break the target and is built once more before it is blamed. */
  | { readonly code: 'confirming'; readonly build: string; readonly failed: string }
  /** A build of it and these failed, and another part of it is built first. */
  | { readonly code: 'suspected'; readonly failed: string; readonly with: readonly number[] }
  /** The one ahead of it changes the same lines. */
  | { readonly code: 'waits_for_conflict'; readonly pull: number }
  /** These have to land first. */
  | { readonly code: 'waits_for_dependency'; readonly pulls: readonly number[] }
  /** Its own build comes when all ahead of it landed or left. */
  | { readonly code: 'waits_to_be_alone' }
  | { readonly code: 'waits_its_turn' }

export function standingOf(candidate: Candidate, queue: Queue, { tip, builds }: Knowledge): Standing {
  // A build with somebody who left or moved tells nothing any more.
  const own = builds.filter(
    ({ base, purpose, members }) =>
      base === tip &&
      purpose !== 'try' &&
      members.some((member) => sameMember(member, candidate)) &&
      members.every(({ pull, sha }) => queue.find(pull)?.sha === sha),
  )
  const running = shortest(own.filter(({ verdict }) => verdict === null))
  const failed = shortest(own.filter(({ verdict }) => verdict === 'failed' || verdict === 'timed_out'))
  const others = ({ members }: KnownBuild) => members.map(({ pull }) => pull).filter((pull) => pull !== candidate.pull)
  const isLast = running?.members.at(-1)?.pull === candidate.pull
  if (running?.purpose === 'confirm' && failed && isLast)
    return { code: 'confirming', build: running.build, failed: failed.build }
  if (running) return { code: 'testing', build: running.build, with: others(running), failed: failed?.build ?? null }
  if (failed) return { code: 'suspected', failed: failed.build, with: others(failed) }
  if (candidate.after.length > 0) return { code: 'waits_for_dependency', pulls: candidate.after }
  if (candidate.waits_for !== null) return { code: 'waits_for_conflict', pull: candidate.waits_for }
  return { code: candidate.alone ? 'waits_to_be_alone' : 'waits_its_turn' }
}

const shortest = (builds: readonly KnownBuild[]): KnownBuild | undefined =>
  [...builds].sort((a, b) => a.members.length - b.members.length)[0]
