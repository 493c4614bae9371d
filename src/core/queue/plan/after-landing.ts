/**
 * What the builds of a lane are once a prefix of the queue has become the target: a build that begins with it stands on the
 * new tip with the rest of its members, and what was found out about it still holds.
 */
import { type Candidate, type KnownBuild, type Member, sameMember } from './known.ts'

/** `from` and `to` are the target before and after, `members` what landed, in order. */
export interface Landed {
  readonly from: string
  readonly to: string
  readonly members: readonly Member[]
}

export function afterLanding<B extends KnownBuild>(builds: readonly B[], landed: Landed): B[] {
  return builds.flatMap((build) => {
    const goesOn = build.base === landed.from && landed.members.every((member, at) => isAt(build, member, at))
    if (goesOn && build.members.length === landed.members.length) return []
    if (goesOn) return [{ ...build, base: landed.to, members: build.members.slice(landed.members.length) }]
    if (build.verdict !== 'passed') return [build]
    const missed = landed.members.filter(({ pull }) => !build.members.some((member) => member.pull === pull))
    return [{ ...build, missed: [...(build.missed ?? []), ...missed.map(({ pull }) => pull)] }]
  })
}

const isAt = (build: KnownBuild, member: Member, at: number): boolean => {
  const own = build.members[at]
  return own !== undefined && sameMember(own, member)
}

/** Who landed since a build with this member passed without them; of several such builds the one that says it most closely. */
export function partnersOf(candidate: Candidate, builds: readonly KnownBuild[]): readonly number[] {
  const shown = builds
    .filter(({ members }) => members.some((member) => sameMember(member, candidate)))
    .flatMap(({ verdict, missed }) => (verdict === 'passed' && missed?.length ? [missed] : []))
  return shown.sort((a, b) => a.length - b.length)[0] ?? []
}
