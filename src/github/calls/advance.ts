/**
 * Compare-and-swap of refs. The one call that moves a target does it together with the deletion of the published ref, all or
 * nothing; it does not say whether the target moved, only reading it does (landing.md, 7). Another deletes a head branch.
 */

import type { Fence } from '../../core/fence.ts'
import { ZERO_SHA } from '../../core/ids.ts'
import { done, failed, mapAnswer } from '../answer.ts'
import type { Send } from '../call.ts'
import { updateRefsDocument } from '../documents.ts'
import { GraphqlRefusal } from '../failure.ts'
import { mutateGraph } from '../graphql.ts'
import type { Answer, RepositoryPort } from '../port.ts'
import type { Access, NodeId } from './access.ts'
import { refCalls, shortRef } from './refs.ts'

type Move = Parameters<RepositoryPort['advanceTarget']>[1]

interface RefUpdate {
  readonly name: string
  readonly beforeOid: string
  readonly afterOid: string
  readonly force: boolean
}

export function advanceCall(access: Access, nodeId: NodeId): Pick<RepositoryPort, 'advanceTarget' | 'deleteBranchAt'> {
  const { octokit, caller, graphqlUrl } = access

  const swap = (repositoryId: string, refUpdates: readonly RefUpdate[]): Send<{ readonly offered: boolean }> => {
    const send = mutateGraph(octokit, graphqlUrl, updateRefsDocument, { input: { repositoryId, refUpdates } })
    return async (how) => {
      try {
        return { ...(await send(how)), data: { offered: true } }
      } catch (error) {
        if (error instanceof GraphqlRefusal && lacksMutation(error))
          return { status: 200, headers: error.headers, data: { offered: false } }
        throw error
      }
    }
  }

  /** Whether GitHub knows the mutation; where it does, all refs were swapped. */
  const update = async (fence: Fence, refUpdates: readonly RefUpdate[]): Promise<Answer<boolean>> => {
    const id = await nodeId.read()
    if (!id.ok) return id
    const answer = await caller.write(fence, 'plain', swap(id.value, refUpdates))
    if (!answer.ok && answer.failure === 'gone') nodeId.forget()
    return mapAnswer(answer, ({ data }) => data.offered)
  }

  return {
    advanceTarget: async (fence, move) => {
      const answer = await update(fence, [
        { name: `refs/heads/${move.target}`, beforeOid: move.from, afterOid: move.to, force: false },
        { name: move.published, beforeOid: move.to, afterOid: ZERO_SHA, force: true },
      ])
      if (!answer.ok) return answer
      return answer.value ? done : advanceByRest(access, fence, move)
    },

    deleteBranchAt: async (fence, branch, sha) => {
      const ref = `refs/heads/${branch}`
      const answer = await update(fence, [{ name: ref, beforeOid: sha, afterOid: ZERO_SHA, force: true }])
      if (!answer.ok) return answer
      return answer.value ? done : deleteByRest(access, fence, ref, sha)
    },
  }
}

/**
 * For a GitHub whose GraphQL has no `updateRefs`: fast-forward only, which is no comparison, and the published ref is read
 * a moment before instead of in the same call.
 */
async function advanceByRest(access: Access, fence: Fence, { target, to, published }: Move): Promise<Answer<void>> {
  const { octokit, caller, at } = access
  const refs = refCalls(access)
  const standing = await refs.readRef(published)
  if (!standing.ok) return standing
  if (standing.value !== to)
    return failed({ failure: 'moved', message: `${published} no longer stands at ${to}: the build was withdrawn` })
  const moved = await caller.write(fence, 'plain', (how) =>
    octokit.rest.git.updateRef({ ...at, ref: shortRef(`refs/heads/${target}`), sha: to, force: false, ...how }),
  )
  if (!moved.ok) return moved
  const deleted = await refs.deleteRef(fence, published)
  return deleted.ok
    ? done
    : failed({ failure: 'unclear', message: `the target was moved; ${published} was not deleted: ${deleted.message}` })
}

async function deleteByRest(access: Access, fence: Fence, ref: string, sha: string): Promise<Answer<void>> {
  const refs = refCalls(access)
  const standing = await refs.readRef(ref)
  if (!standing.ok) return standing
  if (standing.value === sha) return refs.deleteRef(fence, ref)
  return failed({
    failure: 'moved',
    message: `${ref} ${standing.value === null ? 'is gone' : `stands at ${standing.value}`}`,
  })
}

const lacksMutation = ({ errors }: GraphqlRefusal): boolean =>
  errors.some(({ message }) =>
    /'updateRefs' doesn't exist|UpdateRefsInput isn't a defined input type|cannot query field "updateRefs"|unknown type "UpdateRefsInput"/i.test(
      message,
    ),
  )
