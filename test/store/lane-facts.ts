/** The facts that make lanes, for the store's tests: a repository with the App on it and a configuration that is live. */
import type { NewEvent, PayloadOf } from '../../src/core/events.ts'
import type { Append, AppendResult } from '../../src/store/append/append.ts'
import type { Store } from '../../src/store/store.ts'
import { commit, configWith, event, REPOSITORY } from '../support/facts.ts'

export const observedRepository = (rest: Partial<PayloadOf<'repository_observed'>> = {}) =>
  event('repository_observed', {
    installation: 1,
    installed: true,
    suspended: false,
    default_branch: 'main',
    private: false,
    ...rest,
  })

export const configured = (file: Record<string, unknown> = {}, rest: Partial<PayloadOf<'config_changed'>> = {}) =>
  event('config_changed', {
    branch: 'main',
    default_branch: true,
    blob: commit('ab'),
    commit: commit('ac'),
    config: configWith(file),
    errors: [],
    ...rest,
  })

/** A repository with the lanes `*` and `main`. */
export const installed = (): NewEvent[] => [observedRepository(), configured()]

/** An event as a lane writes it. */
export const by = <E extends NewEvent>(lane: string, written: E): E => ({ ...written, lane, source: 'lane' })

type Done = Extract<AppendResult, { ok: true }>

/** Appends and expects that the log took it on, whatever became of each event. */
export async function append(
  store: Store,
  events: readonly NewEvent[],
  rest: Omit<Append, 'repository' | 'events'> & { repository?: string } = {},
): Promise<Done> {
  const result = await store.log.append({ repository: REPOSITORY, events, ...rest })
  if (!result.ok) throw new Error(`nothing was appended: ${result.why}`)
  return result
}

/** What became of each event, in a word. */
export const outcomes = (result: Done): string[] => result.outcomes.map(({ outcome }) => outcome)

/** The lane's version. */
export async function versionOf(store: Store, target = 'main', repository = REPOSITORY): Promise<number | undefined> {
  const lanes = await store.models.lanes(repository)
  return lanes.find((lane) => lane.target === target)?.position
}

/** Takes the lane, which nobody may hold. */
export async function take(store: Store, lane = 'main', owner = 'worker-1') {
  const taken = await store.leases.acquire(REPOSITORY, lane, owner)
  if (taken.result !== 'acquired') throw new Error(`the lane ${lane} is busy`)
  return taken.fence
}
