/**
 * Commits, refs and checks as GraphQL shows them, each field computed when it is asked for.
 */
import { type Commit, type Signature, WEB_FLOW } from '../git/commits.ts'
import { entryAt, readTree, TREE_MODE } from '../git/tree.ts'
import { iso, isoOrNull } from '../payloads/actors.ts'
import { detailsUrl, runUrl, suiteState } from '../payloads/checks.ts'
import { commitNode } from '../payloads/commits.ts'
import type { CheckRun, CheckSuite, Repo, Status } from '../state.ts'
import { actorNode } from './actor-nodes.ts'
import { connection, type PageArguments, type Source } from './connection.ts'
import type { Viewer } from './viewer.ts'

export function refNode(viewer: Viewer, repo: Repo, ref: string): Source | null {
  const sha = viewer.ref(repo, ref)
  if (sha === undefined) return null
  const prefix = /^refs\/(heads|tags)\//.exec(ref)?.[0] ?? 'refs/'
  return {
    __typename: 'Ref',
    id: `REF_${Buffer.from(`${repo.id}:${ref}`).toString('base64url')}`,
    name: ref.slice(prefix.length),
    prefix,
    target: () => commitSource(viewer, repo, repo.git.graph.read(sha)),
  }
}

export function commitSource(viewer: Viewer, repo: Repo, commit: Commit): Source {
  const [headline = '', ...rest] = commit.message.split('\n')
  const { graph } = repo.git
  const show = (each: Commit) => commitSource(viewer, repo, each)
  return {
    __typename: 'Commit',
    id: commitNode(repo, commit.sha),
    oid: commit.sha,
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    url: `${viewer.world.url}/${repo.owner.login}/${repo.name}/commit/${commit.sha}`,
    committedDate: iso(commit.committer.at),
    authoredDate: iso(commit.author.at),
    author: () => gitActor(viewer, commit.author),
    committer: () => gitActor(viewer, commit.committer),
    // GitHub signs what it commits itself; nobody else does here.
    signature: () => (commit.committer.email === WEB_FLOW ? { __typename: 'GpgSignature', isValid: true } : null),
    tree: () => treeSource(repo, commit.tree),
    file: ({ path }: { path: string }) => fileSource(repo, commit, path),
    parents: connection<Commit, PageArguments>(() => commit.parents.map((sha) => graph.read(sha)), show),
    history: connection<Commit, PageArguments>(() => graph.log(commit.sha), show),
    statusCheckRollup: () => rollup(viewer, repo, commit),
    status: () => {
      const contexts = newestStatuses(repo, commit.sha)
      if (contexts.length === 0) return null
      return {
        id: `S_${commit.sha}`,
        state: rollupState(contexts.map((each) => each.state.toUpperCase())),
        contexts: contexts.map((each) => statusSource(viewer, each)),
      }
    },
    checkSuites: connection<CheckSuite, PageArguments>(
      () => repo.suites.filter((suite) => suite.sha === commit.sha),
      (suite) => suiteSource(viewer, suite),
    ),
  }
}

export function treeSource(repo: Repo, sha: string): Source {
  const { objects } = repo.git
  return {
    __typename: 'Tree',
    id: `T_${sha}`,
    oid: sha,
    entries: () =>
      readTree(objects, sha).map((entry) => ({
        name: entry.name,
        path: entry.name,
        mode: Number.parseInt(entry.mode, 8),
        type: entry.mode === TREE_MODE ? 'tree' : 'blob',
        oid: entry.sha,
        object: () => (entry.mode === TREE_MODE ? treeSource(repo, entry.sha) : blobSource(repo, entry.sha)),
      })),
  }
}

/** What stands at a path of a commit; null where nothing does. */
function fileSource(repo: Repo, commit: Commit, path: string): Source | null {
  const { objects } = repo.git
  const entry = entryAt(objects, commit.tree, path)
  if (!entry) return null
  const { mode, sha } = entry
  return {
    name: path.split('/').at(-1),
    path,
    mode: Number.parseInt(mode, 8),
    type: mode === TREE_MODE ? 'tree' : 'blob',
    oid: sha,
    object: () => (mode === TREE_MODE ? treeSource(repo, sha) : blobSource(repo, sha)),
  }
}

/** GraphQL shows no more of a text than this. */
const SHOWN_TEXT = 512_000

export function blobSource(repo: Repo, sha: string): Source {
  const data = repo.git.objects.get(sha)?.data ?? Buffer.alloc(0)
  const isBinary = data.includes(0)
  const isTruncated = data.length > SHOWN_TEXT
  const text = isBinary ? null : data.subarray(0, SHOWN_TEXT).toString('utf8')
  return { __typename: 'Blob', id: `B_${sha}`, oid: sha, text, byteSize: data.length, isBinary, isTruncated }
}

const upper = (word: string | null): string | null => word?.toUpperCase() ?? null

export function runSource(viewer: Viewer, run: CheckRun): Source {
  return {
    __typename: 'CheckRun',
    id: run.nodeId,
    databaseId: run.id,
    name: run.name,
    status: upper(run.status),
    conclusion: upper(run.conclusion),
    startedAt: isoOrNull(run.startedAt),
    completedAt: isoOrNull(run.completedAt),
    detailsUrl: detailsUrl(viewer.world, run),
    externalId: run.externalId,
    title: run.output.title,
    summary: run.output.summary,
    text: run.output.text,
    url: runUrl(viewer.world, run),
    checkSuite: () => suiteSource(viewer, run.suite),
  }
}

function suiteSource(viewer: Viewer, suite: CheckSuite): Source {
  const { status, conclusion } = suiteState(suite)
  return {
    __typename: 'CheckSuite',
    id: suite.nodeId,
    databaseId: suite.id,
    status: status.toUpperCase(),
    conclusion: conclusion?.toUpperCase() ?? null,
    createdAt: iso(suite.createdAt),
    updatedAt: iso(suite.updatedAt),
    app: { id: `A_${suite.app.id}`, databaseId: suite.app.id, slug: suite.app.slug, name: suite.app.slug },
    branch: () => (suite.branch === null ? null : refNode(viewer, suite.repo, `refs/heads/${suite.branch}`)),
    commit: () => commitSource(viewer, suite.repo, suite.repo.git.graph.read(suite.sha)),
    checkRuns: connection<CheckRun, PageArguments>(
      () => suite.runs,
      (run) => runSource(viewer, run),
    ),
  }
}

function statusSource(viewer: Viewer, status: Status): Source {
  return {
    __typename: 'StatusContext',
    id: status.nodeId,
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    targetUrl: status.targetUrl,
    createdAt: iso(status.createdAt),
    creator: () => actorNode(viewer.world, status.creator),
  }
}

function rollup(viewer: Viewer, repo: Repo, commit: Commit): Source | null {
  viewer.need('checks', 'read')
  const runs = newestRuns(viewer, repo, commit.sha)
  const statuses = newestStatuses(repo, commit.sha)
  if (runs.length + statuses.length === 0) return null
  const states = [
    ...runs.map((run) => (run.status === 'completed' ? (run.conclusion ?? '').toUpperCase() : 'PENDING')),
    ...statuses.map((status) => status.state.toUpperCase()),
  ]
  return {
    id: `SCR_${commit.sha}`,
    state: rollupState(states),
    commit: () => commitSource(viewer, repo, commit),
    contexts: connection<CheckRun | Status, PageArguments>(
      () => [...runs, ...statuses],
      (each) => ('suite' in each ? runSource(viewer, each) : statusSource(viewer, each)),
    ),
  }
}

/** Of each name in each suite the newest run. */
function newestRuns(viewer: Viewer, repo: Repo, sha: string): CheckRun[] {
  const shown = repo.suites.filter((suite) => suite.sha === sha).flatMap((suite) => suite.runs)
  const visible = shown.filter((run) => run.visibleAt <= viewer.world.now())
  return [...new Map(visible.map((run) => [`${run.suite.id} ${run.name}`, run])).values()]
}

function newestStatuses(repo: Repo, sha: string): Status[] {
  const all = repo.statuses.filter((status) => status.sha === sha)
  return [...new Map(all.map((status) => [status.context, status])).values()]
}

function rollupState(states: readonly string[]): string {
  const has = (...words: string[]) => states.some((state) => words.includes(state))
  if (has('FAILURE', 'CANCELLED', 'TIMED_OUT', 'ACTION_REQUIRED', 'STALE', 'STARTUP_FAILURE')) return 'FAILURE'
  if (has('ERROR')) return 'ERROR'
  return has('PENDING') ? 'PENDING' : 'SUCCESS'
}

function gitActor(viewer: Viewer, signature: Signature): Source {
  const login = /^(?:\d+\+)?(.*)@users\.noreply\.github\.com$/.exec(signature.email)?.[1]
  const user = login === undefined ? undefined : viewer.world.users.get(login.toLowerCase())
  return {
    name: signature.name,
    email: signature.email,
    date: iso(signature.at),
    user: user?.type === 'User' ? actorNode(viewer.world, user) : null,
  }
}
