/**
 * Check runs, their suites, and commit statuses: reported by CI, by the App, or asked for again by a person.
 */
import { emit } from '../emit.ts'
import {
  checkRunWebhookPayload,
  checkSuitePayload,
  GITHUB_ACTIONS,
  statusWebhookPayload,
  suiteState,
} from '../payloads/checks.ts'
import { invalid, notFound, Problem } from '../problem.ts'
import type {
  Act,
  AppIdentity,
  CheckConclusion,
  CheckOutput,
  CheckRun,
  CheckStatus,
  CheckSuite,
  Repo,
  Status,
  StatusState,
} from '../state.ts'
import type { World } from '../world.ts'

export interface RunChange {
  readonly name?: string
  readonly status?: CheckStatus
  readonly conclusion?: CheckConclusion | null
  readonly startedAt?: number
  readonly completedAt?: number
  readonly detailsUrl?: string
  readonly externalId?: string
  readonly output?: Partial<CheckOutput>
  readonly actions?: CheckRun['actions']
  readonly runId?: number
  readonly attempt?: number
}

/** Makes a check run of an App on a commit; the suite is that of App, commit and head branch. */
export function createRun(
  world: World,
  repo: Repo,
  act: Act,
  of: { app: AppIdentity; sha: string; branch: string | null; name: string },
  change: RunChange,
): CheckRun {
  if (!repo.git.graph.find(of.sha))
    throw invalid('CheckRun', 'head_sha', 'custom', `No commit found for SHA: ${of.sha}`)
  const suite = suiteFor(world, repo, of.app, of.sha, of.branch)
  const id = world.nextId()
  const run: CheckRun = {
    id,
    nodeId: world.nodeId('CR', id),
    suite,
    name: of.name,
    status: 'queued',
    conclusion: null,
    startedAt: world.now(),
    completedAt: null,
    detailsUrl: null,
    externalId: '',
    output: { title: null, summary: null, text: null },
    actions: [],
    visibleAt: act.visibleAt ?? 0,
    runId: null,
    attempt: null,
  }
  suite.runs.push(run)
  repo.runs.set(id, run)
  apply(world, run, change)
  emitRun(world, run, act, 'created')
  if (run.status === 'completed') tellCompleted(world, run, act)
  return run
}

/** Changes a check run; a completed one tells so, once for each time that it completes. */
export function updateRun(world: World, run: CheckRun, act: Act, change: RunChange): void {
  const was = run.status
  apply(world, run, change)
  if (run.status === 'completed' && was !== 'completed') tellCompleted(world, run, act)
}

const RERUN_WITHIN = 30 * 24 * 3_600_000
const RUN_AGAIN: readonly (CheckConclusion | null)[] = ['failure', 'cancelled', 'timed_out']

/**
 * Has the jobs of a workflow run of GitHub Actions that failed run again: as new check runs of the same suite, while the
 * results of the others stand. What can't be run again is refused with 403, in GitHub's words.
 */
export function rerunFailedJobs(world: World, repo: Repo, runId: number): void {
  const jobs = [...repo.runs.values()].filter((run) => run.runId === runId && run.suite.app.slug === GITHUB_ACTIONS)
  const newest = [...new Map(jobs.map((job) => [job.name, job])).values()]
  const [first] = jobs
  if (!first) throw notFound()
  if (newest.some(({ status }) => status !== 'completed')) throw new Problem(403, 'This workflow is already running')
  if (world.now() - first.suite.createdAt > RERUN_WITHIN)
    throw new Problem(403, 'Unable to retry this workflow run because it was created over a month ago')
  if (!newest.some(({ conclusion }) => RUN_AGAIN.includes(conclusion)))
    throw new Problem(403, 'This workflow run cannot be retried')
  for (const listener of repo.rerunListeners) listener(runId)
}

/** The buttons of a check run as they were asked for; 422 where GitHub would not take them. */
export function checkedActions(list: readonly Readonly<Record<string, unknown>>[]): CheckRun['actions'] {
  if (list.length > 3) throw invalid('CheckRun', 'actions', 'custom', 'Only 3 actions are allowed')
  return list.map((action) => {
    const [label, description, identifier] = [action.label, action.description, action.identifier].map(String)
    if (!label || label.length > 20)
      throw invalid('CheckRun', 'actions.label', 'custom', 'label is too long (maximum is 20 characters)')
    if (!description || description.length > 40)
      throw invalid('CheckRun', 'actions.description', 'custom', 'description is too long (maximum is 40 characters)')
    if (!identifier || identifier.length > 20)
      throw invalid('CheckRun', 'actions.identifier', 'custom', 'identifier is too long (maximum is 20 characters)')
    return { label, description, identifier }
  })
}

/** Sends a `check_run` webhook. */
export function emitRun(
  world: World,
  run: CheckRun,
  act: Act,
  action: string,
  more: Record<string, unknown> = {},
): void {
  emit(world, run.suite.repo, act, 'check_run', action, { check_run: checkRunWebhookPayload(world, run), ...more })
}

/** The branch that a run belongs to when its reporter does not say: the first whose tip is the commit. */
export function branchOf(repo: Repo, sha: string): string | null {
  const found = repo.git.refs('refs/heads/').find(([, tip]) => tip === sha)
  return found ? found[0].slice('refs/heads/'.length) : null
}

/** Sets a commit status. */
export function createStatus(
  world: World,
  repo: Repo,
  act: Act,
  of: { sha: string; context: string; state: StatusState; description?: string | null; targetUrl?: string | null },
): Status {
  if (!repo.git.graph.find(of.sha)) throw invalid('Status', 'sha', 'custom', `No commit found for SHA: ${of.sha}`)
  const id = world.nextId()
  const status: Status = {
    id,
    nodeId: world.nodeId('SC', id),
    sha: of.sha,
    context: of.context,
    state: of.state,
    description: of.description ?? null,
    targetUrl: of.targetUrl ?? null,
    creator: act.by,
    createdAt: world.now(),
  }
  repo.statuses.push(status)
  emit(world, repo, act, 'status', null, statusWebhookPayload(world, repo, status))
  return status
}

function suiteFor(world: World, repo: Repo, app: AppIdentity, sha: string, branch: string | null): CheckSuite {
  const known = repo.suites.find((each) => each.app.id === app.id && each.sha === sha && each.branch === branch)
  if (known) return known
  const id = world.nextId()
  const at = world.now()
  const suite = { id, nodeId: world.nodeId('CS', id), repo, app, sha, branch, runs: [], createdAt: at, updatedAt: at }
  repo.suites.push(suite)
  return suite
}

function apply(world: World, run: CheckRun, change: RunChange): void {
  const { output, ...fields } = change
  const { conclusion } = fields
  Object.assign(run, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
  if (conclusion && change.status === undefined) run.status = 'completed'
  if (run.status === 'completed') run.completedAt = change.completedAt ?? run.completedAt ?? world.now()
  else Object.assign(run, { conclusion: null, completedAt: null })
  if (run.status === 'completed' && !run.conclusion)
    throw invalid('CheckRun', 'conclusion', 'missing_field', 'conclusion is required when status is completed')
  if (output) Object.assign(run.output, output)
  run.suite.updatedAt = world.now()
}

function tellCompleted(world: World, run: CheckRun, act: Act): void {
  emitRun(world, run, act, 'completed')
  if (suiteState(run.suite).status === 'completed')
    emit(world, run.suite.repo, act, 'check_suite', 'completed', { check_suite: suiteWebhook(world, run.suite) })
}

function suiteWebhook(world: World, suite: CheckSuite): Record<string, unknown> {
  const { repository: _repository, ...rest } = checkSuitePayload(world, suite)
  return rest
}
