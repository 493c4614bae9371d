/**
 * One turn of one lane under its lease: look at the log, decide, then record, perform or wait, until there is nothing to do.
 * It knows no rule of the queue and no call of GitHub.
 */
import type { NewEvent } from '../core/events.ts'
import type { Fence } from '../core/fence.ts'
import { type Instant, iso } from '../core/ids.ts'
import { decide } from '../core/queue/decide.ts'
import type { Effect } from '../core/queue/effect.ts'
import { stepsOf } from '../core/queue/steps.ts'
import type { LaneView } from '../core/queue/view.ts'
import { performStep } from '../effects/perform.ts'
import type { RepositoryPort } from '../github/port.ts'
import type { Store } from '../store/store.ts'
import type { Look } from '../store/view.ts'

export interface TurnTools {
  readonly store: Store
  readonly port: (repository: string, installation: number) => RepositoryPort
  /** The login under which we write, `mainkeeper[bot]`. */
  readonly bot: string
  readonly now: () => Instant
  readonly log: (line: Record<string, unknown>, message: string) => void
  /** Sleeps until the lane is woken, or until the milliseconds are over: whether it was woken. */
  readonly linger: (ms: number) => Promise<boolean>
  readonly stopping: () => boolean
  /** How long the lease is kept for late events after there is nothing left to do, in milliseconds. */
  readonly grace: number
}

export type TurnEnd = 'released' | 'fenced' | 'stopped'

export async function runTurn(fence: Fence, tools: TurnTools): Promise<TurnEnd> {
  const { store } = tools
  let lingered = -1
  for (;;) {
    if (tools.stopping()) return release(fence, tools, tools.now())
    const view = await store.views.load(fence.repository, fence.lane)
    if (!view) return release(fence, tools, null)
    const decision = decide(view)
    if (decision.do === 'wait') {
      // Late events come within the grace; a second wait at the same position is the end of the turn.
      const left = (decision.until ?? Number.POSITIVE_INFINITY) - view.now
      if (lingered !== view.position && tools.grace > 0 && left > 0) {
        lingered = view.position
        const woken = await tools.linger(Math.min(tools.grace, left))
        if (woken || left <= tools.grace) continue
      }
      const released = await store.leases.release(fence, { wakeAt: decision.until ?? null, ifPosition: view.position })
      if (released.result === 'moved') continue
      return released.result === 'released' ? 'released' : 'fenced'
    }
    const alive =
      decision.do === 'record'
        ? await recordDecision(fence, view, decision.events, tools)
        : await performAll(fence, view, decision.effects, tools)
    if (!alive) return 'fenced'
  }
}

async function release(fence: Fence, { store }: TurnTools, wakeAt: Instant | null): Promise<TurnEnd> {
  await store.leases.release(fence, { wakeAt })
  return 'stopped'
}

async function recordDecision(
  fence: Fence,
  view: LaneView,
  events: readonly NewEvent[],
  { store, log }: TurnTools,
): Promise<boolean> {
  const appended = await store.log.append({
    repository: fence.repository,
    events,
    fence,
    atPosition: view.position,
    basedOn: view.position,
  })
  // Somebody else's fact came in between: the judgement is made again, with it.
  if (!appended.ok) return appended.why === 'lane_moved'
  for (const one of appended.outcomes) {
    if (one.outcome !== 'appended') throw new Error(`a decision was not recorded: ${JSON.stringify(one)}`)
    log(
      {
        repository: fence.repository,
        lane: fence.lane,
        epoch: fence.epoch,
        position: one.event.position,
        type: one.event.type,
        payload: one.event.payload,
      },
      'decided',
    )
  }
  return true
}

/** Performs effects one step after the other and appends what came of each; false when the fence no longer holds. */
export async function performAll(
  fence: Fence,
  view: Look,
  effects: readonly Effect[],
  tools: Pick<TurnTools, 'store' | 'port' | 'bot' | 'now' | 'log' | 'stopping'>,
): Promise<boolean> {
  const { installation } = view.repository
  if (installation === null) return false
  const port = tools.port(fence.repository, installation)
  // A fact that came since makes what was read of the same thing stale, even where the read was sent later: it is read again.
  let { readAt } = view
  for (const step of stepsOf(effects, view.lane)) {
    if (tools.stopping()) return true
    const events = await performStep(step, { port, bot: tools.bot, fence, view, now: tools.now })
    tools.log(
      {
        repository: fence.repository,
        lane: fence.lane,
        epoch: fence.epoch,
        effect: step[0].effect,
        times: step.length,
        at: iso(tools.now()),
        came: events.map(({ type }) => type),
      },
      'performed',
    )
    if (events.length === 0) continue
    const appended = await tools.store.log.append({
      repository: fence.repository,
      events,
      fence,
      readAt,
      basedOn: view.position,
    })
    if (!appended.ok) return false
    readAt = appended.position
  }
  return true
}
