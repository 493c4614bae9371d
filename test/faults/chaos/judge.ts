/**
 * What the local GitHub shows at the end of a run, counted: what landed, what is blocked, and the three things that may never
 * be. Pure; it takes neither the app's word nor its log.
 */
export interface TargetCommit {
  readonly sha: string
  readonly parents: readonly string[]
  readonly message: string
  /** Whether CI had passed this very commit when the target moved to it, or to the last one of the batch that brought it. */
  readonly proven: boolean
}

export interface PullFacts {
  readonly number: number
  readonly head: string
  readonly state: 'open' | 'closed'
  readonly merged: boolean
  /** Whether its head stands approved: nobody has taken back that it should land. */
  readonly wanted: boolean
  /** What Mainkeeper's check run shows on its head. */
  readonly shown: string
}

export interface LaneFacts {
  /** Repository and target. */
  readonly name: string
  /** The first-parent line of the target since it was made, oldest first. */
  readonly line: readonly TargetCommit[]
  readonly pulls: readonly PullFacts[]
}

export interface Verdict {
  readonly pulls: number
  readonly landed: number
  readonly blocked: number
  /** Left the queue because somebody wanted it so. */
  readonly dequeued: number
  /** Each in words: ended nowhere, landed twice, is on a target without a passed run. */
  readonly lost: readonly string[]
  readonly twice: readonly string[]
  readonly untested: readonly string[]
}

export function judge(lanes: readonly LaneFacts[]): Verdict {
  const ends = lanes.flatMap((lane) =>
    lane.pulls.map((pull) => ({ name: `${lane.name} #${pull.number}`, pull, end: endOf(lane, pull) })),
  )
  const count = (end: End): number => ends.filter((one) => one.end === end).length
  return {
    pulls: ends.length,
    landed: count('landed'),
    blocked: count('blocked'),
    dequeued: count('dequeued'),
    lost: ends
      .filter(({ end }) => end === 'lost')
      .map(
        ({ name, pull }) => `${name} is ${pull.merged ? 'merged' : pull.state}, and shows: ${pull.shown || 'nothing'}`,
      ),
    twice: lanes.flatMap(landedTwice),
    untested: lanes.flatMap(({ name, line }) =>
      line.filter(({ proven }) => !proven).map(({ sha }) => `${sha} is on ${name}, and CI had not passed it`),
    ),
  }
}

type End = 'landed' | 'blocked' | 'dequeued' | 'lost'

function endOf({ line }: LaneFacts, pull: PullFacts): End {
  if (line.some((commit) => brings(commit, pull))) return pull.state === 'closed' ? 'landed' : 'lost'
  if (pull.merged) return 'lost'
  if (pull.shown.startsWith('Blocked')) return 'blocked'
  const waits = /^(Queued|Testing|Landing|Landed)/.test(pull.shown)
  return pull.state === 'closed' || (!pull.wanted && !waits) ? 'dequeued' : 'lost'
}

/** A merge has the head for its second parent; what was squashed is known by the number in its title. */
const brings = ({ parents, message }: TargetCommit, { head, number }: PullFacts): boolean =>
  parents.length > 1 ? parents[1] === head : (message.split('\n')[0] ?? '').endsWith(`(#${number})`)

function landedTwice(lane: LaneFacts): string[] {
  return lane.pulls.flatMap((pull) => {
    const times = lane.line.filter((commit) => brings(commit, pull)).length
    return times > 1 ? [`${lane.name} #${pull.number} landed ${times} times`] : []
  })
}
