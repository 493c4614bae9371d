/**
 * Lays what a shadow judged beside what people really merged: agreed, would have waited, would have landed an older commit,
 * would have caught what made the target red. Pure: it folds the log, and knows neither store nor terminal.
 */
import type { Config } from '../../config.ts'
import type { LoggedEvent, PayloadOf } from '../../events.ts'
import { type Instant, instant, iso } from '../../ids.ts'
import { judgeChecks, OWN_CHECK, type RequiredContext } from '../../readiness/checks.ts'

const DAY = 86_400_000
/** What has to be seen before anybody may say that it agrees: so many days, or so many merged pull requests. */
export const ENOUGH_DAYS = 14
export const ENOUGH_MERGED = 50
/** How much of it has to agree, in percent. */
export const AGREEMENT = 95

type Judged = PayloadOf<'shadow_judged'>

interface About {
  readonly pull: number
  readonly title: string
  /** The commit that people merged. */
  readonly sha: string
  readonly merged_at: string
}

/** One merged pull request, and what the shadow had said of the merged commit by then. */
export type Compared =
  /** `lead`: how many milliseconds before people merged it the shadow first would have landed it. */
  | (About & { readonly as: 'agreed'; readonly lead: number })
  | (About & { readonly as: 'waited'; readonly waits: Judged['waits'] })
  /** It would have landed an older commit of it. */
  | (About & { readonly as: 'earlier'; readonly would_have_landed: string; readonly judged_at: string })
  /** The target became red by it: these required checks failed on what it was merged as. */
  | (About & { readonly as: 'caught'; readonly merged_as: string; readonly checks: readonly string[] })

/** A commit that would have been landed although a required check of it was red. */
export interface HeldBack {
  readonly pull: number
  readonly sha: string
  readonly judged_at: string
  readonly checks: readonly string[]
}

export type NoGo = 'nothing_merged' | 'too_little_seen' | 'too_little_agreement' | 'red_check_held_back'

export interface Comparison {
  readonly since: string
  readonly until: string
  readonly days: number
  readonly merged: readonly Compared[]
  readonly held_back: readonly HeldBack[]
  /** Of those that did not make the target red, in percent, rounded down; null where there is none. */
  readonly agreement: number | null
  /** Why nobody may accept it yet; empty: go. */
  readonly against: readonly NoGo[]
}

export interface Comparing {
  readonly apply: (event: LoggedEvent) => void
  readonly conclude: (now: Instant) => Comparison
}

interface Lane {
  readonly target: string
  readonly shadow: { readonly since: string; readonly position: number }
  /** What is required of commits of the target, as known now. */
  readonly required: readonly RequiredContext[]
  readonly neutral: Config['checks']['neutral']
}

type Report = LoggedEvent<'check_reported'>
type Verdict = LoggedEvent<'shadow_judged'>
type Merge = LoggedEvent<'pull_request_observed'>

/** Compares one lane; `apply` takes the whole log of its repository, oldest first. */
export function compareShadow(lane: Lane): Comparing {
  const { target, shadow } = lane
  const verdicts = new Map<number, Verdict[]>()
  const merges = new Map<number, Merge>()
  const reports = new Map<string, Report[]>()
  const stoodAt = new Map<string, string>()

  /** The required checks of a commit that are red by what was reported until then. */
  const redAt = (sha: string, position: number): string[] =>
    judgeChecks(
      lane.required,
      (reports.get(sha) ?? []).filter((report) => report.position <= position),
      { neutral: lane.neutral, ownCheck: OWN_CHECK },
    )
      .filter(({ state }) => state === 'failed')
      .map(({ context }) => context)

  function compare(merge: Merge): Compared {
    const { pull, title, sha, merged_as, merged_at } = merge.payload
    const at = merged_at ?? merge.occurred_at
    const about = { pull, title, sha, merged_at: at }
    const before = merged_as ? stoodAt.get(merged_as) : undefined
    const red = merged_as ? redAt(merged_as, Number.POSITIVE_INFINITY) : []
    // Checks that were red before it are not its doing.
    const checks = red.filter((context) => !before || !redAt(before, Number.POSITIVE_INFINITY).includes(context))
    if (merged_as && checks.length > 0) return { ...about, as: 'caught', merged_as, checks }
    const said = (verdicts.get(pull) ?? []).filter(({ position }) => position < merge.position)
    const own = said.filter(({ payload }) => payload.sha === sha)
    const last = own.at(-1)?.payload
    const first = own.find(({ payload }) => payload.verdict === 'land')?.payload
    if (last?.verdict === 'land' && first)
      return { ...about, as: 'agreed', lead: Math.max(0, instant(at) - instant(first.judged_at)) }
    const older = said.find(({ payload }) => payload.verdict === 'land' && payload.sha !== sha)?.payload
    if (older) return { ...about, as: 'earlier', would_have_landed: older.sha, judged_at: older.judged_at }
    return { ...about, as: 'waited', waits: last?.waits ?? [NOT_JUDGED] }
  }

  /** At any time between the verdict and the merge of that very commit: until then people held it back. */
  function heldBack({ payload, position }: Verdict): HeldBack[] {
    const { pull, sha, verdict, judged_at } = payload
    if (verdict !== 'land') return []
    const merge = merges.get(pull)
    const end = merge?.payload.sha === sha ? merge.position : Number.POSITIVE_INFINITY
    const later = (reports.get(sha) ?? []).map((report) => report.position)
    const moments = [position, ...later.filter((at) => at > position && at < end)]
    const checks = [...new Set(moments.flatMap((at) => redAt(sha, at)))]
    return checks.length === 0 ? [] : [{ pull, sha, judged_at, checks }]
  }

  return {
    apply(event) {
      if (event.type === 'check_reported') {
        const { sha } = event.payload
        reports.set(sha, [...(reports.get(sha) ?? []), event])
      }
      if (event.type === 'target_moved' && event.payload.branch === target)
        stoodAt.set(event.payload.after, event.payload.before)
      if (event.position <= shadow.position) return
      if (event.type === 'shadow_judged' && event.lane === target) {
        const { pull } = event.payload
        verdicts.set(pull, [...(verdicts.get(pull) ?? []), event])
      }
      if (event.type !== 'pull_request_observed') return
      const { pull, state, base } = event.payload
      if (state === 'merged' && base === target && !merges.has(pull) && isWithin(event, shadow)) merges.set(pull, event)
    },

    conclude(now) {
      const merged = [...merges.values()].map(compare)
      const oneOfEach = new Map<string, HeldBack>()
      for (const each of [...verdicts.values()].flat().flatMap(heldBack)) {
        const key = `${each.pull} ${each.sha}`
        if (!oneOfEach.has(key)) oneOfEach.set(key, each)
      }
      const held_back = [...oneOfEach.values()]
      const days = Math.max(0, Math.floor((now - instant(shadow.since)) / DAY))
      const counted = merged.filter(({ as }) => as !== 'caught').length
      const agreed = merged.filter(({ as }) => as === 'agreed').length
      const agreement = counted === 0 ? null : Math.floor((agreed * 100) / counted)
      const against: NoGo[] = []
      if (merged.length === 0) against.push('nothing_merged')
      if (days < ENOUGH_DAYS && merged.length < ENOUGH_MERGED) against.push('too_little_seen')
      if (agreement !== null && agreement < AGREEMENT) against.push('too_little_agreement')
      if (held_back.length > 0) against.push('red_check_held_back')
      return { since: shadow.since, until: iso(now), days, merged, held_back, agreement, against }
    },
  }
}

const NOT_JUDGED = {
  code: 'not_judged',
  reason: 'not_judged',
  words: 'Not everything about this commit was known before it was merged',
}

/** What was merged before the shadow began may be heard of afterwards. */
const isWithin = ({ payload, occurred_at }: Merge, { since }: Lane['shadow']): boolean =>
  instant(payload.merged_at ?? occurred_at) >= instant(since)
