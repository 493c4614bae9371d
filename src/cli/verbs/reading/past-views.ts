/**
 * A repository's log folded in memory, event by event, so that a lane's view can be had as it was at any moment of the past.
 * It folds with the functions that fold the live rows, and judges nothing.
 */
import type { Permission } from '../../../core/config.ts'
import { checkThing } from '../../../core/events/checks.ts'
import type { LoggedEvent } from '../../../core/events.ts'
import type { Instant } from '../../../core/ids.ts'
import { pullsOf } from '../../../core/queue/lane.ts'
import { pullsTouched } from '../../../core/queue/lanes-touched.ts'
import type { LaneView } from '../../../core/queue/view.ts'
import type { PullRequest } from '../../../core/readiness/pull-request.ts'
import { branchesBelow } from '../../../core/readiness/stack.ts'
import { unknownRepository } from '../../../core/repository.ts'
import { openProjection } from '../../../store/fold/projection.ts'

export interface PastViews {
  readonly apply: (event: LoggedEvent) => Promise<void>
  /** The view of a lane after what was applied so far; null while there is no such lane. */
  readonly at: (target: string, now: Instant) => LaneView | null
}

export function openPastViews(name: string): PastViews {
  const projection = openProjection(name, null, [], {
    lane: async () => null,
    pull: async () => null,
    bases: async () => [],
    from: async () => [],
    tip: async () => null,
  })
  const { changed } = projection
  const open = new Map<string, Set<number>>()
  const checks = new Map<string, LoggedEvent<'check_reported'>[]>()
  const permissions = new Map<string, Permission>()
  const branches = new Map<string, string>()

  function sortIn(number: number): void {
    for (const numbers of open.values()) numbers.delete(number)
    const seen = changed.pulls.get(String(number))?.doc.seen
    if (seen?.state !== 'open') return
    open.set(seen.base, (open.get(seen.base) ?? new Set()).add(number))
  }

  const docsOf = (numbers: readonly number[]): Map<number, PullRequest> =>
    new Map(
      numbers.flatMap((number): [number, PullRequest][] => {
        const pull = changed.pulls.get(String(number))
        return pull ? [[number, pull.doc]] : []
      }),
    )

  return {
    async apply(event) {
      await projection.apply(event)
      for (const number of pullsTouched(event)) sortIn(number)
      if (event.type === 'check_reported') {
        const earlier = checks.get(event.payload.sha) ?? []
        checks.set(event.payload.sha, [
          ...earlier.filter((report) => checkThing(report.payload) !== checkThing(event.payload)),
          event,
        ])
      }
      if (event.type === 'permission_observed')
        permissions.set(event.payload.user.toLowerCase(), event.payload.permission)
      if (event.type === 'branch_pushed')
        branches.set(`${event.payload.remote}:${event.payload.branch}`, event.payload.sha)
    },

    at(target, now) {
      const row = changed.lanes.get(target)
      if (!row) return null
      const repository = changed.repository?.doc ?? unknownRepository(name)
      const numbers = [...new Set([...(open.get(target) ?? []), ...pullsOf(row.doc)])]
      // A set takes in what is added while it is gone through: what is stacked on what is stacked.
      const all = new Set(numbers)
      for (const number of all)
        for (const branch of branchesBelow(docsOf([number]).values(), repository))
          for (const stacked of open.get(branch) ?? []) all.add(stacked)
      const pulls = docsOf([...all].sort((a, b) => a - b))
      const named = [...pulls.values()].flatMap(({ seen }) => seen?.depends_on ?? [])
      return {
        repository,
        lane: row.doc,
        pulls,
        others: docsOf(named.filter((number) => !pulls.has(number))),
        checks,
        permissions,
        branches,
        position: row.position,
        now,
      }
    },
  }
}
