/**
 * Takes lanes that are due under their leases and runs their turns, several at once, as long as the process lives. It knows
 * neither rules nor GitHub; what is due stands in the lease rows, a wake is only a hint.
 */
import type { Fence } from '../core/fence.ts'
import type { Instant } from '../core/ids.ts'
import type { Store } from '../store/store.ts'
import { type Activity, type Sleeper, trackActivity } from './activity.ts'
import type { TurnEnd } from './turn.ts'

export interface WorkerOptions {
  readonly store: Store
  readonly clock: Sleeper & { now(): number }
  /** Names this process in leases: host and pid. */
  readonly owner: string
  /** Runs one turn; `linger` sleeps until the lane is woken, or the time is over, and answers whether it was woken. */
  readonly turn: (fence: Fence, linger: (ms: number) => Promise<boolean>, stopping: () => boolean) => Promise<TurnEnd>
  /** A turn that threw: the lease lapses or is released, the log is intact. */
  readonly onCrash: (fence: Fence, error: unknown) => void
  /** A look for due lanes that failed: the database is away; it is tried again. */
  readonly onUnavailable: (error: unknown) => void
  readonly turns: number
  /** How often due lanes are looked for without a hint, in milliseconds. */
  readonly poll: number
}

export interface Worker {
  /** A hint that a lane has something to judge: its row says so too. */
  wake(repository: string, lane: string): void
  busy(): boolean
  /** Finishes the steps under way and releases the leases. */
  stop(): Promise<void>
}

const RENEW = 30_000
/** A lane whose turn crashed is left alone for this long. */
const AFTER_CRASH = 10_000
const LOOP = 'loop'
/** All turns are taken: the end of one wakes the loop. */
const FULL = { result: 'idle', next: null } as const

export function startWorker(options: WorkerOptions): Worker {
  const { store, clock } = options
  const activity = trackActivity(clock)
  let stopped = false
  const running = new Map<string, Promise<void>>()
  const wake = (repository: string, lane: string): void => {
    const name = nameOf(repository, lane)
    activity.wake(running.has(name) ? name : LOOP)
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      try {
        const claimed = running.size < options.turns ? await store.leases.claimNext(options.owner) : FULL
        if (claimed.result === 'acquired') begin(claimed.fence)
        else await activity.park(LOOP, untilNext(claimed.next))
      } catch (error) {
        options.onUnavailable(error)
        await activity.park(LOOP, options.poll)
      }
    }
  }

  const untilNext = (next: Instant | null): number =>
    next === null ? options.poll : Math.max(0, Math.min(options.poll, next - clock.now()))

  function begin(fence: Fence): void {
    const name = nameOf(fence.repository, fence.lane)
    const turn = activity.run(() => runOne(fence, name))
    running.set(name, turn)
    void turn.finally(() => {
      running.delete(name)
      activity.wake(LOOP)
    })
  }

  async function runOne(fence: Fence, name: string): Promise<void> {
    const renewing = keepLease(fence, store, activity, `renew ${name}`)
    try {
      await options.turn(
        fence,
        (ms) => activity.park(name, ms),
        () => stopped,
      )
    } catch (error) {
      options.onCrash(fence, error)
      await store.leases.release(fence, { wakeAt: clock.now() + AFTER_CRASH }).catch(options.onUnavailable)
    } finally {
      renewing.end()
    }
  }

  const whole = activity.run(loop)
  return {
    wake,
    busy: () => activity.busy(),
    async stop() {
      stopped = true
      for (const name of [LOOP, ...running.keys()]) activity.wake(name)
      await whole
      await Promise.all(running.values())
    },
  }
}

const nameOf = (repository: string, lane: string): string => `${repository} ${lane}`

/** Renews a lease until it is told to end. Where that fails the fence runs out by itself and no write passes it. */
function keepLease(fence: Fence, store: Store, activity: Activity, name: string): { end(): void } {
  let ended = false
  void activity.run(async () => {
    while (!ended) {
      await activity.park(name, RENEW)
      if (ended) return
      const renewed = await store.leases.renew(fence).catch(() => null)
      // Without an answer the next one may come in time; the fence counts on by itself.
      if (renewed && renewed.result !== 'renewed') return
    }
  })
  return {
    end() {
      ended = true
      activity.wake(name)
    },
  }
}
