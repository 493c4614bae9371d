/**
 * Speculation as Zuul's gate and GitHub's merge queue do it: the first w of the queue are built at once, each on top of all
 * that are ahead of it and have not failed. Each lands by its own build when it is first; whoever fails is taken out, and
 * all behind it are built again.
 */
import type { Candidate, KnownBuild } from '../../../src/core/queue/plan/known.ts'
import { type Actions, type MakePolicy, onTip } from '../policy.ts'

export const prefixWindow =
  (width: number): MakePolicy =>
  () => ({
    name: `prefix window ${width}`,
    decide(view): Actions {
      const builds = onTip(view)
      const byLast = new Map<number, KnownBuild[]>()
      for (const build of builds) {
        const last = build.members.at(-1)?.pull ?? 0
        byLast.set(last, [...(byLast.get(last) ?? []), build])
      }
      const needed = new Set<KnownBuild>()
      const missing: (readonly Candidate[])[] = []
      const ahead: Candidate[] = []
      let seen = 0
      for (const candidate of view.queue.order) {
        if (seen >= Math.min(width, view.slots)) break
        seen += 1
        const members = [...ahead, candidate]
        const build = byLast.get(candidate.pull)?.find((one) => holds(one, members))
        if (build) needed.add(build)
        else missing.push(members)
        if (build?.verdict === 'passed' && ahead.length === 0) return { land: build.build }
        if (build?.verdict === 'failed') {
          if (ahead.length === 0) return { reject: [candidate] }
        } else ahead.push(candidate)
      }
      const running = [...needed].filter(({ verdict }) => verdict === null).length
      return {
        cancel: builds.filter((build) => !needed.has(build)).map(({ build }) => build),
        start: missing.slice(0, view.slots - running).map((members) => ({ members })),
      }
    },
  })

const holds = ({ members }: KnownBuild, wanted: readonly Candidate[]): boolean =>
  members.length === wanted.length && members.every(({ pull }, at) => pull === wanted[at]?.pull)
