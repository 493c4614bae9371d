/**
 * What CI said of a published build, and what follows: passed, failed, overdue, cancelled. A verdict by silence is only given
 * on a fresh look.
 */
import { type Config, milliseconds } from '../../../config.ts'
import type { CheckResult, Evidence } from '../../../events/shapes.ts'
import type { NewEvent, PayloadOf } from '../../../events.ts'
import { instant, iso } from '../../../ids.ts'
import { judgeChecks, OWN_CHECK, type RequiredContext, requiredContexts } from '../../../readiness/checks.ts'
import { cancelledInARow, neverAppeared } from '../../../render/words/hold-reasons.ts'
import { type Fault, nextFault } from '../../fault.ts'
import { type Decision, event, FRESH, type Judgement, perform, type Rule, record } from '../../judgement.ts'
import type { Build, Entry } from '../../lane.ts'
import { heldFor } from '../hold.ts'

/** How often CI is asked about a build whose webhooks may be lost. */
const ASK_CI_AFTER = 300_000

/** Builds in a row that the runner cancelled before the lane is held. */
const PATIENCE = 3

/** Reads the required checks of every published build, and concludes those that have their verdict. */
export const judgeBuilds: Rule = (judgement) => {
  for (const build of Object.values(judgement.lane.builds)) {
    if (build.spent || build.verdict) continue
    const checks = checksOf(judgement, build)
    const decision = checks && verdictOf(judgement, build, checks)
    if (decision) return decision
  }
  return null
}

export type Seen = Pick<Judgement, 'lane' | 'view' | 'config'>

type Reading = Parameters<typeof judgeChecks>

/** What is required at present, and the reports that may answer it on a build; null where that is not known. */
export function readingOf({ lane, view, config }: Seen, { published, rerun }: Build): Reading | null {
  const required = requiredContexts(view.repository, lane.target, config)
  if (!published || required === 'unknown' || nothingProves(required, config)) return null
  const { sha, ref, position } = published
  // What passed on that very commit still counts in a re-run; what failed has to be answered by a later run.
  const first = rerun && lane.builds[rerun.build]?.published
  const options = {
    neutral: config.checks.neutral,
    ownCheck: OWN_CHECK,
    branch: ref.replace('refs/heads/', ''),
    since: first?.position ?? position,
    again: rerun?.jobs ?? [],
  }
  return [required, view.checks.get(sha) ?? [], options]
}

/** What the checks that are required at present say of a build; null where that is not known. */
function checksOf(seen: Seen, build: Build): CheckResult[] | null {
  const reading = readingOf(seen, build)
  return reading && judgeChecks(...reading)
}

/** Whether a verdict is still what the required checks say: others may be required since, and a check may have run again. */
export function stillHolds(seen: Seen, build: Build): boolean {
  const checks = checksOf(seen, build)
  if (!checks) return true
  // What runs again at our wish speaks for the re-run alone.
  if (build.rerun_by !== null && seen.lane.builds[build.rerun_by]?.rerun)
    return build.checks.some(
      ({ context, state }) => state === 'failed' && checks.some((now) => now.context === context),
    )
  if (build.verdict === 'passed') return checks.every(({ state }) => state === 'passed')
  return build.checks.some(({ state }) => state === 'failed')
    ? checks.some(({ state }) => state === 'failed')
    : checks.some(({ state }) => state !== 'passed')
}

/** An empty required set proves nothing, unless the configuration says that it is meant so. */
export const nothingProves = (required: readonly RequiredContext[], config: Config): boolean =>
  required.length === 0 && config.checks.required === 'auto'

function verdictOf(judgement: Judgement, build: Build, checks: CheckResult[]): Decision | null {
  const states = new Set(checks.map((check) => check.state))
  if (states.has('failed')) return record([conclude(judgement, build, 'failed', checks)])
  if ([...states].every((state) => state === 'passed')) return record([conclude(judgement, build, 'passed', checks)])
  if (states.has('pending') || states.has('missing')) return overdue(judgement, build, checks)
  return cancelled(judgement, build, checks)
}

const conclude = (
  judgement: Judgement,
  build: Build,
  verdict: PayloadOf<'build_concluded'>['verdict'],
  checks: CheckResult[],
) => event(judgement, 'build_concluded', { build: build.build, verdict, checks, concluded_at: iso(judgement.now) })

export const evidenceOf = (checks: readonly CheckResult[]): Evidence[] =>
  checks
    .filter((check) => check.state !== 'passed')
    .map((check) => ({
      kind: 'check',
      text: `${check.context}: ${check.conclusion ?? check.state}`,
      ...(check.url ? { url: check.url } : {}),
    }))

export const names = (checks: readonly CheckResult[], states: readonly CheckResult['state'][]): string =>
  checks
    .filter((check) => states.includes(check.state))
    .map((check) => check.context)
    .join(', ')

/** Waiting has limits: one for a check that never appears, one for a build that never ends. */
function overdue(judgement: Judgement, build: Build, checks: CheckResult[]): Decision | null {
  const { config, now, lane } = judgement
  const published = instant(build.published?.published_at ?? build.planned_at)
  const missing = checks.some((check) => check.state === 'missing')
  const deadline = published + milliseconds(missing ? config.ci.start_timeout : config.ci.timeout)
  const asked = lane.observed.checks[build.build] ?? published
  const effect = { effect: 'observe-checks' as const, build: build.build, sha: build.published?.sha ?? build.base }
  // A verdict by silence is only given on a fresh look: the webhook may be what is missing.
  const ask = now >= deadline ? now - asked > FRESH : now - asked >= ASK_CI_AFTER
  if (ask) return judgement.due(effect) ? perform([effect]) : null
  judgement.lookAgain(Math.min(now >= deadline ? now : deadline, asked + ASK_CI_AFTER))
  if (now < deadline) return null
  if (missing) return neverStarted(judgement, build, checks)
  const late = checks.map((check) => (check.state === 'pending' ? { ...check, state: 'timed_out' as const } : check))
  return record([conclude(judgement, build, 'timed_out', late)])
}

/**
 * Published once more; after that CI is at fault, unless it was seen to start on another build of this lane meanwhile: then
 * something in this one keeps it from starting, and that is a failure like any other.
 */
function neverStarted(judgement: Judgement, build: Build, checks: CheckResult[]): Decision | null {
  const { lane, config } = judgement
  if (build.purpose === 'try') return record([conclude(judgement, build, 'never_started', checks)])
  const silence = conclude(judgement, build, 'never_started', checks)
  const times = inARow(judgement, build, 'never_started')
  if (times === 1) return record([silence])
  const since = Math.max(...entriesOf(judgement, build).map(({ queued }) => queued))
  if (lane.ci_seen !== null && lane.ci_seen > since) return record([conclude(judgement, build, 'failed', checks)])
  const words = neverAppeared(names(checks, ['missing']), config.ci.start_timeout, times)
  return holding(judgement, silence, 'ci_silent', words, checks)
}

const entriesOf = ({ lane }: Judgement, { members }: Build): Entry[] =>
  members.flatMap(({ pull }) => lane.entries[pull] ?? [])

/** How often one of its members had this in a row, this build included. */
const inARow = (judgement: Judgement, build: Build, verdict: Fault['verdict']): number =>
  Math.max(
    1,
    ...entriesOf(judgement, build).map(({ fault }) => nextFault(fault, verdict, build.position, Infinity).times),
  )

/** CI is at fault and nobody else: the lane waits for a person, unless one has stopped it already. */
function holding(
  judgement: Judgement,
  verdict: NewEvent,
  reason: 'ci_silent' | 'ci_cancelled',
  words: string,
  checks: CheckResult[],
): Decision | null {
  const hold = judgement.lane.hold ? [] : [heldFor(judgement, reason, words, evidenceOf(checks))]
  return record([verdict, ...hold])
}

function cancelled(judgement: Judgement, build: Build, checks: CheckResult[]): Decision | null {
  const times = inARow(judgement, build, 'cancelled')
  const verdict = conclude(judgement, build, 'cancelled', checks)
  if (build.purpose === 'try' || times < PATIENCE) return record([verdict])
  const words = cancelledInARow(names(checks, ['cancelled']), times)
  return holding(judgement, verdict, 'ci_cancelled', words, checks)
}
