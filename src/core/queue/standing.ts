/**
 * Why an entry of the queue is where it is, as a code with its evidence: with whom it is tested, in which failed build it is
 * suspected, or for whom it waits. The words for it stand in `render`.
 */
import type { CheckResult } from '../events/shapes.ts'
import type { Build, Entry, Lane } from './lane.ts'

/** A build that failed, and whom it leaves under suspicion. */
export interface Failed {
  readonly build: string
  /** All its members, in order. */
  readonly among: readonly number[]
  /** What did not pass. */
  readonly checks: readonly CheckResult[]
}

export type Standing =
  /** In a running build, with these. */
  | { readonly code: 'testing'; readonly with: readonly number[] }
  /** Its build passed, and lands next. */
  | { readonly code: 'passed' }
  /** It was inferred to break the target and is built once more before it is blamed, or what failed of that `rerun`s. */
  | { readonly code: 'confirming'; readonly failed: Failed; readonly rerun: Build['rerun'] | null }
  /** A build of it and others failed. It is built again `with` these; null: `first` are, if anybody is. */
  | {
      readonly code: 'set_aside'
      readonly failed: Failed
      readonly with: readonly number[] | null
      readonly first: readonly number[]
    }
  /** The one ahead of it changes the same lines. */
  | { readonly code: 'waits_for_conflict'; readonly pull: number }
  /** These have to land first. */
  | { readonly code: 'waits_for_dependency'; readonly pulls: readonly number[] }
  /** Its own build comes when all ahead of it landed or left. */
  | { readonly code: 'waits_to_be_alone' }
  | { readonly code: 'waits_its_turn' }

/** Where everybody stands in the queue, and in which builds that may land: worked out once for all pull requests of a view. */
export interface Standings {
  readonly places: ReadonlyMap<number, number>
  readonly builds: ReadonlyMap<number, readonly Build[]>
  /** Those whose result, if they have one, still counts. */
  readonly counting: readonly Build[]
  /** Something is being tested that may land. */
  readonly atWork: boolean
}

/** `builds`: those whose result, if they have one, still counts; `after`: what has to land before it and has not. */
export function standingOf(
  { tip, entries }: Pick<Lane, 'tip' | 'entries'>,
  entry: Entry,
  builds: readonly Build[],
  after: readonly number[],
): Standing {
  // A build with somebody who left or moved tells nothing any more.
  const counting = builds.filter(
    ({ base, purpose, members }) =>
      base === tip && purpose !== 'try' && members.every(({ pull, sha }) => entries[pull]?.sha === sha),
  )
  const own = counting.filter(({ members }) => members.some(({ pull }) => pull === entry.pull))
  const running = shortest(own.filter(({ verdict }) => verdict === null))
  const failed = shortest(own.filter(({ verdict }) => verdict === 'failed' || verdict === 'timed_out'))
  if (own.some(({ verdict }) => verdict === 'passed')) return { code: 'passed' }
  if (failed) return suspected(entry.pull, failedOf(failed), running, counting)
  if (running) return { code: 'testing', with: pullsOf(running).filter((pull) => pull !== entry.pull) }
  if (after.length > 0) return { code: 'waits_for_dependency', pulls: after }
  if (entry.waits_for !== null) return { code: 'waits_for_conflict', pull: entry.waits_for }
  return { code: entry.alone ? 'waits_to_be_alone' : 'waits_its_turn' }
}

function suspected(pull: number, failed: Failed, running: Build | undefined, builds: readonly Build[]): Standing {
  const isLast = running?.purpose === 'confirm' && running.members.at(-1)?.pull === pull
  if (isLast || failed.among.length === 1)
    return { code: 'confirming', failed, rerun: (isLast && running.rerun) || null }
  const others = running ? pullsOf(running).filter((other) => other !== pull) : null
  const first = shortest(
    builds.filter(
      ({ verdict, members }) => verdict === null && members.every((member) => failed.among.includes(member.pull)),
    ),
  )
  return { code: 'set_aside', failed, with: others, first: first ? pullsOf(first) : [] }
}

const failedOf = (build: Build): Failed => ({
  build: build.build,
  among: pullsOf(build),
  checks: build.checks.filter(({ state }) => state !== 'passed'),
})

const pullsOf = ({ members }: Build): number[] => members.map(({ pull }) => pull)

const shortest = (builds: readonly Build[]): Build | undefined =>
  builds.toSorted((a, b) => a.members.length - b.members.length)[0]
