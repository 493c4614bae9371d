/**
 * Routes of the Git Data API: refs, commits, trees and blobs. Which ref may move is decided by the acts.
 */

import { signatureOf, web } from '../acts/merge-pull.ts'
import { moveRefs } from '../acts/refs.ts'
import type { Signature } from '../git/commits.ts'
import { readTree, TREE_MODE } from '../git/tree.ts'
import { type Answer, type Call, created, nothing, ok, type Route } from '../http/route.ts'
import { apiUrl, type Json } from '../payloads/actors.ts'
import { gitCommitPayload } from '../payloads/commits.ts'
import { notFound, Problem } from '../problem.ts'
import { type Repo, ZERO } from '../state.ts'

const READ = [['contents', 'read']] as const
const WRITE = [['contents', 'write']] as const
const REPO = '/repos/{owner}/{repo}/git'

export const gitDataRoutes: readonly Route[] = [
  { method: 'GET', template: `${REPO}/ref/{ref}`, needs: READ, answer: getRef },
  { method: 'GET', template: `${REPO}/matching-refs/{ref}`, needs: READ, answer: matchingRefs },
  { method: 'POST', template: `${REPO}/refs`, needs: WRITE, answer: createRef },
  { method: 'PATCH', template: `${REPO}/refs/{ref}`, needs: WRITE, answer: updateRef },
  { method: 'DELETE', template: `${REPO}/refs/{ref}`, needs: WRITE, answer: deleteRef },
  { method: 'GET', template: `${REPO}/commits/{commit_sha}`, needs: READ, answer: getCommit },
  { method: 'POST', template: `${REPO}/commits`, needs: WRITE, answer: createCommit },
  { method: 'GET', template: `${REPO}/trees/{tree_sha}`, needs: READ, answer: getTree },
]

/** A ref as the API reads it: while reads are stale, as it was some seconds ago. */
export function readRef(call: Call, repo: Repo, ref: string): string | undefined {
  const { staleSeconds } = call.halls.faults
  return repo.git.ref(ref, staleSeconds > 0 ? call.world.now() - staleSeconds * 1000 : undefined)
}

function getRef(call: Call): Answer {
  const ref = `refs/${call.param('ref')}`
  const sha = readRef(call, call.repo, ref)
  if (!sha) throw notFound()
  return ok(refPayload(call, ref, sha))
}

function matchingRefs(call: Call): Answer {
  const { repo } = call
  const names = repo.git.refs(`refs/${call.param('ref')}`).map(([name]) => name)
  return call.page(names, (name) => refPayload(call, name, readRef(call, repo, name) ?? ZERO))
}

function createRef(call: Call): Answer {
  const [ref, sha] = [call.text('ref'), call.text('sha')]
  if (!/^refs\/[^/]+\/./.test(ref))
    throw new Problem(422, "Reference name must start with 'refs/' and contain at least two slashes.")
  moveRefs(call.world, call.repo, call.act, [{ ref, before: ZERO, after: sha, force: false }])
  return created(refPayload(call, ref, sha))
}

function updateRef(call: Call): Answer {
  const ref = `refs/${call.param('ref')}`
  const sha = call.text('sha')
  if (!call.repo.git.ref(ref)) throw new Problem(422, 'Reference does not exist')
  moveRefs(call.world, call.repo, call.act, [{ ref, after: sha, force: call.flag('force') }])
  return ok(refPayload(call, ref, sha))
}

function deleteRef(call: Call): Answer {
  moveRefs(call.world, call.repo, call.act, [{ ref: `refs/${call.param('ref')}`, after: ZERO, force: true }])
  return nothing()
}

function refPayload(call: Call, ref: string, sha: string): Json {
  const { world, repo } = call
  return {
    ref,
    node_id: world.nodeId('REF', repo.id) + Buffer.from(ref).toString('base64url'),
    url: `${apiUrl(world, repo)}/git/${encodeURI(ref)}`,
    object: { sha, type: 'commit', url: `${apiUrl(world, repo)}/git/commits/${sha}` },
  }
}

function getCommit(call: Call): Answer {
  const commit = call.repo.git.graph.find(call.param('commit_sha'))
  if (!commit) throw notFound()
  return ok(gitCommitPayload(call.world, call.repo, commit))
}

function createCommit(call: Call): Answer {
  const { repo, world } = call
  const { graph, objects } = repo.git
  const tree = call.text('tree')
  const parents = call.texts('parents') ?? []
  if (objects.get(tree)?.type !== 'tree') throw new Problem(422, 'Tree SHA does not exist')
  if (!parents.every((parent) => graph.find(parent)))
    throw new Problem(422, 'Parent SHA does not exist or is not a commit object')
  const own = signatureOf(world, call.act.by)
  const author = signature(call.record('author'), own)
  // GitHub signs for an App that names nobody.
  const ours = world.isApp(call.act.by) && !call.record('author')
  const committer = signature(call.record('committer'), ours ? web(world) : author)
  const commit = graph.write({ tree, parents, author, committer, message: call.text('message') })
  return created(gitCommitPayload(world, repo, commit))
}

function signature(given: Readonly<Record<string, unknown>> | undefined, otherwise: Signature): Signature {
  if (!given) return otherwise
  const at = typeof given.date === 'string' ? Date.parse(given.date) : otherwise.at
  return { name: String(given.name), email: String(given.email), at }
}

function getTree(call: Call): Answer {
  const { git } = call.repo
  const asked = call.param('tree_sha')
  const commit = git.graph.find(git.ref(`refs/heads/${asked}`) ?? asked)
  const sha = commit?.tree ?? asked
  if (git.objects.get(sha)?.type !== 'tree') throw notFound()
  const recursive = call.query.has('recursive')
  const tree = treeEntries(call, sha, '', recursive)
  return ok({ sha, url: `${apiUrl(call.world, call.repo)}/git/trees/${sha}`, tree, truncated: false })
}

function treeEntries(call: Call, sha: string, prefix: string, recursive: boolean): Json[] {
  const { objects } = call.repo.git
  return readTree(objects, sha).flatMap((entry) => {
    const isTree = entry.mode === TREE_MODE
    const kind = isTree ? 'trees' : 'blobs'
    const shown = {
      path: prefix + entry.name,
      mode: entry.mode.padStart(6, '0'),
      type: isTree ? 'tree' : entry.mode === '160000' ? 'commit' : 'blob',
      sha: entry.sha,
      ...(isTree ? {} : { size: objects.get(entry.sha)?.data.length ?? 0 }),
      url: `${apiUrl(call.world, call.repo)}/git/${kind}/${entry.sha}`,
    }
    return isTree && recursive ? [shown, ...treeEntries(call, entry.sha, `${shown.path}/`, true)] : [shown]
  })
}
