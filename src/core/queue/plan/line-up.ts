/**
 * The one order in which members may follow each other in builds: who interrupts, then what is being tested in the order in
 * which it is tested, then whoever waits. So nobody enters in front of a running build or into a bad set. Whoever depends on
 * another comes behind it. Read lazily: a queue of thousands is touched only as far as builds reach.
 */
import { type Candidate, type KnownBuild, type Member, type Queue, sameMember } from './known.ts'

export interface LineUp {
  /** The candidate at a place, from 0; undefined past the end. */
  at(place: number): Candidate | undefined
}

export function lineUp(queue: Queue, builds: readonly KnownBuild[]): LineUp {
  const line: Candidate[] = []
  const source = inTurn(queue, builds)
  const waiting: Candidate[] = []
  const placed = new Set<number>()

  function put(candidate: Candidate): void {
    line.push(candidate)
    placed.add(candidate.pull)
    for (const [index, other] of waiting.entries()) {
      if (!other.after.every((pull) => placed.has(pull))) continue
      waiting.splice(index, 1)
      put(other)
      return
    }
  }

  return {
    at(place) {
      while (line.length <= place) {
        const next = source.next()
        if (next.done) return undefined
        if (next.value.after.every((pull) => placed.has(pull))) put(next.value)
        else waiting.push(next.value)
      }
      return line[place]
    },
  }
}

function* inTurn(queue: Queue, builds: readonly KnownBuild[]): Generator<Candidate, undefined> {
  const tested = underTest(queue, builds)
  const waiting: Candidate[] = []
  const placed = new Set<number>()
  function* put(one: Tested): Generator<Candidate, undefined> {
    if (placed.has(one.candidate.pull)) return
    placed.add(one.candidate.pull)
    for (const other of one.behind) yield* put(other)
    if (!one.candidate.interrupt) yield one.candidate
  }
  for (const candidate of queue.order) {
    const one = tested.get(candidate.pull)
    if (candidate.interrupt) yield candidate
    if (one) yield* put(one)
    else if (!candidate.interrupt) waiting.push(candidate)
    // Nobody is behind the last of those under test: from here on the order of the queue is the line.
    if (placed.size === tested.size) yield* waiting.splice(0)
  }
}

interface Tested {
  readonly candidate: Candidate
  /** Whom it comes directly behind in some build. */
  readonly behind: Set<Tested>
}

/**
 * The members of builds that may still count. Each build is a part of one line, so who comes directly behind whom says what
 * the line is; where it says nothing the queue does. A member that left or moved takes its builds with it.
 */
function underTest(queue: Queue, builds: readonly KnownBuild[]): Map<number, Tested> {
  const found = new Map<number, Tested>()
  let last: readonly Candidate[] = []
  for (const { members } of builds) {
    // Neighbours in the list mostly share their beginning, and that is known already.
    let same = 0
    while (isSame(last[same], members[same])) same += 1
    const rest = present(queue, members.slice(same))
    if (!rest) continue
    last = [...last.slice(0, same), ...rest]
    let previous = found.get(last[same - 1]?.pull ?? 0)
    for (const candidate of rest) {
      const one = found.get(candidate.pull) ?? { candidate, behind: new Set() }
      found.set(candidate.pull, one)
      if (previous) one.behind.add(previous)
      previous = one
    }
  }
  return found
}

const isSame = (one: Member | undefined, other: Member | undefined): boolean =>
  one !== undefined && other !== undefined && sameMember(one, other)

/** The candidates of these members; nothing if one of them is not there any more. */
function present(queue: Queue, members: readonly Member[]): Candidate[] | undefined {
  const line: Candidate[] = []
  for (const member of members) {
    const candidate = queue.find(member.pull)
    if (candidate?.sha !== member.sha) return undefined
    line.push(candidate)
  }
  return line
}
