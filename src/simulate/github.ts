/**
 * The GitHub of a simulation: where the target stands, which builds CI runs, which pull requests are open. It performs each
 * effect at once and yields the events that the real one would; what an act costs is `request-counts.ts`'s.
 */
import type { NewEvent, PayloadOf } from '../core/events.ts'
import { type Instant, iso, publishedRef } from '../core/ids.ts'
import type { Effect, EffectName } from '../core/queue/effect.ts'
import type { Build } from '../core/queue/lane.ts'
import type { Step } from '../core/queue/steps.ts'
import { followUpMarker } from '../core/render/follow-up.ts'
import { assemblyOf } from './assembly.ts'
import * as facts from './facts.ts'
import type { MemoryLog } from './memory-log.ts'
import { type Done, requestsOf } from './report/request-counts.ts'
import { knownAs, written } from './shown.ts'
import type { Arrival, Built, Conflict, Content, Tested } from './world.ts'

/** A build that CI was asked for. */
export interface Job {
  readonly build: string
  readonly run: number
  readonly sha: string
  readonly ref: string
  readonly published: Instant
  readonly tested: Promise<Tested>
}

export interface GitHub {
  readonly tip: string
  readonly built: readonly Built[]
  readonly conflicts: readonly Conflict[]
  readonly refused: readonly number[]
  readonly requests: Readonly<Partial<Record<EffectName, number>>>
  /** A pull request comes, or a change is pushed straight to the target. */
  arrive(arrival: Arrival): Promise<readonly NewEvent[]>
  perform(step: Step, now: Instant): Promise<readonly NewEvent[]>
  /** CI ends with a build; nothing is told where nobody needs it any more. */
  conclude(job: Job, conclusion: Tested['conclusion'], now: Instant): readonly NewEvent[]
  /** The builds that were published since it was last asked. */
  started(): readonly Job[]
}

type EffectOf<N extends EffectName> = Extract<Effect, { effect: N }>
type Events = readonly NewEvent[]

const branchOf = (pull: number): string => `change-${pull}`

export function githubOf(content: Content, log: MemoryLog): GitHub {
  const assembly = assemblyOf(content)
  const open = new Map<number, Arrival>()
  const built = new Map<string, { -readonly [K in keyof Built]: Built[K] }>()
  const conflicts: Conflict[] = []
  const refused: number[] = []
  const requests: Partial<Record<EffectName, number>> = {}
  const withdrawn = new Set<string>()
  let started: Job[] = []
  let tip = content.tip
  let ids = 0

  function spend(effect: EffectName, done: Done = {}): void {
    requests[effect] = (requests[effect] ?? 0) + requestsOf(effect, done)
  }

  async function assemble({ build: id }: EffectOf<'assemble-build'>, at: Instant): Promise<Events> {
    const build = log.lane.builds[id]
    if (!build) return []
    const attempt = build.purpose === 'confirm' ? Math.max(2, build.attempt) : build.attempt
    const { made, merges } = await assembly.assemble(build.base, build.members, attempt)
    if ('prefixes' in made) {
      spend('assemble-build', { merges })
      return publish(build, made.prefixes, at)
    }
    const { member, reason, with: ahead, files } = made.refused
    spend('assemble-build', { merges, refused: reason === 'conflict_with_member' ? 'member' : 'target' })
    if (reason !== 'contained') conflicts.push({ ...member, at, build: id, with: ahead, files })
    const words = reason === 'contained' ? 'the target contains it already' : `it conflicts in ${files.join(', ')}`
    return [
      facts.outcome(
        'assembly_refused',
        {
          build: id,
          pull: member.pull,
          reason,
          ...(ahead === null ? {} : { with: ahead }),
          files: files.slice(0, 100),
          message: words.slice(0, 2000),
        },
        at,
      ),
    ]
  }

  function publish(build: Build, prefixes: PayloadOf<'build_published'>['prefixes'], at: Instant): Events {
    const last = prefixes.at(-1)
    if (!last) throw new Error(`build ${build.build} has no members`)
    const ref = publishedRef(facts.TARGET, build.build)
    const { sha, tree } = last
    ids += 1
    const job = { build: build.build, run: ids, sha, ref, published: at, tested: content.test(sha, build.members) }
    // A failure is heard when its turn comes; until then it is nobody's.
    job.tested.catch(() => {})
    started.push(job)
    const { members, purpose } = build
    built.set(build.build, {
      build: build.build,
      commit: sha,
      members,
      purpose,
      published: at,
      ended: null,
      verdict: null,
    })
    return [
      facts.outcome('build_published', { build: build.build, sha, tree, prefixes, ref, published_at: iso(at) }, at),
      facts.reported(job, null, at),
    ]
  }

  function advance({ build: id, advance: wanted }: EffectOf<'advance-target'>, at: Instant): Events {
    const { landing, builds } = log.lane
    const build = builds[id]
    if (!build || landing?.build !== id) return []
    const concluded = (result: PayloadOf<'landing_concluded'>['result'], tree: string | null) =>
      facts.outcome(
        'landing_concluded',
        { build: id, result, target: tip, tree, message: null, concluded_at: iso(at) },
        at,
      )
    if (!wanted) return [concluded('abandoned', null)]
    if (tip !== landing.from) return [concluded('moved', null)]
    tip = landing.to
    const merged = build.method === 'merge' || build.mode === 'native'
    const marked = merged ? build.members.flatMap(({ pull }) => shut(pull, 'merged', at)) : []
    return [
      concluded('landed', build.published?.tree ?? null),
      facts.moved(landing.from, tip, 'mainkeeper[bot]', at),
      ...marked,
    ]
  }

  function shut(pull: number, state: 'closed' | 'merged', at: Instant): Events {
    const arrival = open.get(pull)
    open.delete(pull)
    return arrival ? [facts.looks(arrival, branchOf(pull), state, at)] : []
  }

  function look(effect: EffectOf<'observe-pulls'>, at: Instant): Events {
    const seen = effect.pulls.flatMap((pull) => {
      const arrival = open.get(pull)
      return arrival ? [facts.examined(pull, arrival.sha, tip, at)] : []
    })
    const scope = effect.pulls.length > 0 ? 'pulls' : 'permissions'
    const looked = { pulls: [...effect.pulls], users: [...effect.users], build: null, tip, observed_at: iso(at) }
    return [
      ...effect.users.map((user) => facts.permitted(user, at)),
      ...seen,
      facts.outcome('lane_observed', { scope, ...looked }, at),
    ]
  }

  const looked = (scope: 'protection' | 'checks', build: string | null, at: Instant): NewEvent =>
    facts.outcome('lane_observed', { scope, pulls: [], users: [], build, tip: null, observed_at: iso(at) }, at)

  function show(effect: EffectOf<'show-check-run' | 'show-comment' | 'show-follow-up'>, at: Instant): NewEvent {
    const known = knownAs(effect, log.lane)
    return written(effect, { id: known ?? ++ids, isNew: known === null }, at)
  }

  async function perform([first, ...others]: Step, at: Instant): Promise<Events> {
    const events = [...(await performOne(first, at))]
    // They went along in the same request.
    for (const effect of others) if (effect.effect === 'show-check-run') events.push(show(effect, at))
    return events
  }

  async function performOne(effect: Effect, at: Instant): Promise<Events> {
    switch (effect.effect) {
      case 'assemble-build':
        return assemble(effect, at)
      case 'show-check-run':
      case 'show-comment':
      case 'show-follow-up':
        spend(effect.effect, { known: knownAs(effect, log.lane) !== null })
        return [show(effect, at)]
      case 'observe-pulls':
        spend(effect.effect, { users: effect.users.length, pulls: effect.pulls.length })
        return look(effect, at)
      default:
        spend(effect.effect)
    }
    switch (effect.effect) {
      case 'observe-protection':
        return [facts.required(at), looked('protection', null, at)]
      case 'observe-target':
        return [facts.outcome('target_compared', { from: effect.from, to: tip, contained: true }, at)]
      case 'observe-checks':
        return [looked('checks', effect.build, at)]
      case 'withdraw-build':
        withdrawn.add(effect.build)
        return [facts.outcome('build_withdrawn', { build: effect.build }, at)]
      case 'advance-target':
        return advance(effect, at)
      case 'close-pull': {
        const { pull, sha, landed_sha } = effect
        return [facts.outcome('pull_closed', { pull, sha, landed_sha }, at), ...shut(pull, 'closed', at)]
      }
      case 'delete-head-branch': {
        const { pull, branch, sha } = effect
        const kept = { result: 'deleted', reason: 'landed', message: null } as const
        return [facts.outcome('head_branch_concluded', { pull, branch, sha, ...kept }, at)]
      }
      case 'close-follow-up': {
        const { pull, issue } = effect
        return [facts.outcome('follow_up_closed', { pull, issue, marker: followUpMarker(facts.TARGET, pull) }, at)]
      }
      case 'rerun-jobs':
      case 'retarget-pull':
      case 'show-config-errors':
      case 'answer-command':
      case 'answer-resume':
      case 'tell-try':
        throw new Error(`nobody in a simulation gives rise to ${effect.effect}`)
      default:
        return effect satisfies never
    }
  }

  async function push({ pull, sha, author, at }: Arrival): Promise<Events> {
    const placed = await assembly.place(tip, { pull, sha })
    if (placed === null || placed === tip) {
      if (placed === null) refused.push(pull)
      return []
    }
    const before = tip
    tip = placed
    return [facts.moved(before, tip, author || null, at)]
  }

  return {
    get tip() {
      return tip
    },
    get built() {
      return [...built.values()]
    },
    conflicts,
    refused,
    requests,
    async arrive(arrival) {
      if (arrival.direct) return push(arrival)
      open.set(arrival.pull, arrival)
      return facts.arrived(arrival, branchOf(arrival.pull))
    },
    perform,
    conclude(job, conclusion, now) {
      const build = built.get(job.build)
      if (!build || withdrawn.has(job.build)) return []
      build.ended = now
      build.verdict = conclusion
      return [facts.reported(job, conclusion, now)]
    },
    started() {
      const jobs = started
      started = []
      return jobs
    },
  }
}
