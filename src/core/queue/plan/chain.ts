/**
 * The line-up less those who are assumed to be excluded: what a build on the tip would hold, member by member, and the
 * chance that its first n are all good. It knows no builds.
 */
import type { Beliefs, Candidate } from './known.ts'
import type { LineUp } from './line-up.ts'

export interface Chain {
  /** The member at a place, from 0; undefined past the end. */
  at(place: number): Candidate | undefined
  /** The chance that the first n members are good; n has to be within the chain. */
  good(n: number): number
  /** The same line without the member at a place. */
  without(place: number): Chain
}

export const wholeChain = (line: LineUp, beliefs: Beliefs): Chain => chainFrom(line, beliefs, [], [], [1], 0)

function chainFrom(
  line: LineUp,
  beliefs: Beliefs,
  members: Candidate[],
  /** Where in the line each member stands. */
  places: number[],
  goods: number[],
  begin: number,
): Chain {
  let cursor = begin

  function grow(): boolean {
    for (let next = line.at(cursor); next; next = line.at(cursor)) {
      cursor += 1
      if (!mayFollow(members, next)) continue
      members.push(next)
      places.push(cursor - 1)
      goods.push((goods.at(-1) ?? 1) * (1 - (next.was_red ? beliefs.bad_when_red : beliefs.bad)))
      return true
    }
    return false
  }

  return {
    at(place) {
      while (members.length <= place) if (!grow()) return undefined
      return members[place]
    },
    good: (n) => goods[n] ?? 0,
    without: (place) =>
      chainFrom(
        line,
        beliefs,
        members.slice(0, place),
        places.slice(0, place),
        goods.slice(0, place + 1),
        (places[place] ?? cursor) + 1,
      ),
  }
}

function mayFollow(members: readonly Candidate[], next: Candidate): boolean {
  const ahead = (pull: number) => members.some((member) => member.pull === pull)
  if (next.after.length > 0 && !next.after.every(ahead)) return false
  return next.waits_for === null || !ahead(next.waits_for)
}
