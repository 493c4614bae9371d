/**
 * Makes trouble: kills replicas, pauses them, cuts them off from PostgreSQL, and mends each after a while. One is always left
 * whole, so that there is somebody to take lanes over; only the one outage of the database is everybody's.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Replica } from './replica.ts'
import type { Takeovers } from './takeovers.ts'

export interface Troubles {
  readonly kills: number
  readonly pauses: number
  readonly cuts: number
  readonly outages: number
}

export interface Monkey {
  readonly done: Troubles
  /** Resolves when the signal ended it and everybody is whole again. */
  readonly ended: Promise<void>
}

interface MonkeyOptions {
  readonly replicas: readonly Replica[]
  readonly takeovers: Takeovers
  readonly random: () => number
  /** Milliseconds of the machine's own time at which PostgreSQL is away from everybody for a while. */
  readonly outageAt: number
  readonly signal: AbortSignal
}

/** Least and greatest milliseconds of the machine's own time. */
const BETWEEN = [1_500, 5_000] as const
const DEAD = [200, 4_000] as const
/** Twelve seconds are a lease: most who are paused wake when another has their lanes. */
const PAUSED = [6_000, 24_000] as const
const CUT = [1_000, 15_000] as const
const OUTAGE = 3_000

export function releaseMonkey({ replicas, takeovers, random, outageAt, signal }: MonkeyOptions): Monkey {
  const done = { kills: 0, pauses: 0, cuts: 0, outages: 0 }
  const between = ([least, most]: readonly [number, number]): number => least + random() * (most - least)
  const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => {})

  async function kill(one: Replica): Promise<void> {
    done.kills++
    await takeovers.lost(one.owner)
    await one.kill()
    await wait(between(DEAD))
    await one.start()
  }

  async function pause(one: Replica): Promise<void> {
    done.pauses++
    one.pause()
    await takeovers.lost(one.owner)
    await wait(between(PAUSED))
    await takeovers.look()
    takeovers.forget(one.owner)
    one.goOn()
  }

  async function cut(one: Replica): Promise<void> {
    done.cuts++
    one.cut()
    await takeovers.lost(one.owner)
    await wait(between(CUT))
    await takeovers.look()
    takeovers.forget(one.owner)
    one.goOn()
  }

  async function outage(): Promise<void> {
    done.outages++
    // Nobody could take a lane over meanwhile, so nobody's time is taken.
    takeovers.forget()
    const hit = replicas.filter(({ state }) => state === 'whole')
    for (const one of hit) one.cut()
    await wait(OUTAGE)
    for (const one of hit) one.goOn()
  }

  async function play(): Promise<void> {
    const began = Date.now()
    const under: Promise<void>[] = []
    while (!signal.aborted) {
      await wait(between(BETWEEN))
      if (signal.aborted) break
      if (done.outages === 0 && Date.now() - began >= outageAt) {
        await outage()
        continue
      }
      const whole = replicas.filter(({ state }) => state === 'whole')
      // Where it hurts: a replica that holds no lane is missed by nobody.
      const holders = await takeovers.holders()
      const busy = whole.filter(({ owner }) => holders.has(owner))
      const one = busy[Math.floor(random() * busy.length)]
      const chance = random()
      if (!one || whole.length < 2) continue
      under.push(chance < 0.35 ? kill(one) : chance < 0.8 ? pause(one) : cut(one))
    }
    await Promise.all(under)
  }

  return { done, ended: play() }
}
