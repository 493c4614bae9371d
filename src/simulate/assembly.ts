/**
 * Puts the members of a build together as GitHub would, by what the content says of two commits, and tells a conflict with
 * the target from one with a pull request ahead. A step that was made once is not made again.
 */
import type { PayloadOf } from '../core/events.ts'
import type { Content, Member } from './world.ts'

type Prefix = PayloadOf<'build_published'>['prefixes'][number]

export interface Refused {
  readonly member: Member
  readonly reason: 'merge_conflict' | 'conflict_with_member' | 'contained'
  readonly with: number | null
  readonly files: readonly string[]
}

export interface Assembled {
  readonly made: { readonly prefixes: Prefix[] } | { readonly refused: Refused }
  /** Merges that GitHub was asked for: those of earlier builds are gone on from. */
  readonly merges: number
}

export interface Assembly {
  /** `attempt` above 1: the whole stood on `base` before, and is wanted as another commit. */
  assemble(base: string, members: readonly Member[], attempt: number): Promise<Assembled>
  /** One change on one commit, or null where it conflicts. */
  place(base: string, member: Member): Promise<string | null>
}

export function assemblyOf(content: Content): Assembly {
  const steps = new Map<string, Awaited<ReturnType<Content['merge']>>>()
  let merges = 0

  async function step(base: string, member: Member, attempt = 1) {
    const key = `${base} ${member.sha} ${attempt}`
    const known = steps.get(key)
    if (known !== undefined) return known
    merges += 1
    const placed = await content.merge(base, member, attempt)
    steps.set(key, placed)
    return placed
  }

  async function refuse(base: string, members: readonly Member[], at: number, files: readonly string[]) {
    const member = members[at] as Member
    const refused = (reason: Refused['reason'], ahead: number | null, where: readonly string[]): Refused => ({
      member,
      reason,
      with: ahead,
      files: where,
    })
    if (at === 0) return refused('merge_conflict', null, files)
    const alone = await step(base, member)
    if (typeof alone !== 'string') return refused('merge_conflict', null, alone.conflict)
    // The nearest ahead of it with which it conflicts by itself; where none does, the one directly ahead.
    for (const other of members.slice(0, at).toReversed()) {
      const placed = await step(base, other)
      const both = typeof placed === 'string' ? await step(placed, member) : ''
      if (typeof both !== 'string') return refused('conflict_with_member', other.pull, both.conflict)
    }
    return refused('conflict_with_member', members[at - 1]?.pull ?? null, files)
  }

  return {
    async assemble(base, members, attempt) {
      merges = 0
      const prefixes: Prefix[] = []
      let tip = base
      for (const [at, member] of members.entries()) {
        const placed = await step(tip, member)
        if (typeof placed !== 'string')
          return { made: { refused: await refuse(base, members, at, placed.conflict) }, merges }
        const contained = placed === tip && (await step(base, member)) === base
        if (contained) return { made: { refused: { member, reason: 'contained', with: null, files: [] } }, merges }
        // A repeat is another commit of the same tree: only its last step is made anew.
        const repeated = at === members.length - 1 && attempt > 1 ? await step(tip, member, attempt) : placed
        const sha = typeof repeated === 'string' ? repeated : placed
        prefixes.push({ pull: member.pull, sha, tree: placed })
        tip = sha
      }
      return { made: { prefixes }, merges }
    },
    async place(base, member) {
      const placed = await step(base, member)
      return typeof placed === 'string' ? placed : null
    },
  }
}
