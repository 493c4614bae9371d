/**
 * Refs: read, list, make, delete. Moving a target is not here; `advance.ts` alone does that. Names are fully qualified,
 * as git writes them.
 */
import { done, failed, mapAnswer, ok } from '../answer.ts'
import type { RepositoryPort } from '../port.ts'
import { type Access, readPages } from './access.ts'

type RefCalls = Pick<RepositoryPort, 'readRef' | 'listRefs' | 'createRef' | 'deleteRef'>

/** REST names a ref without its `refs/`. */
export const shortRef = (ref: string): string => ref.replace(/^refs\//, '')

export function refCalls(access: Access): RefCalls {
  const { octokit, caller, at } = access

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
