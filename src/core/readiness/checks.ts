/**
 * Which checks a commit of a target has to pass, and how the reports about that commit answer them. It knows neither
 * heads nor builds: whose commit it is, and which reports may speak for it, is told to it.
 */
import { type Config, matches } from '../config.ts'
import { STATUS_RANK } from '../events/checks.ts'
import type { CheckResult } from '../events/shapes.ts'
import type { LoggedEvent } from '../events.ts'
import { isOurBranch } from '../ids.ts'
import type { Repository } from '../repository.ts'

/** The check run that we write ourselves: it never counts for anything. */
export const OWN_CHECK = 'mainkeeper'

/** A check that has to pass: by name or with `*` as wildcard, from one app or (null) from whoever reports it. */
export interface RequiredContext {
  readonly context: string
  readonly app_id: number | null
}

export type Report = LoggedEvent<'check_reported'>

export interface JudgeOptions {
  readonly neutral: Config['checks']['neutral']
  readonly ownCheck: string
  /** Only check runs whose suite has this head branch count: no run of another branch that holds the same commit. */
  readonly branch?: string
  /** It is a head: check runs on branches of ours say something of a build that holds the same commit. */
  readonly head?: true
  /** Statuses name no branch; only those reported after this log position count. */
  readonly since?: number
  /** Check runs that are to be answered anew: of these checks only later runs count. */
  readonly again?: readonly Pick<Report['payload'], 'context' | 'app_id' | 'run'>[]
}

/**
 * The contexts required of commits on `target`: protection, rulesets and the configuration's list by union, without our own.
 * 'unknown' when the configuration leaves it to the protection and that was never read; empty when nothing is required.
 */
export function requiredContexts(
  repository: Repository,
  target: string,
  config: Config,
): readonly RequiredContext[] | 'unknown' {
  const protection = repository.protections[target]
  const listed = config.checks.required
  if (!protection && listed === 'auto') return 'unknown'
  const required: RequiredContext[] = []
  for (const { context, app_id } of protection?.required ?? []) {
    if (context === OWN_CHECK || required.some((one) => one.context === context && one.app_id === app_id)) continue
    required.push({ context, app_id })
  }
  for (const context of listed === 'auto' ? [] : listed) {
    if (context === OWN_CHECK || required.some((one) => one.context === context)) continue
    required.push({ context, app_id: null })
  }
  return required
}

/**
 * How each required context stands by these reports of one commit. Where several apps report the same name without one being
 * demanded, each of them has to pass, as on GitHub; what nobody reported is `missing`.
 */
export function judgeChecks(
  required: readonly RequiredContext[],
  reports: readonly Report[],
  options: JudgeOptions,
): CheckResult[] {
  const answering = answersOf(required, reports, options)
  const results = new Map<string, CheckResult>()
  for (const [wanted, answers] of answering) {
    for (const report of answers) results.set(sourceOf(report), resultOf(report, options))
    if (answers.length === 0)
      results.set(`missing:${wanted.app_id}:${wanted.context}`, {
        context: wanted.context,
        app: null,
        state: 'missing',
        conclusion: null,
        url: null,
      })
  }
  return [...results.values()]
}

/** The reports that answer each required context: the newest of whoever reports it. */
export function answersOf(
  required: readonly RequiredContext[],
  reports: readonly Report[],
  options: JudgeOptions,
): ReadonlyMap<RequiredContext, readonly Report[]> {
  const told = options.head ? ofTheHead(reports) : reports
  const counting = newestOfEach(told.filter((report) => counts(report, options)))
  const wanted = required.filter(({ context }) => context !== options.ownCheck)
  return new Map(wanted.map((one) => [one, counting.filter((report) => answersTo(one, report))]))
}

/** Without the check runs of builds, known by their ids: of a branch that is deleted GraphQL does not tell the name. */
function ofTheHead(reports: readonly Report[]): Report[] {
  const ofBuilds = new Set(reports.flatMap(({ payload }) => (isOurBranch(payload.branch) ? payload.run : [])))
  return reports.filter((report) => isStatus(report) || !ofBuilds.has(report.payload.run))
}

/** Commit statuses carry no app: GitHub does not tell who wrote one. */
const isStatus = (report: Report): boolean => report.payload.app === null && report.payload.app_id === null

function counts(report: Report, options: JudgeOptions): boolean {
  if (report.payload.context === options.ownCheck) return false
  if (isStatus(report)) return options.since === undefined || report.position > options.since
  if (options.again?.some((old) => isRerunOf(old, report) && report.payload.run <= old.run)) return false
  return options.branch === undefined || report.payload.branch === options.branch
}

const isRerunOf = (old: NonNullable<JudgeOptions['again']>[number], { payload }: Report): boolean =>
  old.context === payload.context && old.app_id === payload.app_id

function answersTo(wanted: RequiredContext, report: Report): boolean {
  if (wanted.app_id !== null && wanted.app_id !== report.payload.app_id) return false
  return wanted.context.includes('*')
    ? matches(wanted.context, report.payload.context)
    : wanted.context === report.payload.context
}

const sourceOf = ({ payload }: Report): string => `${payload.app_id ?? payload.app ?? 'status'}:${payload.context}`

function newestOfEach(reports: readonly Report[]): Report[] {
  const newest = new Map<string, Report>()
  for (const report of reports) {
    const other = newest.get(sourceOf(report))
    if (!other || isNewer(report, other)) newest.set(sourceOf(report), report)
  }
  return [...newest.values()]
}

/** GitHub's order of two reports: run id, then how far the run is, then when it completed; then ours. */
function isNewer(a: Report, b: Report): boolean {
  const order = (report: Report) => {
    const { run, status, completed_at } = report.payload
    return [run, STATUS_RANK[status] ?? 0, completed_at ? Date.parse(completed_at) : 0, report.position]
  }
  const other = order(b)
  for (const [place, value] of order(a).entries()) {
    const against = other[place] ?? 0
    if (value !== against) return value > against
  }
  return false
}

function resultOf({ payload }: Report, options: JudgeOptions): CheckResult {
  const { context, app, status, conclusion, url } = payload
  const state = status === 'completed' ? stateOf(conclusion, options.neutral) : 'pending'
  const seconds = state === 'pending' ? null : ranFor(payload)
  return { context, app, state, conclusion, url, ...(seconds === null ? {} : { seconds }) }
}

/** Null where GitHub gives no beginning and end, or such as can't be. */
function ranFor({ started_at, completed_at }: Report['payload']): number | null {
  const seconds = (Date.parse(completed_at ?? '') - Date.parse(started_at ?? '')) / 1000
  return seconds >= 0 ? seconds : null
}

/** A conclusion that GitHub may invent tomorrow is no pass: fail closed. */
function stateOf(conclusion: string | null, neutral: Config['checks']['neutral']): CheckResult['state'] {
  if (conclusion === 'success') return 'passed'
  if (conclusion === 'neutral' || conclusion === 'skipped') return neutral === 'passes' ? 'passed' : 'failed'
  return conclusion === 'cancelled' ? 'cancelled' : 'failed'
}
