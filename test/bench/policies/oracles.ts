/**
 * Two that are told who is bad, and never build it: what a queue could do at best if it knew. The first builds every pull
 * request once, on top of all before it, and lands each by its own build; the second puts all that waits into one build
 * whenever a slot is free, and lands whatever passes.
 */
import type { Candidate } from '../../../src/core/queue/plan/known.ts'
import { type Actions, type LaneView, type MakePolicy, onTip } from '../policy.ts'

function knowing(view: LaneView, isBad: (pull: number) => boolean): { good: Candidate[]; bad: Candidate[] } {
  const good: Candidate[] = []
  const bad: Candidate[] = []
  for (const candidate of view.queue.order) (isBad(candidate.pull) ? bad : good).push(candidate)
  return { good, bad }
}

export const oneBuildEach: MakePolicy = ({ isBad }) => ({
  name: 'oracle, one build each',
  decide(view): Actions {
    const { good, bad } = knowing(view, isBad)
    const builds = onTip(view)
    const land = builds.find(({ verdict, members }) => verdict === 'passed' && members.length === 1)
    if (land) return { reject: bad, land: land.build }
    const free = view.slots - builds.filter(({ verdict }) => verdict === null).length
    const tested = Math.max(0, ...builds.map(({ members }) => members.length))
    const lengths = good.slice(tested).map((_, at) => tested + at + 1)
    return { reject: bad, start: lengths.slice(0, free).map((length) => ({ members: good.slice(0, length) })) }
  },
})

export const batching: MakePolicy = ({ isBad }) => ({
  name: 'oracle, batching',
  decide(view): Actions {
    const { good, bad } = knowing(view, isBad)
    const builds = onTip(view)
    const land = builds.findLast(({ verdict }) => verdict === 'passed')
    if (land) return { reject: bad, land: land.build }
    const free = view.slots - builds.filter(({ verdict }) => verdict === null).length
    const tested = Math.max(0, ...builds.map(({ members }) => members.length))
    return { reject: bad, start: free > 0 && good.length > tested ? [{ members: good }] : [] }
  },
})
