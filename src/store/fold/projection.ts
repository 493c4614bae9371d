/**
 * Folds events into read models: the repository, its pull requests, its lanes, and the rows that people look up. The append
 * and the rebuild both go through it, so that a rebuilt row can only equal a live one. It reads what it lacks through
 * `Known` and writes nothing.
 */
import { catalogue, type EventType, type LoggedEvent } from '../../core/events.ts'
import { REPOSITORY_LANE, ZERO_SHA } from '../../core/ids.ts'
import { evolveLane } from '../../core/queue/fold/evolve-lane.ts'
import { emptyLane, type Lane } from '../../core/queue/lane.ts'
import { lanesTouched, pullDeciding, pullsTouched } from '../../core/queue/lanes-touched.ts'
import { evolvePull, unheardOf } from '../../core/readiness/pull-request.ts'
import { evolveRepository, isLane, unknownRepository } from '../../core/repository.ts'
import { projectLane } from './lane-rows.ts'
import type { LaneRow, PullRow, RepositoryRow } from './model-rows.ts'
import { type ModelRows, noRows, pullRow, rowKey } from './model-rows.ts'

/** What was folded before the first event of this projection. */
export interface Known {
  readonly lane: (target: string) => Promise<LaneRow | null>
  readonly pull: (number: number) => Promise<PullRow | null>
  readonly bases: () => Promise<readonly Pick<PullRow, 'number' | 'base'>[]>
  /** The pull requests that come from a branch of that name, in this repository or another. */
  readonly from: (branch: string) => Promise<readonly PullRow[]>
  /** Where a branch of the repository was last seen to stand; null when it never was, or is gone. */
  readonly tip: (branch: string) => Promise<string | null>
}

export interface Projection {
  /** Folds one event; the answer is the lanes that it touched. */
  readonly apply: (event: LoggedEvent) => Promise<readonly string[]>
  /** Every lane that the repository has by now. */
  readonly lanes: readonly string[]
  /** Every row that differs from what was known, in its latest state. */
  readonly changed: ModelRows
}

/** Opens a projection of one repository; `row` is null before its first event, `targets` are the lanes that it has. */
export function openProjection(
  name: string,
  row: RepositoryRow | null,
  targets: readonly string[],
  known: Known,
): Projection {
  let repository = row?.doc ?? unknownRepository(name)
  const lanes = [...targets].sort()
  const tips = new Map<string, string | null>()
  const changed = noRows()

  const laneOf = async (target: string): Promise<LaneRow | null> =>
    changed.lanes.get(target) ?? (lanes.includes(target) ? known.lane(target) : null)
  const pullAt = async (number: number): Promise<PullRow | null> =>
    changed.pulls.get(String(number)) ?? known.pull(number)

  async function makeLane(target: string, event: LoggedEvent): Promise<void> {
    const seen = tips.get(target)
    const tip = seen === undefined && target !== REPOSITORY_LANE ? await known.tip(target) : (seen ?? null)
    const doc: Lane = { ...emptyLane(name, target), tip }
    lanes.push(target)
    changed.lanes.set(target, { repository: name, target, position: event.position, doc })
  }

  /** The lane that a base leads to: its own, or that of the pull requests on which it is stacked. */
  async function laneBehind(base: string | null): Promise<string | null> {
    const passed = new Set<string>()
    for (let at = base; at !== null && !passed.has(at); at = await under(at)) {
      if (lanes.includes(at)) return at
      passed.add(at)
    }
    return base
  }

  async function under(branch: string): Promise<string | null> {
    const older = (await known.from(branch)).filter((pull) => !changed.pulls.has(String(pull.number)))
    const [lowest] = [...older, ...changed.pulls.values()]
      .filter(({ doc: { seen } }) => seen?.branch === branch && seen.remote === name && seen.state === 'open')
      .sort((a, b) => a.number - b.number)
    return lowest?.base ?? null
  }

  /** A lane begins when its branch is a target and is the default branch or some pull request's base. */
  async function makeLanes(event: LoggedEvent): Promise<void> {
    if (!lanes.includes(REPOSITORY_LANE)) await makeLane(REPOSITORY_LANE, event)
    for (const branch of await branchesToTry(event))
      if (!lanes.includes(branch) && isLane(repository, branch)) await makeLane(branch, event)
  }

  async function branchesToTry(event: LoggedEvent): Promise<string[]> {
    if (event.type === 'pull_request_observed') return [event.payload.base]
    if (event.type !== 'config_changed' && event.type !== 'repository_observed') return []
    const older = (await known.bases()).filter((pull) => !changed.pulls.has(String(pull.number)))
    const bases = [...older, ...changed.pulls.values()].map((pull) => pull.base)
    return [...new Set([...bases, repository.default_branch])].filter((base) => base !== null).sort()
  }

  async function foldPulls(event: LoggedEvent): Promise<void> {
    for (const number of pullsTouched(event)) {
      const before = (await pullAt(number))?.doc ?? unheardOf(number)
      const after = evolvePull(before, event)
      if (after !== before) changed.pulls.set(String(number), pullRow(name, event.position, after))
    }
  }

  async function foldLane(target: string, event: LoggedEvent): Promise<void> {
    const before = await laneOf(target)
    if (before === null) throw new Error(`the lane ${target} of ${name} has no row`)
    const doc = evolveLane(before.doc, event)
    changed.lanes.set(target, { ...before, position: event.position, doc })
    if (doc === before.doc) return
    const rows = projectLane(before.doc, doc, event)
    for (const entry of rows.entries) changed.entries.set(rowKey(target, entry.pull, entry.sha), entry)
    for (const build of rows.builds) changed.builds.set(rowKey(target, build.build), build)
    for (const followUp of rows.followUps) changed.followUps.set(rowKey(target, followUp.pull), followUp)
  }

  async function apply(event: LoggedEvent): Promise<readonly string[]> {
    const deciding = pullDeciding(event)
    const before = deciding === null ? null : await laneBehind((await pullAt(deciding))?.base ?? null)
    const moved = tipIn(name, event)
    if (moved) tips.set(moved.branch, moved.sha)
    repository = evolveRepository(repository, event)
    changed.repository = { name, position: event.position, doc: repository }
    await foldPulls(event)
    await makeLanes(event)
    const after = deciding === null ? null : await laneBehind((await pullAt(deciding))?.base ?? null)
    const touched = lanesTouched(event, { lanes, base: { before, after } })
    for (const target of touched) await foldLane(target, event)
    return touched
  }

  return { apply, lanes, changed }
}

interface Tip {
  readonly branch: string
  readonly sha: string | null
}

const at = (branch: string, sha: string): Tip => ({ branch, sha: sha === ZERO_SHA ? null : sha })

/** Where an event says that a branch of the repository itself stands; null as sha when it is gone. */
export function tipIn(
  repository: string,
  { type, payload }: { readonly type: EventType; readonly payload: unknown },
): Tip | null {
  if (type === 'target_moved') {
    const { branch, after } = catalogue.target_moved.payload.parse(payload)
    return at(branch, after)
  }
  if (type !== 'branch_pushed') return null
  const { branch, sha, remote } = catalogue.branch_pushed.payload.parse(payload)
  return remote === repository ? at(branch, sha) : null
}
