/**
 * Pull requests by themselves, one at a time: what they say, merging or closing one, and who uses its branch. Live looks at many
 * for the queue's judgement are `pulls.ts`'s.
 */
import { done, mapAnswer, ok } from '../answer.ts'
import type { RepositoryPort } from '../port.ts'
import { type Access, readPages } from './access.ts'

type LandedCalls = Pick<RepositoryPort, 'readPull' | 'readBranchUse' | 'mergePull' | 'closePull' | 'retargetPull'>

export function landedPullCalls(access: Access): LandedCalls {
  const { octokit, caller, at } = access

  const openPulls = (filter: { readonly base: string } | { readonly head: string }) =>
    readPages(
      access,
      (how) => octokit.rest.pulls.list({ ...at, state: 'open', per_page: 100, ...filter, ...how }),
      (pulls) => pulls.map(({ number }) => number),
    )

  return {
    readPull: async (pull) =>
      mapAnswer(
        await caller.read((how) => octokit.rest.pulls.get({ ...at, pull_number: pull, ...how })),
        ({ data }) => ({
          number: data.number,
          title: data.title,
          body: data.body,
          author: data.user?.login ?? 'ghost',
          state: data.state === 'open' ? 'open' : 'closed',
          // Before it is merged the field holds a test merge of GitHub's.
          merged:
            data.merged && data.merge_commit_sha
              ? { sha: data.merge_commit_sha, by: data.merged_by?.login ?? null }
              : null,
          sha: data.head.sha,
          head: `${data.head.repo?.owner.login ?? data.user?.login ?? 'ghost'}/${data.head.ref}`,
          base: data.base.ref,
        }),
      ),

    readBranchUse: async (branch) => {
      const into = await openPulls({ base: branch })
      if (!into.ok) return into
      const from = await openPulls({ head: `${at.owner}:${branch}` })
      if (!from.ok) return from
      const settings = await caller.read((how) => octokit.rest.repos.get({ ...at, ...how }))
      if (!settings.ok) return settings
      return ok({
        pulls: [...new Set([...into.value, ...from.value])],
        deleted_by_github: settings.value.data.delete_branch_on_merge ?? false,
      })
    },

    // https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request: it compares the head with `sha`, and the base with nothing.
    mergePull: async (fence, { pull, sha, method, message }) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.pulls.merge({
          ...at,
          pull_number: pull,
          sha,
          merge_method: method,
          ...(message ? { commit_title: message.title, commit_message: message.body } : {}),
          ...how,
        }),
      )
      return answer.ok ? done : answer
    },

    closePull: async (fence, pull) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.pulls.update({ ...at, pull_number: pull, state: 'closed', ...how }),
      )
      return answer.ok ? done : answer
    },

    retargetPull: async (fence, pull, base) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.pulls.update({ ...at, pull_number: pull, base, ...how }),
      )
      return answer.ok ? done : answer
    },
  }
}
