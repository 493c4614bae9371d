/**
 * One turn of a repository's own lane: look at GitHub level-wise when it is time or when the configuration was touched, tell
 * of a broken configuration, and say when to look again. What a sweep looks at is not known here.
 */
import type { NewEvent } from '../core/events.ts'
import type { Fence } from '../core/fence.ts'
import { type Instant, iso } from '../core/ids.ts'
import { decide } from '../core/queue/decide.ts'
import type { LaneView } from '../core/queue/view.ts'
import { performAll, type TurnEnd, type TurnTools } from './turn.ts'

export interface RepositoryTurnTools extends Pick<TurnTools, 'store' | 'port' | 'bot' | 'now' | 'log' | 'stopping'> {
  /** Looks at the whole repository and appends what differs; says whether it could. */
  readonly sweep: (repository: string, installation: number) => Promise<boolean>
  /** Milliseconds between sweeps. */
  readonly sweepEvery: number
  /** The process began then: its first sweep is due at once, whoever swept before. */
  readonly startedAt: Instant
}

/** After a look that failed, the next. */
const RETRY = 60_000

export async function runRepositoryTurn(fence: Fence, tools: RepositoryTurnTools): Promise<TurnEnd> {
  const { store, now } = tools
  let retryAt: Instant | null = null
  for (;;) {
    const view = await store.views.load(fence.repository, fence.lane)
    if (tools.stopping() || !view) {
      await store.leases.release(fence, { wakeAt: view ? now() : null })
      return 'stopped'
    }
    const { installed, suspended, installation } = view.repository
    const reachable = installed && !suspended && installation !== null
    const due = await nextSweep(fence.repository, tools)
    if (reachable && retryAt === null && (view.lane.observed.config_due || due <= now())) {
      const swept = await sweepNow(view, installation, fence, tools)
      if (swept === 'fenced') return swept
      if (swept === 'failed') retryAt = now() + RETRY
      continue
    }
    const decision = decide(view)
    if (reachable && decision.do === 'perform') {
      if (!(await performAll(fence, view, decision.effects, tools))) return 'fenced'
      continue
    }
    const wakeAt = reachable
      ? Math.min(retryAt ?? due, (decision.do === 'wait' ? decision.until : undefined) ?? Number.POSITIVE_INFINITY)
      : null
    const released = await store.leases.release(fence, { wakeAt, ifPosition: view.position })
    if (released.result !== 'moved') return released.result === 'released' ? 'released' : 'fenced'
    retryAt = null
  }
}

const cursor = (repository: string): string => `swept:${repository}`

async function nextSweep(repository: string, { store, sweepEvery, startedAt }: RepositoryTurnTools): Promise<Instant> {
  const swept = (await store.checkpoints.get(cursor(repository)))?.value as { at?: string } | undefined
  const at = swept?.at === undefined ? Number.NEGATIVE_INFINITY : Date.parse(swept.at)
  return at < startedAt ? startedAt : at + sweepEvery
}

async function sweepNow(
  view: LaneView,
  installation: number,
  fence: Fence,
  tools: RepositoryTurnTools,
): Promise<'swept' | 'failed' | 'fenced'> {
  const { store } = tools
  const at = iso(tools.now())
  if (!(await tools.sweep(fence.repository, installation))) return 'failed'
  await store.checkpoints.set(cursor(fence.repository), { position: view.position, value: { at } })
  if (!view.lane.observed.config_due) return 'swept'
  const looked: NewEvent = {
    type: 'lane_observed',
    payload: { scope: 'config', pulls: [], users: [], build: null, tip: null, observed_at: at },
    occurred_at: at,
    source: 'lane',
    lane: fence.lane,
  }
  const appended = await store.log.append({ repository: fence.repository, events: [looked], fence })
  return appended.ok ? 'swept' : 'fenced'
}
