/**
 * Commits: read, compare, merge, make. Every merge is by sha; whether the result is what was asked for is checked by the
 * caller, not here.
 */
import { failed, mapAnswer, ok } from '../answer.ts'
import type { Commit, RepositoryPort, WrittenCommit } from '../port.ts'
import { type Access, readPages } from './access.ts'

type CommitCalls = Pick<
  RepositoryPort,
  'readCommit' | 'contains' | 'conflictingFiles' | 'commitsBetween' | 'merge' | 'createCommit'
>

/** As many commits as GitHub lists of a pull request. */
const MOST_COMMITS = 250

interface Person {
  readonly name?: string
  readonly email?: string
  readonly date?: string
}

export function commitCalls({ octokit, caller, at }: Access): CommitCalls {
  /** The paths that differ between the merge base of both and `head`: what a three-dot comparison lists, at most 300. */
  const changed = async (base: string, head: string) => {
    const answer = await caller.read((how) =>
      octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead: `${base}...${head}`, ...how }),
    )
    return mapAnswer(answer, ({ data }) =>
      (data.files ?? []).flatMap((file) =>
        file.previous_filename === undefined ? [file.filename] : [file.filename, file.previous_filename],
      ),
    )
  }

  return {
    readCommit: async (sha) =>
      mapAnswer(
        await caller.read((how) => octokit.rest.git.getCommit({ ...at, commit_sha: sha, ...how })),
        ({ data }) => commitOf(data),
      ),

    contains: async (descendant, ancestor) => {
      if (descendant === ancestor) return ok(true)
      const answer = await caller.read((how) =>
        octokit.rest.repos.compareCommitsWithBasehead({
          ...at,
          basehead: `${ancestor}...${descendant}`,
          per_page: 1,
          ...how,
        }),
      )
      if (!answer.ok)
        return answer.failure === 'gone' && /no common ancestor/i.test(answer.message) ? ok(false) : answer
      return ok(answer.value.data.status === 'ahead' || answer.value.data.status === 'identical')
    },

    conflictingFiles: async (base, head) => {
      const ours = await changed(head, base)
      if (!ours.ok) return ours
      const theirs = new Set(ours.value)
      return mapAnswer(await changed(base, head), (files) =>
        [...new Set(files)].filter((file) => theirs.has(file)).sort(),
      )
    },

    commitsBetween: async (base, head) => {
      let total = 0
      const answer = await readPages(
        { octokit, caller },
        (how) =>
          octokit.rest.repos.compareCommitsWithBasehead({
            ...at,
            basehead: `${base}...${head}`,
            per_page: 100,
            ...how,
          }),
        (data) => {
          total = data.total_commits
          return data.commits
        },
        MOST_COMMITS,
      )
      if (!answer.ok) return answer
      const commits = answer.value.map(writtenOf)
      if (total <= MOST_COMMITS && commits.length !== total)
        return failed({ failure: 'unavailable', message: `GitHub gave ${commits.length} of ${total} commits` })
      return ok({ total, commits })
    },

    merge: async (fence, branch, head, message) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.repos.merge({ ...at, base: branch, head, commit_message: message, ...how }),
      )
      return mapAnswer(answer, ({ status, data }) => {
        if (status === 204) return null
        return commitOf({ sha: data.sha, parents: data.parents, ...data.commit })
      })
    },

    createCommit: async (fence, { tree, parents, message, author }) => {
      const answer = await caller.write(fence, 'plain', (how) =>
        octokit.rest.git.createCommit({
          ...at,
          tree,
          parents: [...parents],
          message,
          ...(author ? { author } : {}),
          ...how,
        }),
      )
      return mapAnswer(answer, ({ data }) => commitOf(data))
    },
  }
}

function commitOf(data: {
  readonly sha: string
  readonly tree: { readonly sha: string }
  readonly parents: readonly { readonly sha: string }[]
  readonly message: string
  readonly author: Person | null
}): Commit {
  return {
    sha: data.sha,
    tree: data.tree.sha,
    parents: data.parents.map((parent) => parent.sha),
    message: data.message,
    author: { name: data.author?.name ?? '', email: data.author?.email ?? '', date: data.author?.date ?? '' },
  }
}

function writtenOf(data: {
  readonly sha: string
  readonly parents: readonly { readonly sha: string }[]
  readonly commit: { readonly tree: { readonly sha: string }; readonly message: string; readonly author: Person | null }
  readonly author: { readonly login?: string; readonly type?: string } | null
}): WrittenCommit {
  const { sha, parents, commit, author } = data
  return {
    ...commitOf({ sha, parents, ...commit }),
    login: author?.login ?? null,
    bot: author?.type === 'Bot',
  }
}
