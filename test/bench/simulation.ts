/**
 * A lane on virtual time: pull requests arrive, a policy acts, builds end by chance. It holds the policy to the law: only a
 * passed build on the tip lands, no more builds run than there are slots, and it counts what was spent and who was wronged.
 */
import { afterLanding } from '../../src/core/queue/plan/after-landing.ts'
import type { Candidate, KnownBuild } from '../../src/core/queue/plan/known.ts'
import { agendaOf } from '../../src/simulate/agenda.ts'
import type { Random } from '../../src/simulate/random.ts'
import type { Actions, LaneView, Policy } from './policy.ts'

export interface Workload {
  /** When each pull request arrives, ascending; number n is pull request n. */
  readonly arrivals: readonly number[]
  readonly bad: readonly boolean[]
  readonly flake: number
  readonly slots: number
  /** How long one build takes. */
  readonly duration: (random: Random) => number
  /** Stop once so many pull requests have landed or were rejected. */
  readonly until?: number
}

export interface Result {
  readonly builds: number
  readonly landed: number
  readonly rejected: number
  readonly innocent: number
  /** When the last one landed or was rejected. */
  readonly ended: number
  /** From arrival to landing, by pull request; NaN for who did not land. */
  readonly waits: Float64Array
}

export function simulate(workload: Workload, policy: Policy, random: Random): Result {
  const { arrivals, bad, slots } = workload
  const candidates = arrivals.map(
    (since, pull): Candidate => ({
      pull,
      sha: 'head',
      alone: false,
      waits_for: null,
      interrupt: false,
      was_red: false,
      after: [],
      since,
    }),
  )
  const gone = new Uint8Array(arrivals.length)
  const waits = new Float64Array(arrivals.length).fill(Number.NaN)
  /** The build that ends; null: the policy wanted to be asked. */
  const events = agendaOf<string | null>()
  const took = new Map<string, number>()
  let arrived = 0
  let head = 0
  let builds: KnownBuild[] = []
  let tip = 0
  let now = 0
  let wake = Number.POSITIVE_INFINITY
  const count = { builds: 0, landed: 0, rejected: 0, innocent: 0, ended: 0 }

  const view: LaneView = {
    get now() {
      return now
    },
    get tip() {
      return `t${tip}`
    },
    get builds() {
      return builds
    },
    slots,
    queue: {
      order: {
        *[Symbol.iterator]() {
          while (head < arrived && gone[head]) head += 1
          for (let at = head; at < arrived; at += 1) if (!gone[at]) yield candidates[at] as Candidate
        },
      },
      find: (pull) => (pull < arrived && !gone[pull] ? candidates[pull] : undefined),
    },
  }

  function act(): void {
    for (;;) {
      const actions = policy.decide(view)
      perform(actions)
      if (!actions.land && !actions.reject?.length) return
    }
  }

  function perform({ start = [], cancel = [], drop = [], land, reject = [], until }: Actions): void {
    for (const { pull } of reject) {
      if (gone[pull]) throw new Error(`${policy.name} rejects ${pull} twice`)
      gone[pull] = 1
      count.rejected += 1
      if (!bad[pull]) count.innocent += 1
      count.ended = now
    }
    if (reject.length > 0) policy.learn?.({ what: 'rejected', members: reject })
    if (cancel.length > 0 || drop.length > 0) {
      const out = new Set([...cancel, ...drop])
      builds = builds.filter(({ build }) => !out.has(build))
    }
    for (const { members, purpose = 'land' } of start) {
      const build = `b${count.builds}`
      count.builds += 1
      const lasts = workload.duration(random)
      took.set(build, lasts)
      builds.push({ build, base: view.tip, members, purpose, verdict: null })
      events.push(now + lasts, build)
    }
    if (builds.filter(({ verdict }) => verdict === null).length > slots)
      throw new Error(`${policy.name} has too many builds`)
    if (land) landBuild(land)
    if (until && until < wake) {
      wake = until
      events.push(until, null)
    }
  }

  function landBuild(id: string): void {
    const build = builds.find((one) => one.build === id)
    if (build?.verdict !== 'passed' || build.base !== view.tip)
      throw new Error(`${policy.name} lands what is not proven`)
    for (const { pull } of build.members) {
      if (gone[pull] || bad[pull]) throw new Error(`${policy.name} lands ${pull}, which it must not`)
      gone[pull] = 1
      waits[pull] = now - (arrivals[pull] ?? 0)
    }
    count.landed += build.members.length
    count.ended = now
    tip += 1
    // What stands on no tip any more is cancelled and forgotten for every policy alike.
    builds = afterLanding(builds, { from: build.base, to: view.tip, members: build.members }).filter(
      ({ base }) => base === view.tip,
    )
    policy.learn?.({ what: 'landed', members: build.members })
  }

  function conclude(id: string): void {
    const at = builds.findIndex(({ build }) => build === id)
    const build = builds[at]
    if (!build) return
    const failed = build.members.some(({ pull }) => bad[pull]) || random.next() < workload.flake
    builds[at] = { ...build, verdict: failed ? 'failed' : 'passed' }
    policy.learn?.({ what: 'concluded', build: builds[at], took: took.get(id) ?? 0 })
  }

  const wanted = workload.until ?? arrivals.length
  while (count.landed + count.rejected < wanted) {
    const arrival = arrivals[arrived] ?? Number.POSITIVE_INFINITY
    const event = events.peek()
    if (event && event.at <= arrival) {
      events.pop()
      now = event.at
      const ended = event.what
      if (ended === null) wake = Number.POSITIVE_INFINITY
      else if (builds.some(({ build }) => build === ended)) conclude(ended)
      else continue
    } else if (arrival < Number.POSITIVE_INFINITY) {
      now = arrival
      while (arrived < arrivals.length && arrivals[arrived] === now) arrived += 1
    } else throw new Error(`${policy.name} leaves ${wanted - count.landed - count.rejected} behind`)
    act()
  }
  return { ...count, waits }
}
