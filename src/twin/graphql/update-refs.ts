/**
 * The mutation `updateRefs`: compare-and-swap of several refs, all or none. Its errors come under HTTP 200, and its
 * answer carries no refs (https://docs.github.com/en/graphql/reference/mutations#updaterefs).
 */
import { moveRefs, RefRefused } from '../acts/refs.ts'
import { Problem } from '../problem.ts'
import type { Repo } from '../state.ts'
import type { Source } from './connection.ts'
import { unresolved } from './repository-node.ts'
import type { Viewer } from './viewer.ts'

export interface UpdateRefsInput {
  readonly clientMutationId?: string | null
  readonly repositoryId: string
  readonly refUpdates: readonly {
    readonly name: string
    readonly beforeOid?: string | null
    readonly afterOid: string
    readonly force?: boolean | null
  }[]
}

/** Moves the refs; tells through `moved` how many. */
export function updateRefs(viewer: Viewer, input: UpdateRefsInput, moved: (refs: number) => void): Source {
  const repo = [...viewer.world.repos.values()].find((each) => each.nodeId === input.repositoryId)
  if (!repo || !viewer.sees(repo)) throw unresolved(`a node with the global id of '${input.repositoryId}'`)
  viewer.need('contents', 'write')
  if (!viewer.owns(repo)) throw new Problem(200, 'Resource not accessible by integration', { graphqlType: 'FORBIDDEN' })
  const names = input.refUpdates.map((update) => update.name)
  if (new Set(names).size < names.length)
    throw new Problem(200, 'A ref may only be updated once in a single request', { graphqlType: 'UNPROCESSABLE' })
  const moves = input.refUpdates.map((update) => ({
    ref: update.name,
    ...(update.beforeOid ? { before: update.beforeOid } : {}),
    after: update.afterOid,
    force: update.force ?? false,
  }))
  try {
    moveRefs(viewer.world, repo, viewer.act, moves)
  } catch (error) {
    throw error instanceof RefRefused ? refused(repo, input, error) : error
  }
  moved(moves.length)
  return { clientMutationId: input.clientMutationId ?? null }
}

function refused(repo: Repo, input: UpdateRefsInput, error: RefRefused): Problem {
  const { ref, why } = error
  const at = repo.git.ref(ref)
  const wanted = input.refUpdates.find((update) => update.name === ref)?.beforeOid
  const compared = why === 'moved' || why === 'missing' || why === 'exists'
  const message = compared
    ? `A problem occurred when updating refs: cannot lock ref '${ref}': ${at ? `is at ${at} but expected ${wanted}` : 'reference does not exist'}`
    : `A problem occurred when updating refs: ${error.message}`
  return new Problem(200, message, { graphqlType: why === 'workflow' ? 'FORBIDDEN' : 'UNPROCESSABLE' })
}
