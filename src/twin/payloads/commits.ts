/**
 * How GitHub shows commits: to the Git Data API, to the repository's commit list, and inside webhooks.
 */
import type { Commit, Signature } from '../git/commits.ts'
import type { ObjectStore } from '../git/objects.ts'
import type { FileChange } from '../git/tree.ts'
import type { Repo, User } from '../state.ts'
import type { World } from '../world.ts'
import { apiUrl, htmlUrl, iso, type Json, userPayload } from './actors.ts'

const UNSIGNED: Json = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

const person = (signature: Signature): Json => ({
  name: signature.name,
  email: signature.email,
  date: iso(signature.at),
})

const signer = (world: World, signature: Signature): User | undefined => {
  const login = /^(?:\d+\+)?(.*)@users\.noreply\.github\.com$/.exec(signature.email)?.[1]
  return login === undefined ? undefined : world.users.get(login.toLowerCase())
}

/** `GET /repos/{owner}/{repo}/git/commits/{sha}`. */
export function gitCommitPayload(world: World, repo: Repo, commit: Commit): Json {
  const url = apiUrl(world, repo)
  const html = htmlUrl(world, repo)
  return {
    sha: commit.sha,
    node_id: commitNode(repo, commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: parents(url, html, commit),
    verification: UNSIGNED,
  }
}

/** `GET /repos/{owner}/{repo}/commits/{ref}` without its files; also the answer of `/merges`. */
export function commitPayload(world: World, repo: Repo, commit: Commit): Json {
  const url = apiUrl(world, repo)
  const html = htmlUrl(world, repo)
  const [author, committer] = [signer(world, commit.author), signer(world, commit.committer)]
  return {
    sha: commit.sha,
    node_id: commitNode(repo, commit.sha),
    commit: {
      author: person(commit.author),
      committer: person(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: author ? userPayload(world, author) : null,
    committer: committer ? userPayload(world, committer) : null,
    parents: parents(url, html, commit),
  }
}

/** A commit inside a push webhook. */
export function pushCommitPayload(world: World, repo: Repo, commit: Commit, changes: readonly FileChange[]): Json {
  const of = (status: FileChange['status']) => changes.filter((each) => each.status === status).map((each) => each.path)
  return {
    ...headCommitPayload(commit),
    distinct: true,
    timestamp: iso(commit.committer.at),
    url: `${htmlUrl(world, repo)}/commit/${commit.sha}`,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
    added: of('added'),
    removed: of('removed'),
    modified: of('modified'),
  }
}

/** A commit inside a check suite. */
export function headCommitPayload(commit: Commit): Json {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: iso(commit.committer.at),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  }
}

/** One changed file of a comparison, a commit or a pull request. */
export function filePayload(world: World, repo: Repo, sha: string, change: FileChange, objects: ObjectStore): Json {
  const lines = (blob: string | undefined) => (blob ? (objects.get(blob)?.data.toString('utf8').split('\n') ?? []) : [])
  const [before, after] = [lines(change.before), lines(change.after)]
  const additions = after.filter((line) => !before.includes(line)).length
  const deletions = before.filter((line) => !after.includes(line)).length
  return {
    sha: change.after ?? change.before ?? null,
    filename: change.path,
    status: change.status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${htmlUrl(world, repo)}/blob/${sha}/${change.path}`,
    raw_url: `${htmlUrl(world, repo)}/raw/${sha}/${change.path}`,
    contents_url: `${apiUrl(world, repo)}/contents/${change.path}?ref=${sha}`,
  }
}

export const commitNode = (repo: Repo, sha: string): string =>
  `C_kwDO${Buffer.from(`${repo.id}:${sha}`).toString('base64url')}`

const parents = (url: string, html: string, commit: Commit): Json[] =>
  commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${html}/commit/${sha}` }))
