/**
 * Runs one lane on virtual time: the same `decide` as the product's, on a log in memory and a GitHub that does what it is
 * told at once. Time moves only when there is nothing left to decide. It judges nothing, and knows no workload.
 */
import type { LoggedEvent } from '../core/events.ts'
import { type Instant, instant } from '../core/ids.ts'
import { decide } from '../core/queue/decide.ts'
import { WINDOW_CLOSED } from '../core/queue/hold/standing-hold.ts'
import { newMemory } from '../core/queue/memory.ts'
import { stepsOf } from '../core/queue/steps.ts'
import { agendaOf } from './agenda.ts'
import { countingConfig, firstFacts, REPOSITORY, TARGET } from './facts.ts'
import { githubOf, type Job } from './github.ts'
import { memoryLog } from './memory-log.ts'
import type { Arrival, Blocked, Content, Landed, Policy, Run, RunOptions, Tested } from './world.ts'

type Coming = { readonly arrival: Arrival } | { readonly job: Job; readonly conclusion: Tested['conclusion'] }

/** Times that the lane may ask to be judged again without anything coming of it, before it is left as it is. */
const PATIENCE = 5_000

/** Decisions at one instant, for each pull request: a lane that makes more runs in a circle. */
const DECISIONS = 200

/** Plays the arrivals, in any order, until each has landed, is blocked, or can do neither. */
export async function run(
  arrivals: readonly Arrival[],
  content: Content,
  policy: Policy,
  { signal, onProgress, onEvent }: RunOptions = {},
): Promise<Run> {
  const pulls = arrivals.filter(({ direct }) => !direct)
  const began = Math.min(...arrivals.map(({ at }) => at), Number.POSITIVE_INFINITY)
  const start = Number.isFinite(began) ? began : 0
  const came = new Map(arrivals.map(({ pull, at }) => [pull, at]))
  const waiting = new Set(pulls.map(({ pull }) => pull))
  const landings: Landed[] = []
  const blocked: Blocked[] = []
  let endedAt = start

  const log = memoryLog(REPOSITORY, TARGET, (event) => {
    note(event)
    onEvent?.(event)
  })
  const github = githubOf(content, log)
  const agenda = agendaOf<Coming>()
  const memory = newMemory()

  function note(event: LoggedEvent): void {
    if (event.type !== 'integration_completed' && event.type !== 'integration_blocked') return
    const { pull, sha } = event.payload
    if (!waiting.delete(pull)) return
    const at = instant(event.occurred_at)
    endedAt = at
    if (event.type === 'integration_completed') {
      const { landed_sha, observed_at, build } = event.payload
      const wait = at - (came.get(pull) ?? at)
      // What the target held already was seen by no CI.
      landings.push({ pull, sha, at, wait, build: observed_at === null ? null : build, commit: landed_sha })
    } else {
      const { reason, conflict_evidence } = event.payload
      blocked.push({ pull, sha, at, reason, evidence: conflict_evidence.map(({ text }) => text) })
    }
    onProgress?.(pulls.length - waiting.size, pulls.length)
  }

  /** Decides and does until there is nothing more to do at this instant; when to look again, or null. */
  async function settle(now: Instant): Promise<Instant | null> {
    for (let decisions = 0; ; decisions += 1) {
      const decision = decide(log.view(now), memory)
      if (decision.do === 'wait') return decision.until === undefined ? null : Math.max(decision.until, now + 1)
      if (decisions > DECISIONS * (pulls.length + 10))
        throw new Error(`the lane does not come to rest: it decides to ${decision.do} again and again`)
      if (decision.do === 'record') log.append(decision.events)
      else for (const step of stepsOf(decision.effects, log.lane)) log.append(await github.perform(step, now))
    }
  }

  /** What CI says comes when it is done: every verdict has to be known before time may move. */
  async function schedule(): Promise<void> {
    for (const job of github.started()) {
      const { conclusion, ms } = await job.tested
      agenda.push(job.published + Math.max(0, ms), { job, conclusion })
    }
  }

  async function happen(coming: Coming, now: Instant): Promise<void> {
    log.append(
      'arrival' in coming ? await github.arrive(coming.arrival) : github.conclude(coming.job, coming.conclusion, now),
    )
  }

  for (const arrival of arrivals) agenda.push(arrival.at, { arrival })
  log.append(firstFacts(countingConfig(policy.config), content.tip, start))
  let idle = 0
  let looks = 0
  for (let now = start; waiting.size > 0 || agenda.peek(); ) {
    if (signal?.aborted) break
    // Promises alone never let the process hear that it is to end.
    if (looks++ % 16 === 0) await pause()
    const again = await settle(now)
    await schedule()
    const next = agenda.peek()
    if (!next && (waiting.size === 0 || again === null || isHeld(log.lane.hold) || idle > PATIENCE)) break
    if (next && next.at <= (again ?? Number.POSITIVE_INFINITY)) {
      now = Math.max(now, next.at)
      idle = 0
      // Whatever comes at one instant is judged together.
      for (let due = agenda.peek(); due && due.at <= now; due = agenda.peek()) {
        agenda.pop()
        await happen(due.what, now)
      }
    } else {
      now = again ?? now
      idle += 1
    }
  }
  return {
    landings,
    blocked,
    conflicts: github.conflicts,
    builds: github.built,
    left: [...waiting].sort((a, b) => a - b),
    refused: github.refused,
    waits: landings.map(({ wait }) => wait),
    requests: github.requests,
    finalTip: github.tip,
    endedAt,
    held: log.lane.hold?.words ?? null,
    complete: signal?.aborted !== true,
  }
}

/** Nobody releases a lane here; windows open by themselves. */
const isHeld = (hold: { readonly reason: string } | null): boolean => hold !== null && hold.reason !== WINDOW_CLOSED

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
