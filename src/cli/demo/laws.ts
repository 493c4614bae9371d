/**
 * The laws of landing, checked on what a local GitHub has to show at the end: which commits main moved to, what CI had
 * said of them by then, who had approved which head. Pure; where the facts come from is not known here.
 */
import { short } from '../../core/ids.ts'

/** One move of main, seen at the moment at which it was made. */
export interface Move {
  readonly before: string
  readonly after: string
  /** `app`, or the login of whoever moved it. */
  readonly by: string
  readonly tree: string
  /** The tree on which the required check of that very commit had passed when main moved; null: none had. */
  readonly testedTree: string | null
  /** Every head that stood approved when main moved. */
  readonly approved: readonly string[]
}

/** A commit on the first-parent line of main. */
export interface MainCommit {
  readonly sha: string
  readonly parents: readonly string[]
}

export interface PullFacts {
  readonly number: number
  readonly title: string
  readonly state: 'open' | 'closed'
  readonly merged: boolean
  /** Every head that it ever had, the last one last. */
  readonly heads: readonly string[]
  /** The heads that are approved in the end. */
  readonly approved: readonly string[]
  readonly blocked: boolean
  /** Whether main contains its last head. */
  readonly inMain: boolean
  readonly followUps: readonly number[]
  readonly stickyComments: number
}

export interface Facts {
  /** The commit that main began with, and the one that it is at. */
  readonly first: string
  readonly tip: string
  /** The first-parent line from `tip` down to `first`, newest first. */
  readonly line: readonly MainCommit[]
  /** In the order in which they were made. */
  readonly moves: readonly Move[]
  readonly pulls: readonly PullFacts[]
}

/** The commit of main's first-parent line that brought the pull request, if it is there. */
export function landedAs({ line }: Pick<Facts, 'line'>, { heads }: Pick<PullFacts, 'heads'>): string | undefined {
  return line.find(({ parents }) => parents.slice(1).some((parent) => heads.includes(parent)))?.sha
}

/** Every breach of a law as one sentence; none when the laws were held. */
export function brokenLaws(facts: Facts): string[] {
  return [...unproven(facts), ...gaps(facts), ...unasked(facts), ...facts.pulls.flatMap((pull) => ofPull(facts, pull))]
}

/** Main moves only by the App, and only to a commit whose very tree passed before. */
function unproven({ moves }: Facts): string[] {
  return moves.flatMap(({ after, by, tree, testedTree }) => [
    ...(by === 'app' ? [] : [`main was moved to ${short(after)} by ${by}`]),
    ...(testedTree === null ? [`main was moved to ${short(after)} before its tests had passed`] : []),
    ...(testedTree !== null && testedTree !== tree ? [`the tree of ${short(after)} is not the tested one`] : []),
  ])
}

/** The moves follow upon one another, and nothing that main once was is lost. */
function gaps({ first, tip, line, moves }: Facts): string[] {
  const broken = moves.flatMap(({ before, after }, index) => {
    const standing = moves[index - 1]?.after ?? first
    return before === standing
      ? []
      : [`main went to ${short(after)} from ${short(before)} while it was at ${short(standing)}`]
  })
  const last = moves.at(-1)?.after ?? first
  const tips = new Set([first, ...moves.map(({ after }) => after)])
  return [
    ...broken,
    ...(last === tip ? [] : [`main is at ${short(tip)} and was last seen to move to ${short(last)}`]),
    ...[...tips].filter((sha) => !line.some((commit) => commit.sha === sha)).map((sha) => `main lost ${short(sha)}`),
  ]
}

/** By commit the move that brought it: a batch comes with the move to its last commit. */
function movesOf(line: Facts['line'], moves: readonly Move[]): Map<string, Move> {
  const brought = new Map<string, Move>()
  let move: Move | undefined
  for (const { sha } of line) {
    move = moves.find(({ after }) => after === sha) ?? move
    if (move) brought.set(sha, move)
  }
  return brought
}

/** Every commit on main brings one head that was approved by then, and no head twice. */
function unasked({ first, line, moves, pulls }: Facts): string[] {
  const brought = new Set<string>()
  const bringing = movesOf(line, moves)
  return line.toReversed().flatMap(({ sha, parents }) => {
    if (sha === first) return []
    const head = parents[1]
    const pull = pulls.find(({ heads }) => head !== undefined && heads.includes(head))
    if (!pull || head === undefined || parents.length !== 2) return [`${short(sha)} is no landing of a pull request`]
    const again = brought.has(head)
    brought.add(head)
    const approved = bringing.get(sha)?.approved.includes(head) ?? false
    return [
      ...(again ? [`${short(head)} of #${pull.number} was merged twice`] : []),
      ...(approved ? [] : [`#${pull.number} landed at ${short(head)}, which nobody had approved`]),
    ]
  })
}

function ofPull(facts: Facts, pull: PullFacts): string[] {
  const { number, blocked, inMain, merged, followUps, stickyComments, heads } = pull
  const landings = facts.line.filter(({ parents }) => parents.slice(1).some((parent) => heads.includes(parent)))
  return [
    ...(merged && landings.length === 0 ? [`#${number} is marked as merged, and its landing is not on main`] : []),
    ...(landings.length > 1 ? [`#${number} landed ${landings.length} times`] : []),
    ...(blocked && inMain ? [`#${number} is blocked, and main contains it`] : []),
    ...(merged === inMain
      ? []
      : [`#${number} is ${merged ? '' : 'not '}marked as merged, and main ${inMain ? 'contains' : 'lacks'} it`]),
    ...(followUps.length > 1 ? [`#${number} has ${followUps.length} follow-ups: #${followUps.join(', #')}`] : []),
    ...(stickyComments > 1 ? [`#${number} has ${stickyComments} sticky comments`] : []),
  ]
}
