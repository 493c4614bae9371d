/**
 * A lane that plays drawn steps against the plan and writes down whatever must not happen. It keeps what every build really
 * holds, commit by commit, beside what the plan is told, so that evidence is compared with content and not with names.
 */
import fc from 'fast-check'
import { afterLanding } from '../../../src/core/queue/plan/after-landing.ts'
import {
  type Beliefs,
  type Candidate,
  isEvidence,
  type KnownBuild,
  type Member,
} from '../../../src/core/queue/plan/known.ts'
import { type Plan, plan } from '../../../src/core/queue/plan/plan.ts'
import type { Start } from '../../../src/core/queue/plan/start-builds.ts'

export interface Case {
  readonly slots: number
  readonly speculation: number
  readonly batch_max: number
  /** What CI does to good trees. */
  readonly flake: number
  readonly beliefs: Beliefs
  readonly steps: readonly Step[]
}

export interface Step {
  readonly do: 'arrive' | 'finish' | 'leave' | 'push' | 'prefer' | 'foreign' | 'infra' | 'contexts'
  /** Picks whom or what, and decides by chance. */
  readonly pick: number
  readonly bad: boolean
  readonly alone: boolean
  readonly interrupt: boolean
  readonly after: boolean
  readonly waits: boolean
}

const often = (weight: number, value: Step['do']) => ({ weight, arbitrary: fc.constant(value) })
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(
    often(9, 'arrive'),
    often(9, 'finish'),
    often(1, 'leave'),
    often(1, 'push'),
    often(1, 'prefer'),
    often(1, 'foreign'),
    often(1, 'infra'),
    often(1, 'contexts'),
  ),
  pick: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  bad: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  alone: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
  interrupt: fc.integer({ min: 0, max: 20 }).map((n) => n === 0),
  after: fc.integer({ min: 0, max: 8 }).map((n) => n === 0),
  waits: fc.integer({ min: 0, max: 12 }).map((n) => n === 0),
})

export const cases = (flake: number): fc.Arbitrary<Case> =>
  fc.record({
    slots: fc.constantFrom(1, 2, 3, 8),
    speculation: fc.constantFrom(0.01, 0.15),
    batch_max: fc.constantFrom(1, 3, 50),
    flake: fc.constant(flake),
    beliefs: fc.record({
      bad: fc.constantFrom(0.01, 0.1, 0.3, 0.5),
      bad_when_red: fc.constant(0.5),
      flake: fc.constantFrom(flake, 0.05),
      confirm: fc.boolean(),
    }),
    steps: fc.array(step, { minLength: 5, maxLength: 60 }),
  })

interface Waiting extends Candidate {
  readonly bad: boolean
  readonly priority: number
}

export interface Played {
  readonly broken: readonly string[]
  readonly innocent: readonly number[]
  /** Whoever is left when nothing runs and nothing is asked for any more. */
  readonly left: readonly number[]
}

export function play({ slots, speculation, batch_max, flake, beliefs, steps }: Case): Played {
  const broken: string[] = []
  const innocent: number[] = []
  const queue = new Map<number, Waiting>()
  /** Everything that the target holds, in order: its tip by content. */
  let tip = 'root'
  let builds: KnownBuild[] = []
  /** What each build holds, and whether CI says that it is good. */
  const contents = new Map<string, { readonly text: string; readonly bad: boolean }>()
  let pulls = 0
  let planned = 0

  const onTip = (members: readonly Member[]) => [tip, ...members.map(name)].join(' ')
  const name = ({ pull, sha }: Member) => `${pull}@${sha}`
  const order = () =>
    [...queue.values()].sort(
      (a, b) => Number(b.interrupt) - Number(a.interrupt) || b.priority - a.priority || a.pull - b.pull,
    )
  const running = () => builds.filter(({ verdict }) => verdict === null)
  const oneOf = <T>(items: readonly T[], pick: number): T | undefined => items[Math.floor(pick * items.length)]

  function started({ members, purpose, adds }: Start): void {
    const text = onTip(members)
    const same = builds.filter(
      ({ build, base, verdict }) => base === tip && verdict !== 'cancelled' && contents.get(build)?.text === text,
    )
    if (same.length > (purpose === 'confirm' ? 1 : 0)) broken.push(`${text} is built again`)
    if (adds > batch_max) broken.push(`${text} adds ${adds}`)
    if (members.length > 1 && members.some(({ pull }) => queue.get(pull)?.alone)) broken.push(`${text} holds one alone`)
    for (const [at, { pull, sha }] of members.entries()) {
      const candidate = queue.get(pull)
      const ahead = members.slice(0, at).map((member) => member.pull)
      if (candidate?.sha !== sha) broken.push(`${text} holds ${pull}, which is not there`)
      if (candidate?.after.some((other) => !ahead.includes(other))) broken.push(`${text} holds ${pull} too early`)
      if (candidate && ahead.includes(candidate.waits_for ?? 0)) broken.push(`${text} holds the conflict of ${pull}`)
    }
    planned += 1
    contents.set(`b${planned}`, { text, bad: members.some(({ pull }) => queue.get(pull)?.bad) })
    builds.push({ build: `b${planned}`, base: tip, members, purpose, verdict: null })
  }

  function blame({ member, evidence }: Plan['blame'][number]): void {
    const text = onTip([member])
    if (evidence.length === 0 || evidence.some((build) => contents.get(build)?.text !== text))
      broken.push(`${member.pull} is blamed by ${evidence.join()}, not by ${text}`)
    if (!queue.get(member.pull)?.bad) innocent.push(member.pull)
    leave(member.pull)
  }

  /** Whoever depended on one that left is not ready any more, and is not handed in. */
  function leave(pull: number): void {
    queue.delete(pull)
    for (const other of queue.values()) if (other.after.includes(pull)) leave(other.pull)
    for (const other of queue.values())
      if (other.waits_for === pull) queue.set(other.pull, { ...other, waits_for: null })
  }

  function land(id: string): void {
    const build = builds.find((one) => one.build === id)
    const text = onTip(build?.members ?? [])
    if (build?.verdict !== 'passed' || contents.get(id)?.text !== text) {
      broken.push(`${id} lands unproven`)
      return
    }
    const from = tip
    tip = text
    for (const { pull } of build.members) {
      queue.delete(pull)
      for (const other of queue.values())
        queue.set(other.pull, {
          ...other,
          after: other.after.filter((one) => one !== pull),
          waits_for: other.waits_for === pull ? null : other.waits_for,
        })
    }
    builds = afterLanding(builds, { from, to: tip, members: build.members })
  }

  function turn(): void {
    for (;;) {
      const find = (pull: number) => queue.get(pull)
      const asked = { tip, builds, tries: [], now: 0 }
      const limits = { slots, speculation, batch_max, batch_wait: 0 }
      const made = plan({ order: order(), find }, asked, limits, beliefs)
      const out = new Set(made.cancel)
      builds = builds.filter(({ build }) => !out.has(build))
      for (const start of made.start) started(start)
      if (running().length > slots) broken.push(`${running().length} builds in ${slots} slots`)
      for (const one of made.blame) blame(one)
      if (made.land) land(made.land.build)
      if (!made.land && made.blame.length === 0) return
    }
  }

  function finish(pick: number): void {
    const build = oneOf(running(), pick)
    if (!build) return
    const flaked = (pick * 7919) % 1 < flake
    const verdict = contents.get(build.build)?.bad || flaked ? 'failed' : 'passed'
    builds = builds.map((one) => (one === build ? { ...one, verdict } : one))
  }

  function take({ do: what, pick, bad, alone, interrupt, after, waits }: Step): void {
    const one = oneOf([...queue.values()], pick)
    switch (what) {
      case 'arrive': {
        pulls += 1
        queue.set(pulls, {
          pull: pulls,
          sha: 'a',
          alone,
          interrupt,
          was_red: false,
          waits_for: waits && one ? one.pull : null,
          after: after && one ? [one.pull] : [],
          since: 0,
          bad,
          priority: 0,
        })
        return
      }
      case 'finish':
        finish(pick)
        return
      case 'leave':
        if (one) leave(one.pull)
        return
      case 'push':
        if (one) queue.set(one.pull, { ...one, sha: `${one.sha}a`, bad })
        return
      case 'prefer':
        if (one) queue.set(one.pull, { ...one, priority: one.priority + 1 })
        return
      case 'foreign':
        tip = `${tip} foreign`
        return
      case 'infra': {
        const build = oneOf(running(), pick)
        builds = builds.map((other) => (other === build ? { ...other, verdict: 'cancelled' } : other))
        return
      }
      case 'contexts':
        builds = builds.filter(({ verdict }) => !isEvidence(verdict))
        return
      default:
        what satisfies never
    }
  }

  for (const one of steps) {
    take(one)
    turn()
  }
  for (let tries = 0; running().length > 0; tries += 1) {
    if (tries > 20 * (pulls + 1)) {
      broken.push('it does not end')
      break
    }
    finish(((tries * 0.618) % 1) * 0.999)
    turn()
  }
  return { broken, innocent, left: [...queue.keys()] }
}
