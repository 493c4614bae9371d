/**
 * What CI said of a published build, and what follows: passed, failed, overdue, cancelled. A verdict by silence is only given
 * on a fresh look.
 */
import { type Config, milliseconds } from '../../config.ts'
import type { CheckResult, Evidence, PayloadOf } from '../../events.ts'
import { instant, iso } from '../../ids.ts'
import { judgeChecks, OWN_CHECK, type RequiredContext, requiredContexts } from '../../readiness/checks.ts'
import { type Decision, event, FRESH, type Judgement, perform, type Rule, record } from '../judgement.ts'
import type { Build } from '../lane.ts'
import { blockedBy } from './blocked.ts'
import { heldFor } from './hold.ts'

/** How often CI is asked about a build whose webhooks may be lost. */
const ASK_CI_AFTER = 300_000

/** Builds in a row that the runner cancelled before the lane is held. */
const PATIENCE = 3

/** Reads the required checks of every published build, and concludes those that have their verdict. */
export const judgeBuilds: Rule = (judgement) => {
  const { lane, view, config } = judgement
  for (const build of Object.values(lane.builds)) {
    if (build.spent || !build.published || build.verdict) continue
    const required = requiredContexts(view.repository, lane.target, config)
    if (required === 'unknown' || nothingProves(required, config)) continue
    const { sha, ref, position } = build.published
    const branch = ref.replace('refs/heads/', '')
    const reports = view.checks.get(sha) ?? []
    const checks = judgeChecks(required, reports, {
      neutral: config.checks.neutral,
      ownCheck: OWN_CHECK,
      branch,
      since: position,
    })
    const decision = verdictOf(judgement, build, checks)
    if (decision) return decision
  }
  return null
}

/** An empty required set proves nothing, unless the configuration says that it is meant so. */
export const nothingProves = (required: readonly RequiredContext[], config: Config): boolean =>
  required.length === 0 && config.checks.required === 'auto'

function verdictOf(judgement: Judgement, build: Build, checks: CheckResult[]): Decision | null {
  const states = new Set(checks.map((check) => check.state))
  if (states.has('failed')) return failed(judgement, build, checks)
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

const evidenceOf = (checks: readonly CheckResult[]): Evidence[] =>
  checks
    .filter((check) => check.state !== 'passed')
    .map((check) => ({
      kind: 'check',
      text: `${check.context}: ${check.conclusion ?? check.state}`,
      ...(check.url ? { url: check.url } : {}),
    }))

const names = (checks: readonly CheckResult[], states: readonly CheckResult['state'][]): string =>
  checks
    .filter((check) => states.includes(check.state))
    .map((check) => check.context)
    .join(', ')

function failed(judgement: Judgement, build: Build, checks: CheckResult[]): Decision | null {
  const [member] = build.members
  if (!member) return null
  const failing = checks.filter((check) => check.state === 'failed')
  const message = `${names(failing, ['failed'])} failed on the merge of #${member.pull} into ${judgement.lane.target}`
  return record([
    conclude(judgement, build, 'failed', checks),
    blockedBy(judgement, member, 'checks_failed', { build: build.build, message, evidence: evidenceOf(failing) }),
  ])
}

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
  return missing ? neverStarted(judgement, build, checks) : timedOut(judgement, build, checks)
}

function timedOut(judgement: Judgement, build: Build, checks: CheckResult[]): Decision | null {
  const [member] = build.members
  const timed = checks.map((check) => (check.state === 'pending' ? { ...check, state: 'timed_out' as const } : check))
  const message = `${names(timed, ['timed_out'])} did not finish within ${judgement.config.ci.timeout}`
  const verdict = conclude(judgement, build, 'timed_out', timed)
  return record(
    member
      ? [
          verdict,
          blockedBy(judgement, member, 'checks_timed_out', {
            build: build.build,
            message,
            evidence: evidenceOf(timed),
          }),
        ]
      : [verdict],
  )
}

/** Published once more; after that CI is at fault unless it was seen to start on another build of this lane meanwhile. */
function neverStarted(judgement: Judgement, build: Build, checks: CheckResult[]): Decision | null {
  const { lane, config } = judgement
  const [member] = build.members
  const entry = member && lane.entries[member.pull]
  const message = `${names(checks, ['missing'])} did not appear within ${config.ci.start_timeout}`
  const verdict = conclude(judgement, build, 'never_started', checks)
  if (!entry || entry.silent === 0) return record([verdict])
  const elsewhere = lane.ci_seen !== null && lane.ci_seen > entry.queued
  return record([
    verdict,
    elsewhere
      ? blockedBy(judgement, member, 'ci_never_started', { build: build.build, message, evidence: evidenceOf(checks) })
      : heldFor(judgement, 'ci_silent', `${message}, twice`, evidenceOf(checks)),
  ])
}

function cancelled(judgement: Judgement, build: Build, checks: CheckResult[]): Decision | null {
  const [member] = build.members
  const times = member ? (judgement.lane.entries[member.pull]?.cancelled ?? 0) + 1 : 1
  const verdict = conclude(judgement, build, 'cancelled', checks)
  if (times < PATIENCE) return record([verdict])
  const words = `${names(checks, ['cancelled'])} was cancelled ${times} times in a row`
  return record([verdict, heldFor(judgement, 'ci_cancelled', words, evidenceOf(checks))])
}
