/**
 * Routes of check runs, check suites and commit statuses. A check run belongs to the App that made it: only that App
 * may change it.
 */
import { branchOf, checkedActions, createRun, type RunChange, rerunFailedJobs, updateRun } from '../acts/checks.ts'
import { type Answer, type Call, created, isRecord, ok, oneOf, type Route } from '../http/route.ts'
import { apiUrl } from '../payloads/actors.ts'
import { checkRunPayload, checkSuitePayload, statusPayload } from '../payloads/checks.ts'
import { repositoryPayload } from '../payloads/repository.ts'
import { invalid, notFound, Problem } from '../problem.ts'
import type { CheckConclusion, CheckRun, CheckStatus, Status } from '../state.ts'
import { resolveCommit } from './commits.ts'

const READ = [['checks', 'read']] as const
const WRITE = [['checks', 'write']] as const
const ACTIONS = [['actions', 'write']] as const
const STATUSES = [['statuses', 'read']] as const
const REPO = '/repos/{owner}/{repo}'

export const checkRoutes: readonly Route[] = [
  { method: 'POST', template: `${REPO}/check-runs`, needs: WRITE, answer: create },
  { method: 'PATCH', template: `${REPO}/check-runs/{check_run_id}`, needs: WRITE, answer: update },
  {
    method: 'GET',
    template: `${REPO}/check-runs/{check_run_id}`,
    needs: READ,
    answer: (call) => ok(checkRunPayload(call.world, runOf(call))),
  },
  { method: 'POST', template: `${REPO}/actions/runs/{run_id}/rerun-failed-jobs`, needs: ACTIONS, answer: rerun },
  { method: 'GET', template: `${REPO}/commits/{ref}/check-runs`, needs: READ, answer: listRuns },
  { method: 'GET', template: `${REPO}/commits/{ref}/check-suites`, needs: READ, answer: listSuites },
  { method: 'GET', template: `${REPO}/commits/{ref}/status`, needs: STATUSES, answer: combinedStatus },
  { method: 'GET', template: `${REPO}/commits/{ref}/statuses`, needs: STATUSES, answer: listStatuses },
]

const STATUS_WORDS: readonly CheckStatus[] = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending']
const CONCLUSIONS: readonly CheckConclusion[] = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
]

function create(call: Call): Answer {
  const { repo, world } = call
  const sha = call.text('head_sha')
  const of = { app: world.app, sha, branch: branchOf(repo, sha), name: call.text('name') }
  return created(checkRunPayload(world, createRun(world, repo, call.act, of, changeOf(call))))
}

function update(call: Call): Answer {
  const run = runOf(call)
  if (run.suite.app.id !== call.world.app.id)
    throw new Problem(
      403,
      'Invalid app_id `' + run.suite.app.id + '` - check run can only be modified by the GitHub App that created it.',
    )
  const name = call.optionalText('name')
  updateRun(call.world, run, call.act, { ...changeOf(call), ...(name === undefined ? {} : { name }) })
  return ok(checkRunPayload(call.world, run))
}

function rerun(call: Call): Answer {
  rerunFailedJobs(call.world, call.repo, call.number('run_id'))
  return created({})
}

function changeOf(call: Call): RunChange {
  const [status, conclusion] = [call.optionalText('status'), call.optionalText('conclusion')]
  const [started, completed] = [call.optionalText('started_at'), call.optionalText('completed_at')]
  const [details, external] = [call.optionalText('details_url'), call.optionalText('external_id')]
  const output = call.record('output')
  const text = (field: string) => (typeof output?.[field] === 'string' ? output[field] : null)
  if (output && (text('title') === null || text('summary') === null) && !call.has('name') && text('summary') === null)
    throw invalid('CheckRun', 'output', 'missing_field', 'output.summary is required')
  return {
    ...(status === undefined ? {} : { status: oneOf('CheckRun', 'status', status, STATUS_WORDS) }),
    ...(conclusion === undefined ? {} : { conclusion: oneOf('CheckRun', 'conclusion', conclusion, CONCLUSIONS) }),
    ...(started === undefined ? {} : { startedAt: Date.parse(started) }),
    ...(completed === undefined ? {} : { completedAt: Date.parse(completed) }),
    ...(details === undefined ? {} : { detailsUrl: details }),
    ...(external === undefined ? {} : { externalId: external }),
    ...(output ? { output: { title: text('title'), summary: text('summary'), text: text('text') } } : {}),
    ...(call.has('actions') ? { actions: checkedActions(recordsOf(call.raw('actions'))) } : {}),
  }
}

const recordsOf = (given: unknown) => (Array.isArray(given) ? given : []).filter(isRecord)

function runOf(call: Call): CheckRun {
  const run = call.repo.runs.get(call.number('check_run_id'))
  if (!run) throw notFound()
  return run
}

function listRuns(call: Call): Answer {
  const { repo, query, world } = call
  const { sha } = resolveCommit(call, call.param('ref'))
  const [name, app, status] = [query.get('check_name'), query.get('app_id'), query.get('status')]
  const all = [...repo.runs.values()].filter(
    (run) =>
      run.suite.sha === sha &&
      run.visibleAt <= world.now() &&
      (name === null || run.name === name) &&
      (app === null || String(run.suite.app.id) === app) &&
      (status === null || run.status === status),
  )
  const newest = new Map(all.map((run) => [`${run.suite.id} ${run.name}`, run]))
  const chosen = (query.get('filter') === 'all' ? all : [...newest.values()]).toReversed()
  const show = (run: CheckRun) => checkRunPayload(world, run)
  return call.page(chosen, show, (check_runs) => ({ total_count: chosen.length, check_runs }))
}

function listSuites(call: Call): Answer {
  const { sha } = resolveCommit(call, call.param('ref'))
  const app = call.query.get('app_id')
  const chosen = call.repo.suites.filter((suite) => suite.sha === sha && (app === null || String(suite.app.id) === app))
  return call.page(
    chosen,
    (suite) => checkSuitePayload(call.world, suite),
    (check_suites) => ({ total_count: chosen.length, check_suites }),
  )
}

function statusesOf(call: Call, sha: string): Status[] {
  return call.repo.statuses.filter((status) => status.sha === sha).toReversed()
}

function combinedStatus(call: Call): Answer {
  const { repo, world } = call
  const { sha } = resolveCommit(call, call.param('ref'))
  const newest = [
    ...new Map(
      statusesOf(call, sha)
        .toReversed()
        .map((each) => [each.context, each]),
    ).values(),
  ]
  const state = newest.some((each) => each.state === 'failure' || each.state === 'error')
    ? 'failure'
    : newest.length === 0 || newest.some((each) => each.state === 'pending')
      ? 'pending'
      : 'success'
  const show = (status: Status) => {
    const { creator: _creator, ...rest } = statusPayload(world, repo, status)
    return rest
  }
  return call.page(newest, show, (statuses) => ({
    state,
    statuses,
    sha,
    total_count: newest.length,
    repository: repositoryPayload(world, repo),
    commit_url: `${apiUrl(world, repo)}/commits/${sha}`,
    url: `${apiUrl(world, repo)}/commits/${sha}/status`,
  }))
}

function listStatuses(call: Call): Answer {
  const { sha } = resolveCommit(call, call.param('ref'))
  return call.page(statusesOf(call, sha), (status) => statusPayload(call.world, call.repo, status))
}
