/**
 * Refs: read, list, make, delete. Moving a target is not here; `advance.ts` alone does that. Names are fully qualified,
 * as git writes them.
 */
import { z } from 'zod'
import { done, failed, mapAnswer, ok } from '../answer.ts'
import { readTargetDocument } from '../documents.ts'
import { unanswered } from '../failure.ts'
import { queryGraph } from '../graphql.ts'
import type { RepositoryPort } from '../port.ts'
import { type Access, readPages } from './access.ts'

type RefCalls = Pick<RepositoryPort, 'readRef' | 'readTarget' | 'listRefs' | 'createRef' | 'deleteRef'>

const targetAnswer = z.object({
  repository: z.object({
    ref: z.object({ target: z.object({ oid: z.string() }) }).nullable(),
    object: z.object({ tree: z.object({ oid: z.string() }) }).nullable(),
  }),
})

/** REST names a ref without its `refs/`. */
export const shortRef = (ref: string): string => ref.replace(/^refs\//, '')

export function refCalls(access: Access): RefCalls {
  const { octokit, caller, at, graphqlUrl } = access

  const listRefs: RefCalls['listRefs'] = async (prefix) => {
    const answer = await readPages(
      access,
      (how) => octokit.rest.git.listMatchingRefs({ ...at, ref: shortRef(prefix), ...how }),
      (refs) => refs,
    )
    return mapAnswer(answer, (refs) => refs.map(({ ref, object }) => ({ ref, sha: object.sha })))
  }

  return {
    listRefs,

    readRef: async (ref) => {
      const answer = await caller.read((how) => octokit.rest.git.getRef({ ...at, ref: shortRef(ref), ...how }))
      if (answer.ok) return ok(answer.value.data.object.sha)
      if (answer.failure !== 'gone') return answer
      // A 404 is also what a hidden repository says; the list of matching refs is empty only where we may look.
      return mapAnswer(await listRefs(ref), (refs) => refs.find((found) => found.ref === ref)?.sha ?? null)
    },

    readTarget: async (branch, commit) => {
      const variables = { owner: at.owner, name: at.repo, ref: `refs/heads/${branch}`, commit }
      const answer = await caller.read(queryGraph(octokit, graphqlUrl, readTargetDocument, variables))
      if (!answer.ok) return answer
      const { data, errors } = answer.value.data
      const told = targetAnswer.safeParse(data)
      if (errors.length > 0 || !told.success)
        return failed(unanswered('read', errors[0]?.message ?? 'GraphQL did not tell where the target stands'))
      const { ref, object } = told.data.repository
      return ok({ tip: ref?.target.oid ?? null, tree: object?.tree.oid ?? null })
    },

    createRef: async (fence, ref, sha) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.git.createRef({ ...at, ref, sha, ...how }),
      )
      return answer.ok ? done : answer
    },

    deleteRef: async (fence, ref) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.git.deleteRef({ ...at, ref: shortRef(ref), ...how }),
      )
      if (answer.ok) return done
      return answer.failure === 'gone' && /reference does not exist/i.test(answer.message) ? done : failed(answer)
    },
  }
}
