/**
 * Checks: those of others as facts, our own check run as a thing that is written. Which checks count is not known here.
 */

import type { NewEvent } from '../../core/events.ts'
import { iso } from '../../core/ids.ts'
import { CHECK_RUNS_AT_ONCE } from '../../core/queue/steps.ts'
import { done, failed, mapAnswer, ok } from '../answer.ts'
import type { CheckRunContent } from '../check-run.ts'
import { checkRunAlias, updateCheckRunsDocument } from '../documents.ts'
import { checkRunFact, newestChecks, statusFact } from '../facts/check-facts.ts'
import { GraphqlRefusal, toFailure } from '../failure.ts'
import { mutateEach } from '../graphql.ts'
import type { Answer, RepositoryPort } from '../port.ts'
import { type Access, type NodeId, readPages } from './access.ts'

type Failed = ReturnType<typeof failed>

type CheckCalls = Pick<
  RepositoryPort,
  'observeChecks' | 'listCheckRuns' | 'createCheckRun' | 'updateCheckRun' | 'updateCheckRuns' | 'rerunFailedJobs'
>

export function checkCalls(access: Access, nodeId: NodeId): CheckCalls {
  const { octokit, caller, at, graphqlUrl } = access
  return {
    observeChecks: async (sha) => {
      const us = await access.identity()
      if (!us.ok) return us
      // `latest` would let a suite of another branch hide ours on the same commit.
      const runs = await readPages(
        access,
        (how) => octokit.rest.checks.listForRef({ ...at, ref: sha, filter: 'all', per_page: 100, ...how }),
        (data) => data.check_runs,
      )
      if (!runs.ok) return runs
      // After the runs, so that the suite of each is among them.
      const suites = await readPages(
        access,
        (how) => octokit.rest.checks.listSuitesForRef({ ...at, ref: sha, per_page: 100, ...how }),
        (data) => data.check_suites,
      )
      if (!suites.ok) return suites
      const statuses = await readStatuses(access, sha)
      if (!statuses.ok) return statuses
      // The suite's own words for its branch, as webhooks have them: they outlive the branch, GraphQL's do not.
      const branches = new Map(suites.value.map((suite) => [suite.id, suite.head_branch]))
      const read = iso(access.now())
      const facts = runs.value
        .filter((run) => run.app?.id !== us.value.id)
        .map((run) => checkRunFact(sha, run, branches.get(run.check_suite?.id ?? 0) ?? null, read))
      return ok([...newestChecks(facts), ...statuses.value])
    },

    listCheckRuns: async (sha, name) => {
      const answer = await readPages(
        access,
        (how) =>
          octokit.rest.checks.listForRef({ ...at, ref: sha, check_name: name, filter: 'all', per_page: 100, ...how }),
        (data) => data.check_runs,
      )
      return mapAnswer(answer, (runs) =>
        runs.map(({ id, external_id, app }) => ({ id, external_id: external_id ?? '', app_id: app?.id ?? null })),
      )
    },

    createCheckRun: async (fence, content) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.checks.create({ ...at, head_sha: content.sha, ...bodyOf(content), ...how }),
      )
      return mapAnswer(answer, ({ data }) => ({ id: data.id, node: data.node_id }))
    },

    updateCheckRun: async (fence, id, content) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.checks.update({ ...at, check_run_id: id, ...bodyOf(content), ...how }),
      )
      return mapAnswer(answer, ({ data }) => ({ id: data.id, node: data.node_id }))
    },

    updateCheckRuns: async (fence, edits) => {
      if (edits.length > CHECK_RUNS_AT_ONCE)
        throw new RangeError(`${edits.length} check runs were given at once; ${CHECK_RUNS_AT_ONCE} is the most`)
      const repository = await nodeId.read()
      if (!repository.ok) return repository
      const inputs = edits.map(({ node, content }, index): [string, object] => [
        checkRunAlias(index),
        { repositoryId: repository.value, checkRunId: node, ...inputOf(content) },
      ])
      const document = updateCheckRunsDocument(edits.length)
      const answer = await caller.write(
        fence,
        'plain',
        mutateEach(octokit, graphqlUrl, document, Object.fromEntries(inputs)),
      )
      if (!answer.ok && answer.failure === 'gone') nodeId.forget()
      if (!answer.ok) return answer
      const { headers, data } = answer.value
      const answers = inputs.map(([alias]): Answer<void> => {
        if (data.data[alias]) return done
        const errors = data.errors.filter(({ path }) => path?.[0] === alias)
        const told = errors.length > 0 ? errors : [{ message: 'GraphQL told nothing of a check run' }]
        return failed(toFailure(new GraphqlRefusal(told, headers), 'write', access.now()))
      })
      if (answers.some((one) => !one.ok && one.failure === 'gone')) nodeId.forget()
      return ok(answers)
    },

    rerunFailedJobs: async (fence, workflow) => {
      if ((await access.mayWrite('actions')) === 'no')
        return failed({ failure: 'forbidden', message: 'the App lacks the permission actions: write' })
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.actions.reRunWorkflowFailedJobs({ ...at, run_id: workflow, ...how }),
      )
      return answer.ok ? done : notAgain(answer)
    },
  }
}

/** GitHub says 403 for whatever keeps it from running jobs again; its words tell which. */
function notAgain(answer: Failed): Failed {
  if (answer.failure !== 'forbidden') return answer
  const { message } = answer
  if (/already running/i.test(message)) return failed({ failure: 'moved', message })
  return /\bretr(y|ied)\b|\bre-?run\b/i.test(message) ? failed({ failure: 'refused', message }) : answer
}

/** The newest status of each context of a commit. Only REST gives a status the id that webhooks give it. */
export async function readStatuses(
  access: Access,
  sha: string,
): Promise<Answer<readonly NewEvent<'check_reported'>[]>> {
  const { octokit, at } = access
  const statuses = await readPages(
    access,
    (how) => octokit.rest.repos.listCommitStatusesForRef({ ...at, ref: sha, per_page: 100, ...how }),
    (data) => data,
  )
  return mapAnswer(statuses, (all) => newestChecks(all.map((status) => statusFact(sha, status))))
}

/** GitHub takes a given conclusion for "completed", whatever `status` says. */
function bodyOf({ name, external_id, status, conclusion, title, summary, actions, details_url }: CheckRunContent) {
  return {
    name,
    external_id,
    status,
    output: { title, summary },
    actions: [...actions],
    ...(conclusion === null ? {} : { conclusion }),
    ...(details_url === null ? {} : { details_url }),
  }
}

/** The same in GraphQL's words; a completed run has a conclusion. */
function inputOf({ name, external_id, status, conclusion, title, summary, actions, details_url }: CheckRunContent) {
  return {
    name,
    externalId: external_id,
    status: status.toUpperCase(),
    output: { title, summary },
    actions,
    ...(conclusion === null ? {} : { conclusion: conclusion.toUpperCase() }),
    ...(details_url === null ? {} : { detailsUrl: details_url }),
  }
}
