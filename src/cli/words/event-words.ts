/** Each event of the log in one plain sentence, and the subject that it is about. It knows what events hold, and folds nothing. */
import type { CheckResult } from '../../core/events/shapes.ts'
import type { LoggedEvent, PayloadOf } from '../../core/events.ts'
import { short } from '../../core/ids.ts'
import { REASONS } from '../../core/render/words/headline.ts'
import { rerunWords } from '../../core/render/words/rerun.ts'

type Told = Pick<LoggedEvent, 'type' | 'payload'>

/** What an event is about: a pull request, an issue, a build, a branch, a commit or a person. */
export function subjectOf(event: Told): string {
  const payload = event.payload as Readonly<Record<string, unknown>>
  if (typeof payload['pull'] === 'number') return `#${payload['pull']}`
  if (typeof payload['issue'] === 'number') return `#${payload['issue']}`
  for (const field of ['build', 'target', 'branch', 'user', 'subject'] as const)
    if (typeof payload[field] === 'string') return payload[field]
  return typeof payload['sha'] === 'string' ? short(payload['sha']) : '-'
}

/** The event in words; outside text in them is as it came. */
export function wordsOf(event: Told): string {
  const told = event as LoggedEvent
  switch (told.type) {
    case 'review_approved':
      return `${told.payload.reviewer} approved ${short(told.payload.sha)}`
    case 'review_retracted':
      return `the review of ${told.payload.reviewer} no longer approves: ${spaced(told.payload.reason)}`
    case 'conversation_touched':
      return 'a conversation was resolved or opened again'
    case 'finalize_ready':
      return `${told.payload.declared_by} declared ${short(told.payload.sha)} finished (${spaced(told.payload.via)})`
    case 'finalize_withdrawn':
      return `${short(told.payload.sha)} is no longer declared finished: ${spaced(told.payload.reason)}`
    case 'branch_pushed':
      return `${told.payload.branch} of ${told.payload.remote} stands at ${short(told.payload.sha)}${told.payload.forced ? ', forced' : ''}`
    case 'pull_request_observed':
      return pullSeen(told.payload)
    case 'pull_request_examined':
      return `looked at ${short(told.payload.sha)} on ${short(told.payload.tip)}: mergeable ${told.payload.mergeable}, integrated ${told.payload.integrated}`
    case 'check_reported':
      return `${told.payload.context} on ${short(told.payload.sha)}: ${spaced(told.payload.conclusion ?? told.payload.status)}`
    case 'protection_observed':
      return `${told.payload.branch} requires ${listed(told.payload.required.map(({ context }) => context))}`
    case 'permission_observed':
      return `${told.payload.user} has permission ${told.payload.permission}`
    case 'team_observed':
      return `${told.payload.team} has ${told.payload.members === null ? 'members that can not be read' : `the members ${listed(told.payload.members)}`}`
    case 'target_moved':
      return `${told.payload.branch} moved from ${short(told.payload.before)} to ${short(told.payload.after)}${told.payload.forced ? ', forced' : ''}`
    case 'config_changed':
      return configSeen(told.payload)
    case 'config_proposed':
      return `configuration proposed at ${short(told.payload.sha)}: ${told.payload.errors.length} errors`
    case 'follow_up_observed':
      return `follow-up #${told.payload.issue} is ${told.payload.state}, labels ${listed(told.payload.labels)}`
    case 'settings_touched':
      return `GitHub said that ${told.payload.what} changed${told.payload.branch === null ? '' : ` for ${told.payload.branch}`}`
    case 'lane_held':
      return `held by ${told.payload.by}: ${told.payload.words}`
    case 'lane_released':
      return `released by ${told.payload.by}`
    case 'cutover_accepted':
      return `${told.payload.by} accepted the shadow of ${told.payload.target}: ${told.payload.agreed} of ${told.payload.merged} agreed in ${told.payload.days} days`
    case 'command_requested':
      return `${told.payload.by} asked for /${told.payload.name}${told.payload.error === null ? '' : `: ${told.payload.error}`}`
    case 'resume_requested':
      return `${told.payload.by} asked to resume (${told.payload.via})`
    case 'repository_observed':
      return told.payload.installed ? `installed${told.payload.suspended ? ', suspended' : ''}` : 'no longer installed'
    case 'repository_named':
      return `called ${told.payload.name}${told.payload.formerly === null ? '' : `, before that ${told.payload.formerly}`}`
    default:
      return oursInWords(told)
  }
}

type Fact =
  | 'review_approved'
  | 'review_retracted'
  | 'conversation_touched'
  | 'finalize_ready'
  | 'finalize_withdrawn'
  | 'branch_pushed'
  | 'pull_request_observed'
  | 'pull_request_examined'
  | 'check_reported'
  | 'protection_observed'
  | 'permission_observed'
  | 'team_observed'
  | 'target_moved'
  | 'config_changed'
  | 'config_proposed'
  | 'follow_up_observed'
  | 'settings_touched'
  | 'lane_held'
  | 'lane_released'
  | 'cutover_accepted'
  | 'command_requested'
  | 'resume_requested'
  | 'repository_observed'
  | 'repository_named'

/** What a lane decided, and what came of it. */
function oursInWords(told: Exclude<LoggedEvent, { type: Fact }>): string {
  switch (told.type) {
    case 'candidate_queued':
      return `${short(told.payload.sha)} queued${told.payload.resumed ? ' again' : ''}${told.payload.priority === 0 ? '' : `, priority ${told.payload.priority}`}`
    case 'candidate_superseded':
      return `${short(told.payload.sha)} superseded by ${short(told.payload.new_sha)}`
    case 'candidate_dequeued':
      return `${short(told.payload.sha)} left the queue: ${spaced(told.payload.reason)}`
    case 'candidate_settled':
      return 'settled: nothing is left to do'
    case 'shadow_began':
      return 'in shadow from now on: judges, and lands nothing'
    case 'shadow_judged':
      return told.payload.verdict === 'land'
        ? `shadow: ${short(told.payload.sha)} would be landed`
        : `shadow: ${short(told.payload.sha)} would wait: ${told.payload.waits.map(({ words }) => words).join('; ')}`
    case 'build_planned':
      return `build of ${listed(told.payload.members.map(({ pull }) => `#${pull}`))} on ${short(told.payload.base)} planned${told.payload.rerun ? `: ${rerunWords(told.payload.rerun)}` : ''}`
    case 'build_published':
      return `published as ${short(told.payload.sha)} for CI to prove`
    case 'assembly_refused':
      return `#${told.payload.pull} could not be assembled: ${spaced(told.payload.reason)}${told.payload.files.length > 0 ? ` in ${listed(told.payload.files)}` : ''}`
    case 'build_concluded':
      return `${spaced(told.payload.verdict)}${checksIn(told.payload.checks)}`
    case 'rerun_refused':
      return `confirmed by another commit: ${spaced(told.payload.reason)}: ${told.payload.message}`
    case 'build_withdrawn':
      return 'withdrawn: its ref is deleted'
    case 'landing_planned':
      return `to be moved from ${short(told.payload.from)} to ${short(told.payload.to)}`
    case 'landing_concluded':
      return `${told.payload.result}: the target stands at ${short(told.payload.target)}${told.payload.message === null ? '' : ` (${told.payload.message})`}`
    case 'integration_completed':
      return `${short(told.payload.sha)} landed as ${short(told.payload.landed_sha)}`
    case 'integration_blocked':
      return `blocked: ${REASONS[told.payload.reason]}: ${told.payload.diagnostics[0] ?? ''}`
    case 'target_compared':
      return `${short(told.payload.to)} ${told.payload.contained ? 'holds' : 'does not hold'} ${short(told.payload.from)}`
    case 'pull_closed':
      return `closed: it landed as ${short(told.payload.landed_sha)}`
    case 'pull_retargeted':
      return `${told.payload.to} becomes its base after ${told.payload.from}${told.payload.refused === null ? '' : `: refused: ${told.payload.refused}`}`
    case 'head_branch_concluded':
      return `head branch ${told.payload.branch} ${told.payload.result}: ${spaced(told.payload.reason)}`
    case 'follow_up_opened':
      return `follow-up #${told.payload.issue} opened`
    case 'follow_up_updated':
      return `follow-up #${told.payload.issue} updated`
    case 'follow_up_closed':
      return `follow-up #${told.payload.issue} closed`
    case 'follow_up_failed':
      return `follow-up could not be opened: ${told.payload.error}`
    case 'resume_answered':
      return `resume ${told.payload.result}: ${spaced(told.payload.reason)}`
    case 'command_answered':
      return `command ${told.payload.result}: ${spaced(told.payload.reason)}${told.payload.reply === null ? '' : `: ${told.payload.reply}`}`
    case 'lane_observed':
      return `looked at ${told.payload.scope}${told.payload.pulls.length > 0 ? ` of ${listed(told.payload.pulls.map((pull) => `#${pull}`))}` : ''}`
    case 'check_run_written':
      return `check run written on ${short(told.payload.sha)}`
    case 'comment_written':
      return 'sticky comment written'
    case 'command_acknowledged':
      return 'reaction and reply given'
    case 'resume_acknowledged':
      return 'answer to the resume given'
    case 'config_reported':
      return `errors of the configuration of ${told.payload.branch} shown on ${short(told.payload.commit)}`
    case 'delegated':
      return `${told.payload.by} gave ${told.payload.to} the right over it`
    case 'undelegated':
      return `${told.payload.by} took the right over it from ${told.payload.from}`
    case 'try_requested':
      return `${told.payload.by} asked for a try of ${short(told.payload.sha)}`
    case 'try_concluded':
      return `try of ${short(told.payload.sha)} ${spaced(told.payload.result)}`
    case 'try_told':
      return 'end of the try told'
    case 'effect_failed':
      return `${told.payload.effect} failed (${told.payload.failure}, attempt ${told.payload.attempt}): ${told.payload.message}`
    default:
      return told satisfies never
  }
}

function pullSeen({ state, draft, sha, base, labels }: PayloadOf<'pull_request_observed'>): string {
  return `${state}${draft ? ', draft' : ''}, ${short(sha)} for ${base}${labels.length > 0 ? `, labels ${listed(labels)}` : ''}`
}

function configSeen({ branch, blob, errors }: PayloadOf<'config_changed'>): string {
  if (blob === null) return `${branch} has no configuration file`
  const [first] = errors
  if (!first) return `configuration of ${branch} read`
  return `configuration of ${branch} is broken: line ${first.line ?? '?'}, ${first.key}: ${first.fix}`
}

function checksIn(checks: readonly CheckResult[]): string {
  return checks.length === 0 ? '' : ` (${checks.map(({ context, state }) => `${context} ${spaced(state)}`).join(', ')})`
}

const spaced = (code: string): string => code.replaceAll('_', ' ')
const listed = (items: readonly string[]): string => (items.length === 0 ? 'nothing' : items.join(', '))
