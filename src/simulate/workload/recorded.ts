/**
 * A lane's own past as a workload: who came when and what became of it, how long builds took, how often CI failed for
 * nothing, read off the log. What had no outcome is left out and counted. It knows no policy and draws nothing itself.
 */
import type { LoggedEvent } from '../../core/events.ts'
import { type Instant, instant, ZERO_SHA } from '../../core/ids.ts'
import type { Drawn } from './synthetic.ts'

/** One candidate of the past: a pull request at one head, or a push past the queue. */
export interface Came {
  readonly title: string
  readonly author: string
  readonly at: Instant
  readonly fate: 'landed' | 'failed' | 'conflicted' | 'pushed'
}

export interface Recorded {
  readonly came: readonly Came[]
  /** How long builds took from publishing to verdict, in milliseconds. */
  readonly builds: readonly number[]
  /** Builds of nothing but what landed in the end, and how many of them failed. */
  readonly good: { readonly builds: number; readonly failed: number }
  /** Candidates that left without an outcome, or wait still. */
  readonly unknown: number
}

export interface Recorder {
  apply(event: LoggedEvent): void
  /** The last so many candidates that have an outcome, and everything since the first of them. */
  read(last: number): Recorded
}

interface Candidate {
  readonly pull: number
  readonly at: Instant
  fate: Came['fate'] | null
}

interface Tried {
  readonly members: readonly string[]
  published: Instant | null
  ms: number | null
  failed: boolean
}

const keyOf = ({ pull, sha }: { readonly pull: number; readonly sha: string }): string => `${pull} ${sha}`

/** Reads one lane's events as they were recorded. */
export function recorderOf(target: string): Recorder {
  const told = new Map<number, { readonly title: string; readonly author: string }>()
  const candidates = new Map<string, Candidate>()
  const tried = new Map<string, Tried>()
  const pushes: Came[] = []
  const ours = new Set<string>()

  function ofLane(event: LoggedEvent): void {
    switch (event.type) {
      case 'candidate_queued': {
        const key = keyOf(event.payload)
        // Whoever is queued again is the same change, and waits since it first came.
        if (!candidates.has(key))
          candidates.set(key, { pull: event.payload.pull, at: instant(event.occurred_at), fate: null })
        return
      }
      case 'integration_completed':
        return settle(keyOf(event.payload), 'landed')
      case 'integration_blocked': {
        const { reason } = event.payload
        if (reason === 'merge_conflict') settle(keyOf(event.payload), 'conflicted')
        if (reason === 'checks_failed' || reason === 'checks_timed_out') settle(keyOf(event.payload), 'failed')
        return
      }
      case 'build_planned':
        tried.set(event.payload.build, {
          members: event.payload.members.map(keyOf),
          published: null,
          ms: null,
          failed: false,
        })
        return
      case 'build_published': {
        const build = tried.get(event.payload.build)
        if (build) build.published = instant(event.payload.published_at)
        return
      }
      case 'build_concluded': {
        const { verdict, concluded_at } = event.payload
        const build = tried.get(event.payload.build)
        if (!build || build.published === null || (verdict !== 'passed' && verdict !== 'failed')) return
        build.ms = Math.max(1, instant(concluded_at) - build.published)
        build.failed = verdict === 'failed'
        return
      }
      case 'landing_planned':
        ours.add(event.payload.to)
        return
      case 'landing_concluded':
        if (event.payload.landed_sha !== undefined) ours.add(event.payload.landed_sha)
        return
      default:
    }
  }

  function settle(key: string, fate: Came['fate']): void {
    const candidate = candidates.get(key)
    if (candidate) candidate.fate = fate
  }

  function read(last: number): Recorded {
    const settled = [...candidates.values()].filter(({ fate }) => fate !== null)
    const counted = settled.slice(-last)
    const since = counted[0]?.at ?? Number.POSITIVE_INFINITY
    const pulls = counted.map(({ pull, at, fate }): Came => {
      const { title = '', author = 'author' } = told.get(pull) ?? {}
      return { title: `#${pull} ${title}`.trim(), author, at, fate: fate ?? 'landed' }
    })
    const ended = [...tried.values()].filter(({ ms, published }) => ms !== null && (published ?? 0) >= since)
    const good = ended.filter(({ members }) => members.every((member) => candidates.get(member)?.fate === 'landed'))
    return {
      came: [...pulls, ...pushes.filter(({ at }) => at >= since)].sort((a, b) => a.at - b.at),
      builds: ended.flatMap(({ ms }) => ms ?? []),
      good: { builds: good.length, failed: good.filter(({ failed }) => failed).length },
      unknown: [...candidates.values()].filter(({ fate, at }) => fate === null && at >= since).length,
    }
  }

  return {
    apply(event) {
      if (event.type === 'pull_request_observed') {
        const { pull, title, author } = event.payload
        told.set(pull, { title, author })
      } else if (event.type === 'target_moved') {
        const { branch, before, after, pusher } = event.payload
        if (branch !== target || before === ZERO_SHA || ours.has(after)) return
        const author = pusher ?? 'author'
        pushes.push({ title: 'A push past the queue', author, at: instant(event.occurred_at), fate: 'pushed' })
      } else if (event.lane === target) ofLane(event)
    },
    read,
  }
}

/** The past as it is to come again; builds take as long as one of those that were seen, drawn by chance. */
export function drawnFrom({ came, builds, good }: Recorded): Drawn {
  const numbered = came.map((one, index) => ({ ...one, pull: index + 1 }))
  const those = (fate: Came['fate']): Set<number> =>
    new Set(numbered.filter((one) => one.fate === fate).map(({ pull }) => pull))
  return {
    arrivals: numbered.map(({ pull, title, author, at, fate }) => ({
      pull,
      sha: `1${pull.toString(16).padStart(39, '0')}`,
      title,
      author,
      at,
      ...(fate === 'pushed' ? { direct: true } : {}),
    })),
    bad: those('failed'),
    conflicting: those('conflicted'),
    flake: good.builds === 0 ? 0 : good.failed / good.builds,
    lasts: (random) => builds[Math.floor(random.next() * builds.length)] ?? 0,
  }
}
