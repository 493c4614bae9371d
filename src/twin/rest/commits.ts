/**
 * Routes of commits as history: one by ref, comparisons, the pull requests that hold one, and `/merges`.
 */
import { mergeBranch } from '../acts/merge-pull.ts'
import type { Commit } from '../git/commits.ts'
import { compareTrees } from '../git/tree.ts'
import { type Answer, type Call, created, nothing, ok, type Route } from '../http/route.ts'
import { apiUrl, htmlUrl } from '../payloads/actors.ts'
import { commitPayload, filePayload } from '../payloads/commits.ts'
import { pullPayload } from '../payloads/pulls.ts'
import { notFound, Problem } from '../problem.ts'
import { pullsOf, type Repo } from '../state.ts'
import { readRef } from './git-data.ts'

const READ = [['contents', 'read']] as const
const REPO = '/repos/{owner}/{repo}'

export const commitRoutes: readonly Route[] = [
  { method: 'POST', template: `${REPO}/merges`, needs: [['contents', 'write']], answer: merge },
  { method: 'GET', template: `${REPO}/compare/{basehead}`, needs: READ, answer: compare },
  {
    method: 'GET',
    template: `${REPO}/commits/{commit_sha}/pulls`,
    needs: [['pull_requests', 'read']],
    answer: pullsOfCommit,
  },
  { method: 'GET', template: `${REPO}/commits/{ref}`, needs: READ, answer: getCommit },
]

/** The commit that a branch, tag, qualified ref or whole sha names; 422 for anything else, as GitHub says. */
export function resolveCommit(call: Call, name: string): Commit {
  const { repo } = call
  const plain = name.replace(/^refs\//, '')
  const refs = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${plain}`]
  const sha = refs.map((ref) => readRef(call, repo, ref)).find((each) => each !== undefined)
  const commit = repo.git.graph.find(sha ?? name)
  if (!commit) throw new Problem(422, `No commit found for SHA: ${name}`)
  return commit
}

function merge(call: Call): Answer {
  const ask = { base: call.text('base'), head: call.text('head'), message: call.optionalText('commit_message') }
  const commit = mergeBranch(call.world, call.repo, call.act, ask)
  return commit ? created({ ...withFiles(call, call.repo, commit) }) : nothing()
}

function getCommit(call: Call): Answer {
  return ok(withFiles(call, call.repo, resolveCommit(call, call.param('ref'))))
}

function withFiles(call: Call, repo: Repo, commit: Commit) {
  const { graph, objects } = repo.git
  const parent = commit.parents[0]
  const changes = compareTrees(objects, parent ? graph.read(parent).tree : undefined, commit.tree)
  const files = changes.map((change) => filePayload(call.world, repo, commit.sha, change, objects))
  const sum = (key: 'additions' | 'deletions' | 'changes') =>
    files.reduce((total, file) => total + Number(file[key]), 0)
  return {
    ...commitPayload(call.world, repo, commit),
    stats: { additions: sum('additions'), deletions: sum('deletions'), total: sum('changes') },
    files,
  }
}

function compare(call: Call): Answer {
  const { repo, world } = call
  const { graph, objects } = repo.git
  const [baseName = '', headName = ''] = call.param('basehead').split('...')
  const side = (name: string): Commit => {
    try {
      return resolveCommit(call, name.includes(':') ? name.slice(name.indexOf(':') + 1) : name)
    } catch {
      throw notFound()
    }
  }
  const [base, head] = [side(baseName), side(headName)]
  const from = graph.mergeBase(base.sha, head.sha)
  if (!from) throw new Problem(404, `No common ancestor between ${baseName} and ${headName}.`)
  const ahead = graph.log(head.sha, base.sha).toReversed()
  const behind = graph.log(base.sha, head.sha).length
  const changes = compareTrees(objects, graph.read(from).tree, head.tree)
  const status = ahead.length === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged'
  const url = `${apiUrl(world, repo)}/compare/${baseName}...${headName}`
  const html = `${htmlUrl(world, repo)}/compare/${baseName}...${headName}`
  const page = call.page(ahead, (commit) => commitPayload(world, repo, commit))
  return {
    ...page,
    body: {
      url,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: commitPayload(world, repo, base),
      merge_base_commit: commitPayload(world, repo, graph.read(from)),
      status,
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits: page.body,
      files: changes.slice(0, 300).map((change) => filePayload(world, repo, head.sha, change, objects)),
    },
  }
}

function pullsOfCommit(call: Call): Answer {
  const { repo, world } = call
  const { graph } = repo.git
  const commit = resolveCommit(call, call.param('commit_sha'))
  const holds = pullsOf(repo).filter((pull) => {
    const from = graph.mergeBase(pull.base.sha, pull.head.sha)
    return pull.mergeCommit === commit.sha || graph.log(pull.head.sha, from).some((each) => each.sha === commit.sha)
  })
  return call.page(holds, (pull) => pullPayload(world, pull))
}
