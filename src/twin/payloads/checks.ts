/**
 * How GitHub shows check runs, check suites and commit statuses.
 */
import type { CheckRun, CheckSuite, Repo, Status } from '../state.ts'
import { pullsOf } from '../state.ts'
import type { World } from '../world.ts'
import { apiUrl, appPayload, htmlUrl, iso, isoOrNull, type Json, userPayload } from './actors.ts'
import { commitPayload, headCommitPayload } from './commits.ts'
import { pullReference } from './pulls.ts'
import { repositoryPayload } from './repository.ts'

/** The App whose check runs are jobs of workflow runs. */
export const GITHUB_ACTIONS = 'github-actions'

/** The state of a suite, made from its newest runs by name. */
export function suiteState(suite: CheckSuite): { status: string; conclusion: string | null } {
  const newest = [...new Map(suite.runs.map((run) => [run.name, run])).values()]
  if (newest.length === 0) return { status: 'queued', conclusion: null }
  if (newest.some((run) => run.status !== 'completed'))
    return { status: newest.every((run) => run.status === 'queued') ? 'queued' : 'in_progress', conclusion: null }
  const order = ['failure', 'timed_out', 'cancelled', 'action_required', 'stale', 'success', 'neutral', 'skipped']
  return {
    status: 'completed',
    conclusion: order.find((each) => newest.some((run) => run.conclusion === each)) ?? 'neutral',
  }
}

export function checkRunPayload(world: World, run: CheckRun): Json {
  const { suite } = run
  const url = `${apiUrl(world, suite.repo)}/check-runs/${run.id}`
  return {
    id: run.id,
    name: run.name,
    node_id: run.nodeId,
    head_sha: suite.sha,
    external_id: run.externalId,
    url,
    html_url: runUrl(world, run),
    details_url: detailsUrl(world, run),
    status: run.status,
    conclusion: run.conclusion,
    started_at: isoOrNull(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: suite.id },
    app: appPayload(world, suite.app),
    pull_requests: pullReferences(world, suite),
  }
}

/** The page of a check run. */
export const runUrl = (world: World, { id, suite }: CheckRun): string => `${htmlUrl(world, suite.repo)}/runs/${id}`

/** Where its details are: where its App says, the job of a workflow, or its own page. */
export const detailsUrl = (world: World, run: CheckRun): string =>
  run.detailsUrl ?? jobUrl(world, run) ?? runUrl(world, run)

/** The page of a job of a workflow run; the job has the number of its check run. */
const jobUrl = (world: World, { id, runId, suite }: CheckRun): string | null =>
  runId !== null && suite.app.slug === GITHUB_ACTIONS
    ? `${htmlUrl(world, suite.repo)}/actions/runs/${runId}/job/${id}`
    : null

/** A check run in its webhook: with more of its suite. */
export function checkRunWebhookPayload(world: World, run: CheckRun): Json {
  const { suite } = run
  const {
    latest_check_runs_count: _count,
    check_runs_url: _url,
    head_commit: _commit,
    ...inside
  } = checkSuitePayload(world, suite)
  const state = suiteState(suite)
  return {
    ...checkRunPayload(world, run),
    check_suite: { ...inside, status: state.status, conclusion: state.conclusion },
  }
}

export function checkSuitePayload(world: World, suite: CheckSuite): Json {
  const url = `${apiUrl(world, suite.repo)}/check-suites/${suite.id}`
  return {
    id: suite.id,
    node_id: suite.nodeId,
    head_branch: suite.branch,
    head_sha: suite.sha,
    ...suiteState(suite),
    url,
    before: null,
    after: suite.sha,
    pull_requests: pullReferences(world, suite),
    app: appPayload(world, suite.app),
    created_at: iso(suite.createdAt),
    updated_at: iso(suite.updatedAt),
    latest_check_runs_count: new Set(suite.runs.map((run) => run.name)).size,
    check_runs_url: `${url}/check-runs`,
    head_commit: headCommitPayload(suite.repo.git.graph.read(suite.sha)),
    repository: repositoryPayload(world, suite.repo),
  }
}

export function statusPayload(world: World, repo: Repo, status: Status): Json {
  return {
    url: `${apiUrl(world, repo)}/statuses/${status.sha}`,
    avatar_url: `${world.url}/avatars/${status.creator.id}`,
    id: status.id,
    node_id: status.nodeId,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    creator: userPayload(world, status.creator),
  }
}

export function statusWebhookPayload(world: World, repo: Repo, status: Status): Json {
  const commit = repo.git.graph.read(status.sha)
  const branches = repo.git.refs('refs/heads/').filter(([, sha]) => sha === status.sha)
  return {
    id: status.id,
    sha: status.sha,
    name: `${repo.owner.login}/${repo.name}`,
    avatar_url: `${world.url}/avatars/${status.creator.id}`,
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: commitPayload(world, repo, commit),
    branches: branches.map(([name, sha]) => ({
      name: name.slice('refs/heads/'.length),
      commit: { sha, url: `${apiUrl(world, repo)}/commits/${sha}` },
      protected: repo.protections.has(name.slice('refs/heads/'.length)),
    })),
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
  }
}

const pullReferences = (world: World, suite: CheckSuite): Json[] =>
  pullsOf(suite.repo)
    .filter((pull) => pull.issue.state === 'open' && pull.head.repo === suite.repo && pull.head.sha === suite.sha)
    .map((pull) => pullReference(world, pull))
