/**
 * Checks: those of others as facts, our own check run as a thing that is written. Which checks count is not known here.
 */

import type { NewEvent } from '../../core/events.ts'
import { iso } from '../../core/ids.ts'
import { done, failed, mapAnswer, ok } from '../answer.ts'
import { checkRunFact, newestChecks, statusFact } from '../facts/check-facts.ts'
import type { Answer, CheckRunContent, RepositoryPort } from '../port.ts'
import { type Access, readPages } from './access.ts'

type Failed = ReturnType<typeof failed>

type CheckCalls = Pick<
  RepositoryPort,
  'observeChecks' | 'listCheckRuns' | 'createCheckRun' | 'updateCheckRun' | 'rerunFailedJobs'
>

export function checkCalls(access: Access): CheckCalls {
  const { octokit, caller, at } = access
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
      return mapAnswer(answer, ({ data }) => data.id)
    },

    updateCheckRun: async (fence, id, content) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.checks.update({ ...at, check_run_id: id, ...bodyOf(content), ...how }),
      )
      return answer.ok ? done : answer
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
