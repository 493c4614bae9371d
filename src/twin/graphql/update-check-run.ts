/**
 * The mutation `updateCheckRun`: one check run of the App, by its node. A document may hold several of it, each under an alias;
 * one that is refused leaves the others done (https://docs.github.com/en/graphql/reference/mutations#updatecheckrun).
 */
import { checkedActions, updateRun } from '../acts/checks.ts'
import { Problem } from '../problem.ts'
import type { CheckConclusion, CheckStatus } from '../state.ts'
import { runSource } from './commit-nodes.ts'
import type { Source } from './connection.ts'
import { unresolved } from './repository-node.ts'
import type { Viewer } from './viewer.ts'

export interface UpdateCheckRunInput {
  readonly clientMutationId?: string | null
  readonly repositoryId: string
  readonly checkRunId: string
  readonly name?: string | null
  readonly externalId?: string | null
  readonly status?: Uppercase<CheckStatus> | null
  readonly conclusion?: Uppercase<CheckConclusion> | null
  readonly detailsUrl?: string | null
  readonly output?: { readonly title: string; readonly summary: string; readonly text?: string | null } | null
  readonly actions?: readonly Readonly<Record<string, unknown>>[] | null
}

export function updateCheckRun(viewer: Viewer, input: UpdateCheckRunInput): Source {
  const { world } = viewer
  const repo = [...world.repos.values()].find((each) => each.nodeId === input.repositoryId)
  if (!repo || !viewer.sees(repo)) throw unresolved(`a node with the global id of '${input.repositoryId}'`)
  viewer.need('checks', 'write')
  const run = [...repo.runs.values()].find((each) => each.nodeId === input.checkRunId)
  if (!run) throw unresolved(`a node with the global id of '${input.checkRunId}'`)
  if (!viewer.owns(repo) || run.suite.app.id !== world.app.id)
    throw new Problem(200, 'Resource not accessible by integration', { graphqlType: 'FORBIDDEN' })
  const { name, externalId, status, conclusion, detailsUrl, output, actions } = input
  updateRun(world, run, viewer.act, {
    ...(name ? { name } : {}),
    ...(externalId ? { externalId } : {}),
    ...(status ? { status: lower(status) } : {}),
    ...(conclusion ? { conclusion: lower(conclusion) } : {}),
    ...(detailsUrl ? { detailsUrl } : {}),
    ...(output ? { output: { title: output.title, summary: output.summary, text: output.text ?? null } } : {}),
    ...(actions ? { actions: checkedActions(actions) } : {}),
  })
  return { clientMutationId: input.clientMutationId ?? null, checkRun: runSource(viewer, run) }
}

const lower = <T extends string>(value: T): Lowercase<T> => value.toLowerCase() as Lowercase<T>
