/**
 * One run: people at work on many lanes with trouble for a while, then peace until every pull request has come to an end, or
 * nothing moves any more. It judges nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { drawing } from '../../../src/twin/ci/random.ts'
import { openDatabases } from '../kill/databases.ts'
import { judge, type Verdict } from './judge.ts'
import { releaseMonkey, type Troubles } from './monkey.ts'
import { deedsOf } from './people.ts'
import { openStage, type Stage } from './stage.ts'
import type { Takeovers } from './takeovers.ts'

export interface ChaosOptions {
  readonly replicas: number
  readonly lanes: number
  readonly pulls: number
  /** How long there is trouble, by the machine's own time. */
  readonly seconds: number
  readonly seed: number
  /** Ends the trouble early. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export interface Progress {
  readonly phase: 'trouble' | 'peace'
  readonly seconds: number
  readonly whole: number
  readonly troubles: Troubles
  readonly verdict: Verdict
}

export interface Report {
  readonly verdict: Verdict
  readonly troubles: Troubles
  readonly takeovers: ReturnType<Takeovers['measured']>
  readonly stale: readonly string[]
  readonly crashes: Stage['crashes']
  /** Refs that the app made for its own use and left. */
  readonly left: readonly string[]
}

/** All by the machine's clock, in milliseconds. */
const TICK = 250
const TELL_EVERY = 5_000
const START = 60_000
const PEACE = 240_000
/** So long without a held lane, and time is moved on by so much; so often in vain, and nothing moves any more. */
const IDLE = 800
const SKIP = 60_000
const SKIPS = 40

export async function runChaos(options: ChaosOptions): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'mainkeeper-chaos-'))
  const databases = openDatabases(folder)
  try {
    const stage = await openStage({ ...options, folder, databases })
    try {
      return await play(stage, options)
    } finally {
      await stage.close()
    }
  } finally {
    await databases.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function play(stage: Stage, options: ChaosOptions): Promise<Report> {
  const { world, replicas, takeovers, crashes } = stage
  await Promise.all(replicas.map((one) => one.start()))
  for (const end = Date.now() + START; !(await stage.isKnown()); await sleep(TICK))
    if (Date.now() > end) throw new Error('the app did not look at its repositories')
  const troubles = await trouble(stage, options)
  await peace(stage, telling(stage, options, 'peace', troubles))
  await Promise.all(replicas.map((one) => one.stop()))
  return {
    verdict: judge(await world.facts()),
    troubles,
    takeovers: takeovers.measured(),
    stale: await stage.stale(),
    crashes,
    left: await world.left(),
  }
}

type Tell = (verdict: Verdict) => void

/** Tells how far it got, every few seconds. */
function telling(
  { replicas }: Stage,
  { onProgress }: ChaosOptions,
  phase: Progress['phase'],
  troubles: Troubles,
): Tell {
  const began = Date.now()
  let told = began
  return (verdict) => {
    if (Date.now() - told < TELL_EVERY) return
    told = Date.now()
    const whole = replicas.filter(({ state }) => state === 'whole').length
    onProgress({ phase, seconds: Math.round((told - began) / 1000), whole, troubles: { ...troubles }, verdict })
  }
}

async function trouble(stage: Stage, options: ChaosOptions): Promise<Troubles> {
  const { world, replicas, takeovers } = stage
  const { seconds, seed, pulls, signal } = options
  const ended = new AbortController()
  const end = (): void => ended.abort()
  const timer = setTimeout(end, seconds * 1000)
  signal.addEventListener('abort', end)
  const over = ended.signal
  const deeds = deedsOf(world.lanes, pulls, drawing(seed, 'people'))
  const random = drawing(seed, 'monkey')
  const monkey = releaseMonkey({ replicas, takeovers, random, outageAt: seconds * 500, signal: over })
  const tell = telling(stage, options, 'trouble', monkey.done)
  const began = Date.now()
  for (let next = 0; !over.aborted; await sleep(TICK)) {
    const part = (Date.now() - began) / (seconds * 1000)
    for (let deed = deeds[next]; deed && deed.at <= part; deed = deeds[++next]) await deed.act()
    await takeovers.look()
    tell(judge(await world.facts()))
  }
  clearTimeout(timer)
  await monkey.ended
  return monkey.done
}

/** Everybody is whole; what was lost is found by sweeps, and while nobody acts time is moved on. */
async function peace({ world, replicas, takeovers, isHeld, move }: Stage, tell: Tell): Promise<void> {
  const end = Date.now() + PEACE
  let least = Number.POSITIVE_INFINITY
  let idle = Date.now()
  for (let skips = 0; skips <= SKIPS && Date.now() < end; await sleep(TICK)) {
    await Promise.all(replicas.filter(({ state }) => state === 'down').map((one) => one.start()))
    await takeovers.look()
    const verdict = judge(await world.facts())
    tell(verdict)
    if (verdict.lost.length === 0) return
    if (verdict.lost.length < least) skips = 0
    least = Math.min(least, verdict.lost.length)
    if (await isHeld()) idle = Date.now()
    if (Date.now() - idle < IDLE) continue
    skips++
    idle = Date.now()
    await move(SKIP)
  }
}
