/** What was looked at live, and when; what has to be looked at again. */
import type { PayloadOf } from '../../events.ts'
import { instant, REPOSITORY_LANE } from '../../ids.ts'
import type { Lane } from '../lane.ts'
import { put, without } from './table.ts'

export function touched(lane: Lane, { what, branch, user }: PayloadOf<'settings_touched'>): Lane {
  if (branch !== null && branch !== lane.target && lane.target !== REPOSITORY_LANE) return lane
  const { observed } = lane
  switch (what) {
    case 'config':
      return { ...lane, observed: { ...observed, config_due: true } }
    case 'protection':
      return { ...lane, observed: { ...observed, protection_due: true } }
    case 'permission':
      return {
        ...lane,
        observed: { ...observed, users: user === null ? {} : without(observed.users, user.toLowerCase()) },
      }
    default:
      return what satisfies never
  }
}

export function looked(lane: Lane, { scope, pulls, users, build, observed_at }: PayloadOf<'lane_observed'>): Lane {
  const at = instant(observed_at)
  const { observed } = lane
  switch (scope) {
    case 'pulls': {
      const counts = Object.fromEntries(
        pulls.map((pull) => [pull, { at, times: (observed.pulls[pull]?.times ?? 0) + 1 }]),
      )
      const asked = Object.fromEntries(users.map((user) => [user.toLowerCase(), at]))
      return {
        ...lane,
        observed: { ...observed, pulls: { ...observed.pulls, ...counts }, users: { ...observed.users, ...asked } },
      }
    }
    case 'permissions':
      return {
        ...lane,
        observed: {
          ...observed,
          users: { ...observed.users, ...Object.fromEntries(users.map((user) => [user.toLowerCase(), at])) },
        },
      }
    case 'protection':
      return { ...lane, observed: { ...observed, protection: at, protection_due: false } }
    case 'config':
      return { ...lane, observed: { ...observed, config_due: false } }
    case 'checks':
      return build === null ? lane : { ...lane, observed: { ...observed, checks: put(stillThere(lane), build, at) } }
    default:
      return scope satisfies never
  }
}

/** Of builds that the lane knows no more nobody asks when CI was last asked about them. */
const stillThere = ({ observed, builds }: Lane): Lane['observed']['checks'] =>
  Object.fromEntries(Object.entries(observed.checks).filter(([build]) => build in builds))

/** A pull request that changed is looked at with fresh patience. */
export function recount(lane: Lane, pull: number): Lane['observed']['pulls'] {
  const known = lane.observed.pulls[pull]
  return known ? put(lane.observed.pulls, pull, { ...known, times: 0 }) : lane.observed.pulls
}
